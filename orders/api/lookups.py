"""What anybody may ask about an event's tickets: how many are left, and whether a code holds."""

from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.response import Response

from events.api.calendar import EventView
from openevent.core.describing import says
from openevent.core.limits import client_address, give_back, limit
from openevent.core.negotiation import JSONAPI, document_response
from openevent.core.parameters import read_include
from openevent.core.reading import Page, identify, reader_of
from openevent.core.refusals import Refused
from openevent.core.registry import registry
from orders.api.checkout import GUESSES
from orders.models import Ticket
from orders.services.codes import find_access, find_discount
from orders.services.stock import seats_left


class AvailabilityView(EventView):
    """GET -> [{id, name, quantity, available}] of the ticket types that the asker sees."""

    @says(answers=[{"id": int, "name": str, "quantity": int | None, "available": int | None}])
    def get(self, request, event):
        event = self.event(event)
        tickets = list(Ticket.objects.visible_to(request.user).filter(event=event))
        left = seats_left(tickets)
        return Response(
            [
                {"id": ticket.pk, "name": ticket.name, "quantity": ticket.quantity, "available": left[ticket.pk]}
                for ticket in tickets
            ]
        )


class CodeView(EventView):
    """GET -> the code with exactly this text, if it holds now; and under it, by name, what it leads to.

    The links of the answer stay below this address: who knows the text may see what it opens, and nobody else.
    """

    find_code = None
    unusable = 404

    @says(answers=JSONAPI, query={"include?": str})
    def get(self, request, event, code, name=None):
        event = self.event(event)
        found = self.look_up(request, code, event)
        rows = {"event": [event], "tickets": list(found.tickets.filter(deleted_at=None))}
        if name is None:
            return document_response(code_document(request, found, rows))
        if name not in rows:
            raise NotFound
        page = Page(request.user)
        data = page.objects(registry.of(type(rows[name][0])), rows[name]) if rows[name] else []
        document = {"data": data, "meta": {"count": len(data)}} if name == "tickets" else {"data": data[0]}
        return document_response({**document, "links": {"self": request.path}, "jsonapi": {"version": "1.0"}})

    @says(takes=JSONAPI, answers=JSONAPI)
    def patch(self, request, event, code, name=None):
        return self.at_its_own_address(request, event, code, {"patch": "partial_update"})

    @says(answers=JSONAPI)
    def delete(self, request, event, code, name=None):
        return self.at_its_own_address(request, event, code, {"delete": "destroy"})

    def at_its_own_address(self, request, event, text, verb):
        """The team changes a code by its text as it does by its number."""
        if not request.user.is_authenticated:
            raise NotAuthenticated("Sign in first.")
        found = self.find(request, text, self.event(event))
        return registry.of(type(found)).viewset.as_view(verb)(request._request, key=str(found.pk))

    def find(self, request, text, event):
        """The code with this text; wrong guesses use up a limit."""
        limit("code", client_address(request), GUESSES)
        found = type(self).find_code(text, event)
        if found is None:
            raise NotFound
        give_back("code", client_address(request))
        return found

    def look_up(self, request, text, event):
        """The usable code, or a refusal."""
        found = self.find(request, text, event)
        if not (found.is_active and found.is_in_time()):
            raise Refused("code-unusable", "This code cannot be used now.", status=self.unusable)
        return found


class DiscountCodeView(CodeView):
    find_code = staticmethod(find_discount)
    unusable = 405  # how clients know it from one that does not exist


class AccessCodeView(CodeView):
    find_code = staticmethod(find_access)


def code_document(request, code, rows):
    """The code as a resource, with its event and tickets if they are to be included."""
    resource = registry.of(type(code))
    tree = read_include(request.GET.get("include", ""), resource.serializer)
    page, linkage = Page(request.user, include=tree), {}
    for name in tree:
        relation = resource.serializer.relations()[name]
        far = rows.get(name, [])
        target = registry.of(relation.model)
        page.include(target, far, {})
        found = [identify(target, row) for row in far]
        linkage[name] = found if relation.many else next(iter(found), None)
    reader = reader_of(resource.serializer, None, True)
    document = {"data": reader.resource_object(code, request.path, linkage, {}), "links": {"self": request.path}}
    included = {"included": list(page.included.values())} if tree else {}
    return {**document, **included, "jsonapi": {"version": "1.0"}}
