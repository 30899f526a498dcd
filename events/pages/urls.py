"""Addresses of an event's pages."""

from django.urls import path

from events.pages import views
from events.pages.manage.group_invites import group_invite_page
from events.pages.manage.invites import invite_page

urlpatterns = [
    path("e/<slug:identifier>/programme", views.programme, name="programme"),
    path("e/<slug:identifier>/speakers", views.speakers, name="speakers"),
    path("invites/<str:token>", invite_page, name="invite"),
    path("group-invites/<str:token>", group_invite_page, name="group-invite"),
]
