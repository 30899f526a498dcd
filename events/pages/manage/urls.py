"""Addresses of those who run an event, below /manage/: what it is, who helps, and its programme."""

from events.pages.manage import people, programme, settings

urlpatterns = [*people.urlpatterns, *programme.urlpatterns, *settings.urlpatterns]
