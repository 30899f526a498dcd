"""The pictures of an export: files of its archive are kept as our own, remote addresses stay addresses."""

import re
from urllib.parse import unquote

from django.db import models

from events.importing.export import Export
from events.importing.findings import Findings
from events.importing.nearest import nearest_url
from events.importing.record import Record
from media_pipeline.storing import StoredImage, remove_stored, store_image
from openevent.core.refusals import Refused

# Purpose, then the column of each size. The first is the picture from which the others can be made.
EVENT_PICTURE = (
    "event-image",
    {
        "original_image_url": "original",
        "large_image_url": "large",
        "thumbnail_image_url": "thumbnail",
        "icon_image_url": "icon",
    },
)
EVENT_LOGO = ("event-logo", {"logo_url": "original"})
SPEAKER_PHOTO = (
    "speaker-photo",
    {
        "photo_url": "original",
        "thumbnail_image_url": "thumbnail",
        "small_image_url": "small",
        "icon_image_url": "icon",
    },
)
SPONSOR_LOGO = ("sponsor-logo", {"logo_url": "original"})

OLDER_NAMES = {
    "original_image_url": ("background_image", "background_image_url", "background_url"),
    "thumbnail_image_url": ("thumbnail",),
    "small_image_url": ("small",),
    "icon_image_url": ("icon",),
    "large_image_url": ("large",),
    "photo_url": ("photo",),
    "logo_url": ("logo",),
}

_ANY_URL = models.URLField(max_length=2000)
_HAS_HOST = re.compile(r"[a-z][a-z0-9+.-]*:|//|[\w-]+(\.[\w-]+)+/", re.IGNORECASE)


class Pictures:
    """Stores each picture of the archive at most once per purpose, and nothing that a row does not name."""

    def __init__(self, export: Export, findings: Findings):
        self._export, self._findings = export, findings
        self._names = {name.casefold(): name for name in export.picture_names}
        self._stored: dict[tuple[str, str], tuple[StoredImage | None, str | None]] = {}

    @property
    def count(self) -> int:
        return sum(stored is not None for stored, _problem in self._stored.values())

    def remove(self) -> None:
        for stored, _problem in self._stored.values():
            if stored is not None:
                remove_stored(*stored.names)

    def name_what_is_left(self) -> None:
        asked = {name for _purpose, name in self._stored}
        if left := [name for name in self._export.picture_names if name not in asked]:
            files = (
                "1 picture that nothing names was"
                if len(left) == 1
                else f"{len(left)} pictures that nothing names were"
            )
            self._findings.add(f"archive: {files} not kept")

    def urls_of(self, record: Record, purpose: str, sizes: dict[str, str]) -> dict[str, str | None]:
        """The URL for each picture column of a row; sizes that are missing are those of its first picture."""
        urls, problems, main = {}, [], None
        for column, size in sizes.items():
            said = record.take(column, *OLDER_NAMES[column])
            stored, urls[column], problem = self._kept(said, purpose, size)
            main = main or stored
            if problem:
                problems.append((column, said, problem))
        if main is not None:
            urls = {column: urls[column] or main.url_of(size) for column, size in sizes.items()}
        for column, said, problem in problems:
            self._findings.value(record, column, said, problem, urls[column])
        return urls

    def _kept(self, said, purpose: str, size: str) -> tuple[StoredImage | None, str | None, str | None]:
        """(the stored picture, its URL, the problem) of what an export says about one picture."""
        if said is None:
            return None, None, None
        name = self._name_in_archive(said)
        if name is not None:
            stored, problem = self._stored_as(name, purpose)
            return stored, stored.url_of(size) if stored else None, problem
        if isinstance(said, str) and not _HAS_HOST.match(said.strip()[:300]):
            return None, None, "is not in the archive"
        return None, *nearest_url(_ANY_URL, said)

    def _stored_as(self, name: str, purpose: str) -> tuple[StoredImage | None, str | None]:
        if (purpose, name) not in self._stored:
            try:
                self._stored[purpose, name] = (
                    store_image(self._export.read_picture(name), purpose=purpose),
                    None,
                )
            except Refused as refused:
                self._stored[purpose, name] = None, f"was not kept ({refused.detail})"
        return self._stored[purpose, name]

    def _name_in_archive(self, said) -> str | None:
        if not isinstance(said, str):
            return None
        path = unquote(said.strip()).removeprefix("./").lstrip("/").casefold()
        return self._names.get(path)
