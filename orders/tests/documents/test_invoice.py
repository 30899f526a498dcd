"""Invoices and receipts as PDFs: what they say, in every script and currency, and that names cannot break them."""

import logging
from decimal import Decimal

import pytest

from orders.documents.invoice import InvoicePaper, Rate, invoice_pdf
from orders.documents.papers import OrderLine
from orders.documents.receipt import Movement, ReceiptPaper, receipt_pdf
from orders.tests.documents.papers import count_pages, words_of

pytestmark = pytest.mark.once


def invoice(**changes) -> InvoicePaper:
    facts = {
        "title": "Invoice 007-00042",
        "number": "007-00042",
        "issued_on": "2 April 2026",
        "about": "Harbour Code Days",
        "order": "A7K2Q9XM",
        "seller": ("Harbour Code e. V.", "Tax ID PT501964843"),
        "buyer": ("Bob Byrne", "Dublin"),
        "lines": (OrderLine(name="Three days", quantity=2, amount=Decimal("178.00")),),
        "sums": (("Discount EARLY", Decimal("-17.80")),),
        "rates": (Rate("VAT 19%", Decimal("134.62"), Decimal("25.58"), Decimal("160.20")),),
        "total": Decimal("160.20"),
        "currency": "EUR",
        "state": "Paid",
        "state_kind": "ok",
    }
    return InvoicePaper(**{**facts, **changes})


def receipt(**changes) -> ReceiptPaper:
    facts = {
        "about": "Harbour Code Days",
        "order": "A7K2Q9XM",
        "seller": ("Harbour Code e. V.",),
        "buyer": ("Bob Byrne",),
        "movements": (
            Movement("2 April 2026", "Paid · Stripe, Visa 4242", "pi_1", Decimal(20)),
            Movement("3 April 2026", "Given back · Stripe", "re_1", Decimal(-5)),
        ),
        "total": Decimal(15),
        "owed": Decimal(0),
        "currency": "EUR",
    }
    return ReceiptPaper(**{**facts, **changes})


def test_an_invoice_says_who_asks_whom_for_what_and_which_tax_is_in_it():
    words = words_of(invoice_pdf(invoice()))
    for said in (
        *("Invoice 007-00042", "2 April 2026", "A7K2Q9XM", "Tax ID PT501964843", "Bob Byrne", "Paid"),
        *("−€17.80", "VAT 19%", "€134.62", "€25.58", "€160.20"),
    ):
        assert said in words


def test_a_credit_note_says_what_it_corrects_with_amounts_below_zero():
    words = words_of(invoice_pdf(invoice(title="Credit note 007-00043", corrects="Invoice 007-00042 of 2 April 2026")))
    assert all(said in words for said in ("Credit note 007-00043", "Corrects", "Invoice 007-00042 of 2 April 2026"))


def test_where_nothing_is_taxed_there_is_no_table_of_rates():
    untaxed = Rate("", Decimal("160.20"), Decimal(0), Decimal("160.20"))
    assert "Gross" not in words_of(invoice_pdf(invoice(rates=(untaxed,))))


def test_a_receipt_says_what_came_and_went_and_what_is_left():
    words = words_of(receipt_pdf(receipt(owed=Decimal(2))))
    for said in ("Visa 4242", "pi_1", "€20.00", "−€5.00", "€15.00", "Of this, €2.00 is on its way back to you."):
        assert said in words


@pytest.mark.parametrize(("currency", "said"), [("JPY", "¥17,800"), ("KWD", "17,800.000 KWD")])
def test_amounts_have_the_digits_of_their_currency(currency, said):
    for pdf in (
        invoice_pdf(invoice(total=Decimal(17800), currency=currency)),
        receipt_pdf(receipt(total=Decimal(17800), currency=currency)),
    ):
        assert said in words_of(pdf)


@pytest.mark.parametrize("name", ["Александр Неизвестный", "王小明", "山田 さくら", "김민준", "Zoë Šťastná"])
def test_a_name_is_printed_in_its_own_script(name, caplog):
    with caplog.at_level(logging.WARNING):
        words = [words_of(pdf) for pdf in (invoice_pdf(invoice(buyer=(name,))), receipt_pdf(receipt(buyer=(name,))))]
    assert caplog.messages == []  # the library warns of each letter that no typeface has
    assert all(part in said for said in words for part in name.split())


@pytest.mark.parametrize("words", ["W" * 300, "Very long words " * 30, "开源软件峰会" * 60, "<" * 300])
def test_long_names_stay_on_one_page(words):
    assert count_pages(invoice_pdf(invoice(buyer=(words,) * 2, seller=(words,) * 2))) == 1
    assert count_pages(receipt_pdf(receipt(buyer=(words,) * 2))) == 1


@pytest.mark.parametrize("words", ["<script>1</script>", "{{ 7|add:7 }}", "<pdf:nextpage />", "</td></table>"])
def test_markup_in_words_of_others_is_printed_as_it_is(words):
    line = OrderLine(name=words, quantity=1, amount=Decimal(1))
    pdf = invoice_pdf(invoice(buyer=(words,), lines=(line,), instructions=words, footer=words, corrects=words))
    assert (count_pages(pdf), "".join(words_of(pdf).split()).count(words.replace(" ", ""))) == (1, 5)
