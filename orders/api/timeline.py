"""Why an order is in its state, what may become of it, and everything that has happened to it."""

import datetime

from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from events.rules import coorganizes
from openevent.core.describing import says
from orders.api.papers import OrderView
from orders.rules import bought_it
from orders.services.states import explain, what_next
from orders.services.timeline import outline_of, timeline_of

LINE = {"time": datetime.datetime, "kind": str, "title": str, "who": str, "detail": str, "words": str}


class TimelineView(OrderView):
    """GET -> the timeline as the order's page shows it, newest first: all for the team, its outline for the buyer."""

    @says(answers={"status": str, "why": str, "next": str, "timeline": [LINE]})
    def get(self, request, key):
        order = self.find(request, key)
        if not (coorganizes | bought_it)(request.user, order):
            raise PermissionDenied
        lines = timeline_of(order) if coorganizes(request.user, order) else outline_of(order)
        story = {
            "status": order.current_status,
            "why": explain(order),
            "next": what_next(order, by=request.user),
            "timeline": [
                {"time": line.at, **{name: getattr(line, name) for name in LINE if name != "time"}} for line in lines
            ],
        }
        return Response(story, headers={"Cache-Control": "private, no-store"})
