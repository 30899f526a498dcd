"""Addresses of those who run an event, below /manage/: what it is, who helps, and its programme."""

urlpatterns = []
