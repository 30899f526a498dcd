"""Where public files are served; the house mounts this at `MEDIA_URL`."""

from django.urls import path

from media_pipeline.serving import serve

urlpatterns = [path("<slug:purpose>/<str:file>", serve, name="stored-file")]
