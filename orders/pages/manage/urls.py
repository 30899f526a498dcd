"""Addresses of those who run an event, below /manage/: sales, orders, attendees, tickets, the door."""

urlpatterns = []
