"""Zip archives from strangers: everything about them is checked before the first byte is unpacked."""

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from openevent.core.refusals import Refused

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """How much an archive may hold; sizes in bytes."""

    archive: int = 100 * MEGABYTE
    members: int = 5000
    member: int = 50 * MEGABYTE
    total: int = 300 * MEGABYTE
    ratio: int = 200
    # Small members may be as repetitive as they like: a blank logo is no bomb.
    ratio_matters_from: int = MEGABYTE


@dataclass(frozen=True)
class Archive:
    """An archive that passed. Members are read in memory: nothing is written to disk under their names."""

    names: tuple[str, ...]
    _zip: zipfile.ZipFile

    def read(self, name: str) -> bytes:
        """The content of one member; `Refused` when it is damaged, `KeyError` when there is none."""
        try:
            return self._zip.read(name)
        except _BROKEN as error:
            raise _unreadable(f"“{name}” in the archive is damaged.") from error


@contextmanager
def open_archive(source: str | Path | BinaryIO, *, limits: Limits = Limits()) -> Iterator[Archive]:
    """Open a zip file and check all of it; `Refused` when it is unreadable, too large or hostile."""
    with ExitStack() as opened:
        try:
            file = opened.enter_context(open(source, "rb")) if isinstance(source, str | Path) else source
        except OSError as error:
            raise _unreadable(f"The file cannot be opened: {error.strerror}.") from error
        try:
            _check_directory_size(file, limits)
            archive = opened.enter_context(zipfile.ZipFile(file))
        except _BROKEN as error:
            raise _unreadable("The file is not a readable zip archive.") from error
        members = archive.infolist()
        _check_names(members)
        _check_sizes(members, limits)
        for member in members:
            _check_kind(archive, member)
        yield Archive(tuple(member.filename for member in members if not member.is_dir()), archive)


# What zipfile raises over damaged bytes (NotImplementedError is a RuntimeError).
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, RuntimeError)

_END = struct.Struct("<4s4H2LH")  # the end record: signature, …, members, …, size and place of the directory
_END_SIGNATURE, _ZIP64_LOCATOR = b"PK\x05\x06", b"PK\x06\x07"
_ENTRY_BYTES = 46 + 512  # one directory entry with a long name


def _check_directory_size(file: BinaryIO, limits: Limits) -> None:
    """Refuse a huge archive or directory before `zipfile` turns each of its entries into an object."""
    size = file.seek(0, 2)
    if size > limits.archive:
        raise _too_large(f"An archive has at most {limits.archive} bytes.")
    start = file.seek(max(0, size - _END.size - 20 - 65535))
    tail = file.read()
    end = len(tail) - _END.size  # where it is without a comment; zipfile looks in the same order
    if end < 0 or tail[end : end + 4] != _END_SIGNATURE or tail[-2:] != b"\0\0":
        end = tail.rfind(_END_SIGNATURE)
    if end < 0 or end + _END.size > len(tail):
        raise _unreadable("The file is not a zip archive.")
    *_, members, directory_bytes, _place, _comment = _END.unpack_from(tail, end)
    if tail[max(0, end - 20) : end].startswith(_ZIP64_LOCATOR) or start + end < directory_bytes:
        raise _unreadable("The archive's directory is not one that is read here.")
    if members > limits.members or directory_bytes > limits.members * _ENTRY_BYTES:
        raise _too_large(f"An archive has at most {limits.members} files.")


def _check_sizes(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """By the declared sizes: reading a member never gives more than it declared."""
    if len(members) > limits.members:
        raise _too_large(f"An archive has at most {limits.members} files.")
    for member in members:
        if member.file_size > limits.member:
            raise _too_large(f"“{member.filename}” is larger than {limits.member} bytes.")
        packed = max(member.compress_size, 1)
        if member.file_size > limits.ratio_matters_from and member.file_size / packed > limits.ratio:
            raise _too_large(f"“{member.filename}” is packed too tightly: that looks like a bomb.")
    if sum(member.file_size for member in members) > limits.total:
        raise _too_large(f"The files of an archive have at most {limits.total} bytes together.")


def _check_names(members: list[zipfile.ZipInfo]) -> None:
    seen = set()
    for member in members:
        name = member.orig_filename
        if (
            not name
            or name.startswith("/")
            or "\\" in name
            or re.match(r"[A-Za-z]:", name)
            or ".." in PurePosixPath(name).parts
            or any(unicodedata.category(character) in ("Cc", "Cs") for character in name)
        ):
            raise _hostile(f"The archive has a file named {name!r}, which leads out of it.")
        same = unicodedata.normalize("NFKC", name).casefold().rstrip("/")
        if same in seen:
            raise _hostile(f"The archive has two files named “{name}”.")
        seen.add(same)


# Office documents are zip files too, and never opened here.
_ARCHIVE_ENDINGS = (".zip", ".jar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".tar", ".7z", ".rar")
_OFFICE_ENDINGS = (".pptx", ".docx", ".xlsx", ".odp", ".odt", ".ods", ".key", ".epub")


def _check_kind(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Plain files and folders, packed in the usual ways, and no archive within the archive."""
    name = member.filename.lower()
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _hostile(f"“{member.filename}” is a link or a device, not a file.")
    if member.flag_bits & 0x1:
        raise _unreadable("The archive is locked with a password.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _unreadable(f"“{member.filename}” is packed in a way that is not read here.")
    try:
        with archive.open(member) as file:
            begins = file.read(4)
    except _BROKEN:
        begins = b""  # whoever reads it is told then: one damaged picture need not cost the rest
    if name.endswith(_ARCHIVE_ENDINGS) or (begins == b"PK\x03\x04" and not name.endswith(_OFFICE_ENDINGS)):
        raise _hostile(f"“{member.filename}” is an archive within the archive.")


def _unreadable(detail: str) -> Refused:
    return Refused("archive-unreadable", detail)


def _hostile(detail: str) -> Refused:
    return Refused("archive-not-allowed", detail)


def _too_large(detail: str) -> Refused:
    return Refused("archive-too-large", detail, status=413)
