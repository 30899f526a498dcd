"""Every address of the server, and the same rows served by the reference."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from benchmarks import reference
from openevent.urls import urlpatterns as house

router = SimpleRouter(trailing_slash=False)
router.register("events", reference.EventViewSet)
router.register("sessions", reference.SessionViewSet)

urlpatterns = [path("reference/", include(router.urls)), *house]
