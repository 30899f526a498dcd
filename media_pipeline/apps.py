"""The app that keeps files and pictures."""

from django.apps import AppConfig


class MediaPipelineConfig(AppConfig):
    name = "media_pipeline"
    verbose_name = "Files and pictures"
