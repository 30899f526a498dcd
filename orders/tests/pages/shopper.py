"""Buying by the pages, as a form-filling browser without script does it."""

import re
from html import unescape

from django.urls import reverse


class Shopper:
    """One browser. `page` is the text of the last answer, without tags."""

    def __init__(self, client):
        self.client, self.answer = client, None

    @property
    def page(self):
        text = re.sub(r"<(script|style|template).*?</\1>|<[^>]+>", " ", self.answer.content.decode(), flags=re.DOTALL)
        return " ".join(unescape(text).split())

    @property
    def address(self):
        return self.answer.redirect_chain[-1][0] if self.answer.redirect_chain else ""

    def open(self, address):
        self.answer = self.client.get(address, follow=True)
        return self

    def choose(self, *wanted, verb="continue", **fields):
        """Ticket types, each alone or with its quantity."""
        tickets = [one if isinstance(one, tuple) else (one, 1) for one in wanted]
        typed = {f"quantity-{ticket.pk}": count for ticket, count in tickets}
        page = reverse("event", args=[tickets[0][0].event.identifier])
        self.answer = self.client.post(page, {**typed, **fields, "verb": verb}, follow=True)
        return self

    @property
    def order(self):
        return self.answer.context["order"]

    def fill_in(self, *, first="Mira", last="Okafor", email="mira@example.org", verb="finish", **fields):
        """The buyer's own fields; every holder is the buyer but for what `fields` says."""
        typed = {"buyer-firstname": first, "buyer-lastname": last, "buyer-email": email, "verb": verb}
        for attendee in self.order.attendees.all():
            typed[f"holder-{attendee.pk}-same"] = "on"
        typed.update(fields)
        here = self.answer.request["PATH_INFO"]
        self.answer = self.client.post(here, {name: value for name, value in typed.items() if value}, follow=True)
        return self
