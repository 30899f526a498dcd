"""How many events there are of each topic and of each type, for staff."""

from django.db.models import Count, Q
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts.api.both_shapes import PlainView
from openevent.core.describing import says
from openevent.core.policies import is_site_staff


class CountsView(PlainView):
    """GET -> [{id, name, count}]."""

    model = None
    sign_in_first = True

    @says(answers=[{"id": int, "name": str, "count": int}])
    def get(self, request):
        if not is_site_staff(request.user):
            raise PermissionDenied
        count = Count("events", filter=Q(events__deleted_at=None))
        entries = self.model.objects.filter(deleted_at=None).annotate(count=count).order_by("pk")
        return Response(list(entries.values("id", "name", "count")))
