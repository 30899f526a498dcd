"""POST of a `charge` to an order: paying it with its provider."""

from openevent.core.negotiation import document_response
from openevent.core.parameters import underscored
from openevent.core.reading import Page
from openevent.core.refusals import Refused
from openevent.core.registry import registry
from openevent.core.writing import bad_document, same_type
from orders.models import Order

SENT = ("stripe", "paypal_payer_id", "paypal_payment_id")
TAKEN = {f"{name.replace('_', '-')}?": str | None for name in SENT}
CHARGE = {"data": {"type": ("charge",), "attributes?": TAKEN}}
CHARGED = {"data": {"type": ("charge",), "id": str, "attributes": {"status": bool, "message": str}}}
LONGEST = 1000


def read_charge(body):
    """What clients send with a charge, all of it optional here: which parts are needed, the provider knows."""
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        raise bad_document("The document needs a data object.", "/data")
    if not same_type(data.get("type"), "charge"):
        raise bad_document("This address takes type 'charge'.", "/data/type", 409 if "type" in data else 400)
    attributes = data.get("attributes") or {}
    if not isinstance(attributes, dict):
        raise bad_document("attributes is an object.", "/data/attributes")
    sent = {underscored(name): value for name, value in attributes.items() if value is not None}
    sent = {name: sent[name] for name in SENT if name in sent}
    for name, value in sent.items():
        if not isinstance(value, str) or len(value) > LONGEST:
            pointer = f"/data/attributes/{name.replace('_', '-')}"
            raise Refused("not-a-text", "This is a text that the provider gave.", pointer=pointer)
    return sent


def charge_document(order, charge, path, *, to):
    [shown] = Page(to).objects(registry.of(Order), [order])
    attributes = {"status": charge.status, "message": charge.message}
    relationships = {"order": {"data": {"type": shown["type"], "id": shown["id"]}}}
    data = {"type": "charge", "id": str(order.pk), "attributes": attributes, "relationships": relationships}
    links = {"self": path}
    document = {"data": {**data, "links": links}, "included": [shown], "links": links, "jsonapi": {"version": "1.0"}}
    return document_response(document, 201)
