"""The server's own settings, with the reference beside it."""

from openevent.settings import *  # noqa: F403
from openevent.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework_json_api", "benchmarks"]
ROOT_URLCONF = "benchmarks.urls"
EMBEDDED_WORKER = False
JSON_API_FORMAT_FIELD_NAMES = "dasherize"
