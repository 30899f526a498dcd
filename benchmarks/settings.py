"""The server's own settings, with the reference beside it."""

from openevent.settings import *  # noqa: F403
from openevent.settings import INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework_json_api", "benchmarks"]
MIDDLEWARE = ["benchmarks.counting.counting_queries", *MIDDLEWARE]
ROOT_URLCONF = "benchmarks.urls"
EMBEDDED_WORKER = False
JSON_API_FORMAT_FIELD_NAMES = JSON_API_FORMAT_TYPES = "dasherize"
