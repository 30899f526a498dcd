"""Addresses of those who run an event, below /manage/: sales, orders, attendees, tickets, the door."""

from django.urls import path

from orders.pages.manage import door

urlpatterns = [
    path("<slug:identifier>/door", door.door, name="door"),
    path("<slug:identifier>/door/counts", door.counts, name="door-counts"),
    path("<slug:identifier>/door/people", door.people, name="door-people"),
    path("<slug:identifier>/door/<int:number>/<slug:verb>", door.verb, name="door-verb"),
]
