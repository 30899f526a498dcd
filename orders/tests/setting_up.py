"""Imported first where processes are forked from: Django, with the settings of tests."""

import django
import pytest  # noqa: F401  by which the settings know that it is a test

django.setup()
