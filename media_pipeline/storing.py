"""Keeping files in the configured storage, under names that we make and nobody can guess."""

import re
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import BinaryIO
from urllib.parse import urljoin

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from media_pipeline.images import remake
from media_pipeline.purposes import is_public, purpose_called
from media_pipeline.sniffing import EXTENSIONS, UNKNOWN, media_type_of
from openevent.core.refusals import Refused

MEDIA_TYPES = {extension: media_type for media_type, extension in EXTENSIONS.items()}
_PUBLIC_NAME = re.compile(r"(?P<purpose>[a-z-]+)/[\w-]+\.(?P<extension>\w+)", re.ASCII)


@dataclass(frozen=True)
class StoredFile:
    """A kept file: `name` is for `open_stored` and `remove_stored`, `given_name` is what its sender said."""

    name: str
    url: str
    media_type: str
    size: int
    given_name: str


@dataclass(frozen=True)
class StoredImage:
    """A kept picture in every size of its purpose; `sizes["original"]` is always there."""

    sizes: dict[str, StoredFile]

    @property
    def url(self) -> str:
        return self.sizes["original"].url

    def url_of(self, size: str) -> str:
        return self.sizes[size].url

    @property
    def names(self) -> list[str]:
        return [stored.name for stored in self.sizes.values()]


def store_file(content: bytes, *, purpose: str, name: str = "") -> StoredFile:
    """Keep any file. Its type comes from its bytes; a type that we do not know is only ever downloaded."""
    limits = purpose_called(purpose)
    if len(content) > limits.max_bytes:
        raise Refused("file-too-large", f"A file has at most {limits.max_bytes} bytes.", status=413)
    return _keep(content, purpose=purpose, media_type=media_type_of(content), given_name=name)


def store_image(content: bytes, *, purpose: str) -> StoredImage:
    """Keep a picture, encoded anew in every size of its purpose; all of the sizes or none."""
    pictures = remake(content, purpose=purpose_called(purpose))
    sizes = {}
    try:
        for size, picture in pictures.items():
            sizes[size] = _keep(picture.content, purpose=purpose, media_type=picture.media_type)
    except OSError:
        remove_stored(*(stored.name for stored in sizes.values()))
        raise
    return StoredImage(sizes)


def store_private(opened: BinaryIO, *, purpose: str) -> str:
    """Keep a file of any size as it is, read in pieces: its name, for `open_stored`. Serving.py never hands it out."""
    if is_public(purpose):
        raise ValueError(f"Files for {purpose} are public.")
    return default_storage.save(f"{purpose_called(purpose).word}/{token_urlsafe(24)}.bin", File(opened))


def copy_stored(url: str) -> StoredFile | None:
    """The public file at this address of ours once more, under a name of its own; None if there is none."""
    home = url_of("")
    found = _PUBLIC_NAME.fullmatch(url.removeprefix(home)) if url.startswith(home) else None
    if found is None or not is_public(found["purpose"]):
        return None
    try:
        with open_stored(found[0]) as opened:
            wish = f"{found['purpose']}/{token_urlsafe(24)}.{found['extension']}"
            name = default_storage.save(wish, File(opened))
            return StoredFile(name, url_of(name), MEDIA_TYPES.get(found["extension"], UNKNOWN), opened.size, "")
    except OSError:  # it is gone
        return None


def open_stored(name: str) -> BinaryIO:
    return default_storage.open(name, "rb")


def remove_stored(*names: str) -> None:
    """Remove files; a file that is gone already is fine."""
    for name in names:
        default_storage.delete(name)


def url_of(name: str) -> str:
    """Where a kept file is served (serving.py): by us, never by a link of the storage that expires."""
    return urljoin(settings.BASE_URL, settings.MEDIA_URL) + name


def _keep(content: bytes, *, purpose: str, media_type: str, given_name: str = "") -> StoredFile:
    wish = f"{purpose}/{token_urlsafe(24)}.{EXTENSIONS.get(media_type, 'bin')}"
    name = default_storage.save(wish, ContentFile(content))
    return StoredFile(name, url_of(name), media_type, len(content), given_name)
