"""Asking `/v1` as programs do: with a token, JSON:API documents in, answers with `.json()` out."""

import json

from django import test

from accounts.services.tokens import give_tokens

JSONAPI = "application/vnd.api+json"


class Client:
    def __init__(self, user=None):
        self.client = test.Client()
        self.headers = {"Authorization": f"JWT {give_tokens(user)['access_token']}"} if user else {}

    def get(self, path, params=None, **headers):
        return self.client.get(path, params, headers=self.headers | headers)

    def send(self, method, path, document=None, *, media_type=JSONAPI):
        body = b"" if document is None else json.dumps(document)
        return self.client.generic(method, path, body, content_type=media_type, headers=self.headers)

    def post(self, path, document=None):
        return self.send("POST", path, document)

    def patch(self, path, document):
        return self.send("PATCH", path, document)

    def delete(self, path, document=None):
        return self.send("DELETE", path, document)

    def post_json(self, path, body=None):
        return self.send("POST", path, body, media_type="application/json")


def sent_back(data, **attributes):
    """What clients send of a row that they have read: every attribute, with some changed, and its to-one relations."""
    links = {
        name: {"data": relationship["data"]}
        for name, relationship in data["relationships"].items()
        if "data" in relationship
    }
    kept = {name: data[name] for name in ("type", "id")}
    return {"data": {**kept, "attributes": data["attributes"] | dashed(attributes), "relationships": links}}


def order_document(order, **attributes):
    """What a client sends to change an order: attributes in Python's spelling."""
    return {"data": {"type": "order", "id": str(order.pk), "attributes": dashed(attributes)}}


def attendee_document(attendee, **attributes):
    return {"data": {"type": "attendee", "id": str(attendee.pk), "attributes": dashed(attributes)}}


def dashed(attributes):
    return {name.replace("_", "-"): value for name, value in attributes.items()}


def link(kind, *rows, many=False):
    identifiers = [{"type": kind, "id": str(row.pk)} for row in rows]
    return {"data": identifiers if many else identifiers[0]}


def classic_order(event, *attendees, discount=None, **attributes):
    """A document for POST /v1/orders with attendees that are there already."""
    relationships = {"event": link("event", event), "attendees": link("attendee", *attendees, many=True)}
    if discount is not None:
        relationships["discount-code"] = link("discount-code", discount)
    return {"data": {"type": "order", "attributes": dashed(attributes), "relationships": relationships}}


def address(order):
    return f"/v1/orders/{order.identifier}"


def error_of(answer):
    """(status, pointer) of an answer's only error."""
    [error] = answer.json()["errors"]
    assert error["status"] == answer.status_code
    return error["status"], error["source"].get("pointer")
