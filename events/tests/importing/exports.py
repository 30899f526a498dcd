"""Exports of our own invention, in both dialects, as whole or as broken as a test wants them."""

import io
import json
import zipfile
from copy import deepcopy

from PIL import Image

TEA_DAYS = {
    "event": {
        "id": 7,
        "name": "Tea Days",
        "timezone": "Asia/Singapore",
        "starts-at": "2030-03-17T09:00:00+08:00",
        "ends-at": "2030-03-18T18:00:00+08:00",
        "description": "<p>All of <b>tea</b></p>",
        "event-url": "https://tea.example.org",
        "organizer-name": "The Kettle Club",
        "organizer-description": "<p>We boil</p>",
        "location-name": "Old Dock 3",
        "latitude": 1.3,
        "longitude": 103.7,
        "type": "Tea party",
        "topic": "Food & Drink",
        "privacy": "public",
        "state": "Published",
        "identifier": "45da88b7",
        "schedule-published-on": "2030-03-01T18:36:01.824511+08:00",
        "is-sessions-speakers-enabled": True,
        "logo-url": "https://pictures.example.org/logo",
        "email": None,
        "code-of-conduct": "",
        "social-links": [{"id": 1, "name": "Blog", "link": "https://blog.tea.example.org"}],
        "speakers-call": {
            "announcement": "<p>Tell us</p>",
            "starts-at": "2029-11-01T16:00:00+08:00",
            "ends-at": "2030-01-20T17:00:00+08:00",
            "timezone": "Asia/Singapore",
            "privacy": "public",
        },
        "version": {"event-ver": 2},
    },
    "tracks": [
        {"id": 1, "name": "Green", "color": "#3a3", "font-color": "#000000", "description": None}
        | {"sessions": [{"id": 100, "title": "Leaves"}]},
        {"id": 2, "name": "Black", "color": "#111111", "sessions": [{"id": 101, "title": "Smoke"}]},
    ],
    "microlocations": [
        {"id": 5, "name": "Boiler room", "floor": 1, "room": None, "latitude": None, "longitude": None},
        {"id": 6, "name": "Attic", "floor": 3, "room": "3.1", "latitude": 1.0, "longitude": 1.0},
    ],
    "sessions": [
        {
            "id": 100,
            "title": "Leaves",
            "subtitle": "",
            "short-abstract": "<p>Short</p>",
            "long-abstract": "",
            "state": "accepted",
            "level": "Beginner",
            "language": "English",
            "starts-at": "2030-03-17T14:25:00+08:00",
            "ends-at": "2030-03-17T14:50:00+08:00",
            "track": {"id": 1, "name": "Green", "color": "#3a3"},
            "microlocation": {"id": 5, "name": "Boiler room"},
            "session-type": {"id": 20, "name": "Talk", "length": "00:25"},
            "speakers": [{"id": 9, "name": "Li Wei", "heard-from": "a friend", "city": "Kunming"}],
            "video-url": "https://videos.example.org/1",
            "audio-url": "",
            "slides-url": None,
            "is-mail-sent": False,
            "created-at": "",
            "deleted-at": "",
        },
        {
            "id": 101,
            "title": "Smoke",
            "state": "confirmed",
            "starts-at": "2030-03-18T09:00:00+08:00",
            "ends-at": "2030-03-18T10:00:00+08:00",
            "track": {"id": 2, "name": "Black"},
            "microlocation": {"id": 6, "name": "Attic"},
            "session-type": {"id": 21, "name": "Talk", "length": "01:00"},
            "speakers": [{"id": 9, "name": "Li Wei"}, {"id": 10, "name": "Zoë Ångström"}],
        },
    ],
    "speakers": [
        {
            "id": 9,
            "name": "Li Wei",
            "email": "li@tea.example.org",
            "organisation": "Leaf Works",
            "position": "Taster",
            "country": "China",
            "gender": "Woman",
            "short-biography": "<p>Tastes</p>",
            "photo-url": "https://pictures.example.org/li",
            "website": "https://li.example.org",
            "twitter": "https://twitter.com/li",
            "is-featured": True,
            "sessions": [{"id": 100, "title": "Leaves"}, {"id": 101, "title": "Smoke"}],
        },
        {"id": 10, "name": "Zoë Ångström", "email": None, "sessions": [{"id": 101, "title": "Smoke"}]},
    ],
    "sponsors": [
        {"id": 30, "name": "Cups & Co", "level": "2", "type": "Gold", "url": "https://cups.example.org"}
        | {"logo-url": "https://pictures.example.org/cups", "description": ""},
    ],
}


def tea_days() -> dict:
    """A whole small event in the dashed dialect, to be changed as a test likes."""
    return deepcopy(TEA_DAYS)


def underscored(value):
    """The same in the other dialect."""
    if isinstance(value, dict):
        return {key.replace("-", "_"): underscored(inner) for key, inner in value.items()}
    return [underscored(inner) for inner in value] if isinstance(value, list) else value


def zipped(documents: dict, files: dict | None = None, *, ending: str = "", folder: str = "") -> io.BytesIO:
    """An export as a zip file; a document that is not bytes already is written as JSON."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, document in documents.items():
            content = document if isinstance(document, bytes) else json.dumps(document).encode()
            archive.writestr(f"{folder}{name}{ending}", content)
        for name, content in (files or {}).items():
            archive.writestr(f"{folder}{name}", content)
    return target


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), colour: str = "green") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, kind)
    return target.getvalue()
