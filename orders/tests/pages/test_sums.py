"""What stands above a total sums to it, on the page, the summary and in the mail."""

from decimal import Decimal

import pytest

from events.tests.factories import make_event
from orders.models import Ticket, TicketFee
from orders.pages.sums import sum_of_order
from orders.services.checkout import create_order, fill_in, finish_order
from orders.services.codes import find_discount
from orders.services.papers import order_paper
from orders.tests.factories import cart_of, make_discount, make_donation, make_tax, make_ticket

pytestmark = pytest.mark.django_db
PRICES = {"EUR": "19.99", "JPY": "1999", "KWD": "19.995"}


@pytest.fixture
def gala(ada, request):
    """Taxed at 19 %, included or added, with a fee of 2.5 % at most 1: in euros, yen or dinars."""
    currency, included = request.param
    event = make_event(owner=ada, payment_currency=currency)
    TicketFee.objects.create(currency=currency, service_fee=Decimal("2.5"), maximum_fee=Decimal(1))
    if included is not None:
        make_tax(event, included=included)
    return event


everywhere = pytest.mark.parametrize(
    "gala", [(currency, included) for currency in PRICES for included in (True, False, None)], indirect=True
)


def check(order):
    shown, paper = sum_of_order(order), order_paper(order)
    added = 0 if shown["tax_is_included"] else shown["tax"]
    extra = shown["surcharge"] - shown["discount"] + shown["fee"] + added
    assert sum(amount for *_, amount in shown["lines"]) + extra == shown["total"] == order.amount
    above = [line.amount for line in paper.lines]
    above += [amount for words, amount in paper.sums if not words.startswith("including")]
    assert sum(above) == paper.total == order.amount
    return shown


@everywhere
@pytest.mark.parametrize("is_fee_absorbed", [True, False])
def test_a_cart_of_everything_sums_to_its_total(gala, bob, is_fee_absorbed):
    regular = make_ticket(gala, price=PRICES[gala.currency], is_fee_absorbed=is_fee_absorbed)
    make_discount(gala, regular, percent=15)
    cart = cart_of((regular, 3), make_ticket(gala), by=bob, discount=find_discount("HARBOUR", gala))
    shown = check(create_order(cart, by=bob))
    assert (shown["discount"] > 0, bool(shown["fee"])) == (True, not is_fee_absorbed)


@everywhere
@pytest.mark.parametrize(("asked", "what"), [("10", "discount"), ("9000", "surcharge")])
def test_an_amount_that_the_team_names_is_a_discount_or_a_surcharge(gala, ada, asked, what):
    regular = make_ticket(gala, price=PRICES[gala.currency])
    order = create_order(cart_of((regular, 3), make_ticket(gala), by=ada), by=ada, amount=Decimal(asked))
    shown = check(order)
    assert [name for name in ("discount", "surcharge") if shown[name]] == [what]


def test_the_summary_and_the_page_name_a_surcharge(sign_in, ada, paid_ticket):
    order = create_order(cart_of(paid_ticket, by=ada), by=ada, amount=Decimal(50))
    finish_order(fill_in(order, by=ada), by=ada, mode="bank")
    page = sign_in(ada).open(f"/orders/{order.identifier}").page
    assert "1 × Standard €20.00 Surcharge €30.00 Total €50.00" in page
    assert ("Surcharge", Decimal(30)) in order_paper(order).sums


def test_what_is_wrong_with_one_ticket_leaves_the_sum_of_the_others(guest, event, paid_ticket):
    gift = make_donation(event, least=5, most=50, name="Gift")
    guest.choose((paid_ticket, 2), (gift, 1), **{f"price-{gift.pk}": "51"})
    assert "At most 50 for “Gift”." in guest.page and "Total €40.00" in guest.page
    assert "Pay what you like, from €5.00 up to €50.00" in guest.page


def test_amounts_show_in_the_digits_of_their_currency(guest, event):
    event.payment_currency = "KWD"
    event.save()
    make_donation(event, least=5, name="Gift")
    make_ticket(event, price="1.005", name="Standard")
    page = guest.open(f"/e/{event.identifier}").page
    assert "from 5.000 KWD" in page and "1.005 KWD" in page
    assert 'placeholder="5.000"' in guest.answer.content.decode()
    assert "from 1.005 KWD" in guest.open("/").page
    Ticket.objects.filter(name="Standard").update(price=15)
    assert "from 5 KWD" in guest.open("/").page
