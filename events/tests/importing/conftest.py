"""What every test of an import has: somebody to own the event, and a storage of its own."""

import pytest

from accounts.tests.people import ada, eve  # noqa: F401  pytest finds them here
from events.services.import_event import import_event
from events.tests.importing.exports import zipped


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """The folder in which files are kept."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def bring(ada):  # noqa: F811
    """Import documents (and files) as an event of Ada's."""

    def bring(documents, files=None, **options):
        return import_event(zipped(documents, files), by=ada, **options)

    return bring
