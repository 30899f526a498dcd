"""The documents of an export: found under either name, read as JSON, keys of both dialects made the same."""

import json
import math
import re

from events.importing.findings import Findings, quoted
from events.importing.record import Record
from media_pipeline.archives import Archive
from openevent.core.refusals import Refused

LISTS = ("microlocations", "session_types", "sessions", "speakers", "sponsors", "tracks")
MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
MAX_OBJECTS = 200_000
MAX_VALUES = 2_000_000
PICTURES = "images/"


class Export:
    """What an archive says of one event."""

    def __init__(self, archive: Archive, findings: Findings):
        self._archive, self._findings = archive, findings
        names = [name for name in archive.names if not _is_litter(name)]
        root = _root_of(names)
        self._documents = {_document_name(name[len(root) :]): name for name in reversed(names)}
        self.picture_names = {name[len(root) :]: name for name in names if name[len(root) :].startswith(PICTURES)}
        if "event" not in self._documents:
            raise Refused("not-an-export", "This is not an Open Event export: it has no file named “event”.")
        self._name_what_is_left(names)

    def read_picture(self, name: str) -> bytes:
        return self._archive.read(self.picture_names[name])

    def event(self) -> Record:
        found = self._read("event")
        if isinstance(found, list):
            found = found[0] if found else None
        if not isinstance(found, dict):
            raise Refused("not-an-export", "This is not an Open Event export: “event” does not describe an event.")
        return Record("event", found)

    def rows(self, name: str) -> list[Record]:
        """The objects of one list; a list that is not there is empty."""
        found = self._read(name) if name in self._documents else []
        if isinstance(found, dict):
            found = found[name] if isinstance(found.get(name), list) else [found]
        return self.records(name.removesuffix("s").replace("_", " "), found)

    def records(self, kind: str, found) -> list[Record]:
        """Records of whatever stands where a list of objects belongs."""
        if not isinstance(found, list):
            self._findings.add(f"{kind}: a list was expected, and something else was there")
            return []
        objects = [{"name": row, "title": row} if isinstance(row, str) else row for row in found]
        if others := sum(not isinstance(row, dict) for row in objects):
            self._findings.add(f"{kind}: {others} entries of the list are not objects")
        return [Record(kind, row) for row in objects if isinstance(row, dict)]

    def _read(self, name: str):
        content = self._archive.read(self._documents[name])
        if len(content) > MAX_DOCUMENT_BYTES or content.count(b",") > MAX_VALUES:
            raise Refused("archive-too-large", f"“{name}” in the archive is too long.", status=413)
        if content.count(b"{") + content.count(b"[") > MAX_OBJECTS:
            raise Refused("archive-too-large", f"“{name}” in the archive has too many objects.", status=413)
        text = content.decode("utf-8-sig", errors="replace")
        if "\ufffd" in text:
            self._findings.add(f"{name}: some letters are not UTF-8 and were lost")
        try:
            return _tidied(json.loads(text, parse_int=_number))
        except ValueError as error:
            detail = f"“{name}” in the archive is not readable: {error}."
            raise Refused("archive-unreadable", detail) from None
        except RecursionError:
            raise Refused("archive-not-allowed", f"“{name}” in the archive is nested too deeply.") from None

    def _name_what_is_left(self, names: list[str]) -> None:
        known = {self._documents[name] for name in ("event", *LISTS) if name in self._documents}
        for name in names:
            if name not in known and name not in self.picture_names.values():
                self._findings.add(f"archive: {quoted(name)} is not part of an event here and was not kept")


def _tidied(value):
    """Keys underscored and in lower case; texts that a database can store; numbers that are numbers."""
    if isinstance(value, dict):
        tidied = {}
        for key, inner in value.items():
            key = _storable(key).strip().lower().replace("-", "_")
            if tidied.get(key) in (None, ""):  # both dialects at once: whichever says something
                tidied[key] = _tidied(inner)
        return tidied
    if isinstance(value, list):
        return [_tidied(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return _storable(value) if isinstance(value, str) else value


def _storable(text: str) -> str:
    return text.replace("\x00", "").encode(errors="ignore").decode()


def _number(digits: str) -> int | str:
    """Python refuses to read numbers of thousands of digits; here they are one more bad value."""
    return int(digits) if len(digits) < 20 else digits


def _is_litter(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2] in (
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
    )


def _root_of(names: list[str]) -> str:
    """The one folder in which everything lies, if somebody packed the folder and not its content."""
    roots = {name.partition("/")[0] for name in names if "/" in name}
    is_one = len(roots) == 1 and all("/" in name for name in names)
    return f"{roots.pop()}/" if is_one and roots != {PICTURES.rstrip("/")} else ""


def _document_name(path: str) -> str:
    return re.sub(r"\.json$", "", path.lower()).replace("-", "_")
