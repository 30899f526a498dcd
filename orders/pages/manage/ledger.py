"""The money of an event: every amount that moved, where it is now, and what is still to be given back."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from events.pages.manage.access import manages
from openevent.core.money import ZERO
from orders.badges import badge_of_refund
from orders.models import LedgerLine, Refund
from orders.models.payment import FAILED, OWED
from orders.payments import name_of
from orders.services.find_ledger import IN, OUT, Filters, balances_of
from orders.services.ledger import what_of
from orders.services.payouts import HAND, OWN, SITE, holder_of, payouts_of

PAGE_SIZE = 50
MOST_OWED = 20  # refunds that are named; the others are counted
WAYS = [("", "In and out"), (IN, "Came in"), (OUT, "Went back")]


@require_safe
@manages("team")
def ledger_page(request, event):
    filters = Filters.of(request.GET)
    rows, all_rows = filters.rows(event), LedgerLine.objects.filter(event=event)
    page = Paginator(rows.select_related("order", "refund").order_by("-pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    for line in page:
        line.way, line.what = name_of(line.provider), what_of(line)
    balances = balances_of(rows)
    query = filters.query()
    context = {
        "event": event,
        "filters": filters,
        "narrows": bool(query),
        "page": page,
        "query": f"{query}&" if query else "",
        "balances": [(balance, name_of(balance.provider), where_is(balance)) for balance in balances],
        "totals": totals_of(balances),
        "owed": owed_at(event),
        "payouts": [] if query else payouts_of(event),
        "providers": [(name, name_of(name)) for name in distinct(all_rows, "provider")],
        "currencies": distinct(all_rows, "currency"),
        "ways": WAYS,
        "export": f"{reverse('manage-export', args=[event.identifier, 'ledger'])}?{urlencode({'query': query})}",
    }
    return render(request, "manage/ledger.html", context)


def distinct(rows, column):
    return sorted(rows.order_by().values_list(column, flat=True).distinct())


def where_is(balance):
    """Who has this money."""
    return {
        HAND: "With you: you took it by hand",
        OWN: f"In your own account {balance.account} with {name_of(balance.provider)}, which pays it out to you",
        SITE: "In this site’s account: its operator pays it out to you",
    }[holder_of(balance)]


def totals_of(balances):
    """[(currency, came in, went back, left)], for a currency is added to no other."""
    currencies = sorted({balance.currency for balance in balances})
    return [
        (
            currency,
            *(
                sum((getattr(one, name) for one in balances if one.currency == currency), ZERO)
                for name in ("came", "back", "left")
            ),
        )
        for currency in currencies
    ]


def owed_at(event):
    """What is still to be given back: first what nobody gives unless somebody acts."""
    open_ones = Refund.objects.filter(order__event=event).filter(state__in=OWED).select_related("order", "payment")
    refunds = sorted(open_ones, key=lambda refund: (refund.state != FAILED, not refund.is_by_hand, refund.pk))
    for refund in refunds[:MOST_OWED]:
        refund.badge, refund.way = badge_of_refund(refund), name_of(refund.provider)
    return {"refunds": refunds[:MOST_OWED], "more": len(refunds[MOST_OWED:]), "count": len(refunds)}


urlpatterns = [path("<slug:identifier>/ledger", ledger_page, name="manage-ledger")]
