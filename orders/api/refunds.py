"""Giving money of an order back through the API: all of it, an amount, or what single tickets cost."""

from decimal import Decimal

from rest_framework.response import Response

from openevent.core.describing import says
from openevent.core.idempotency import once_per_key
from openevent.core.limits import limit
from openevent.core.refusals import Refused
from orders.api.checkout import TRIES
from orders.api.papers import OrderView
from orders.api.payments import read_attributes
from orders.models.payment import DONE
from orders.services.cart import read_amount
from orders.services.refunding import refund_order

AMOUNT, ATTENDEES, REASON = (f"/data/attributes/{name}" for name in ("amount", "attendees", "reason"))
LONGEST = 400
REFUND = {"id": str, "amount": Decimal, "currency": str, "provider": str, "status": str, "attendee-id": str | None}


class RefundView(OrderView):
    """POST {data: {attributes: {amount | attendees, reason}}} -> what goes back, and by which way; neither: all of it.

    The team's alone. A ticket that is given back stops working, and its place is on sale again.
    """

    @says(
        takes={"data": {"attributes": {"amount?": float | None, "attendees?": [str | int], "reason?": str | None}}},
        answers={"refunds": [REFUND]},
        status=201,
    )
    @once_per_key()
    def post(self, request, key):
        order, sent = self.find(request, key), read_attributes(request)
        limit("pay", request.user.pk, TRIES)
        amount = sent.get("amount")
        refunds = refund_order(
            order,
            by=request.user,
            amount=None if amount is None else read_amount(amount, pointer=AMOUNT),
            attendees=read_attendees(order, sent.get("attendees")),
            reason=read_reason(sent.get("reason")),
        )
        return Response({"refunds": [shown(refund) for refund in refunds]}, status=201)


def read_attendees(order, sent):
    """The tickets of these numbers, each of this order."""
    if sent is None:
        return []
    if not isinstance(sent, list) or not all(isinstance(one, str | int) for one in sent):
        raise Refused("not-a-list", "A list of the numbers of attendees.", pointer=ATTENDEES)
    known = {str(attendee.pk): attendee for attendee in order.attendees.filter(deleted_at=None)}
    if any(str(one) not in known for one in sent):
        raise Refused(
            "attendee-unknown", "A ticket was given back already, or is not of this order.", pointer=ATTENDEES
        )
    return [known[one] for one in dict.fromkeys(map(str, sent))]


def read_reason(sent):
    if sent is None:
        return ""
    if not isinstance(sent, str):
        raise Refused("not-a-text", "This is no text.", pointer=REASON)
    return sent.replace("\x00", "").strip()[:LONGEST]


def shown(refund):
    status = "given" if refund.state == DONE else "by-hand" if refund.is_by_hand else "on-its-way"
    return {
        "id": str(refund.pk),
        "amount": refund.amount,
        "currency": refund.currency,
        "provider": refund.provider,
        "status": status,
        "attendee-id": refund.attendee_id and str(refund.attendee_id),
    }
