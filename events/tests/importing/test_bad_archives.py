"""An archive that cannot be read, or means harm, is refused whole."""

import io
import json
import stat
import threading
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from events.models import Event, EventType, Session, Speaker, UsersEventsRoles
from events.services import import_event as service
from events.services.import_event import import_event
from events.tests.importing.exports import picture, tea_days, zipped
from media_pipeline import fetching
from openevent.core.refusals import Refused


def nested(depth):
    return b"[" * depth + b"]" * depth


def with_link():
    target = zipped(tea_days())
    with zipfile.ZipFile(target, "a") as archive:
        member = zipfile.ZipInfo("images/logo.png")
        member.create_system, member.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
    return target


HOSTILE = {
    "not a zip": lambda: io.BytesIO(b"hello"),
    "empty": lambda: io.BytesIO(b""),
    "cut off": lambda: io.BytesIO(zipped(tea_days()).getvalue()[:-40]),
    "path out": lambda: zipped(tea_days(), {"../x": b"x"}),
    "absolute": lambda: zipped(tea_days(), {"/etc/x": b"x"}),
    "drive": lambda: zipped(tea_days(), {"C:\\x": b"x"}),
    "link": with_link,
    "same name twice": lambda: zipped(tea_days(), {"EVENT": b"{}"}),
    "nested": lambda: zipped(tea_days(), {"images/more.png": zipped(tea_days()).getvalue()}),
    "bomb": lambda: zipped(tea_days(), {"images/zeros.png": bytes(30_000_000)}),
    "no event": lambda: zipped({"sessions": tea_days()["sessions"]}),
    "event is a list of nothing": lambda: zipped({"event": []}),
    "event is a number": lambda: zipped({"event": 7}),
    "broken json": lambda: zipped(tea_days() | {"sessions": b'[{"title": "Te'}),
    "deep json": lambda: zipped(tea_days() | {"tracks": nested(50_000)}),
    "many objects": lambda: zipped(tea_days() | {"tracks": b"[" + b"{}," * 300_000 + b"{}]"}),
    "many numbers": lambda: zipped(tea_days() | {"tracks": b"[" + b"1," * 2_100_000 + b"1]"}),
}


@pytest.mark.parametrize("archive", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_archive_is_refused_whole_with_one_message(ada, media, archive):
    with pytest.raises(Refused) as refused:
        import_event(archive(), by=ada)
    assert refused.value.status in (413, 422)
    assert refused.value.detail.count("\n") == 0
    assert (Event.objects.count(), Speaker.objects.count(), UsersEventsRoles.objects.count()) == (0, 0, 0)
    assert not media.exists() or not any(path.is_file() for path in media.rglob("*"))


def test_a_failure_at_the_very_end_leaves_neither_rows_nor_files(ada, media, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(service, "write_down", fail)
    documents = tea_days()
    documents["event"]["logo-url"] = "/images/logo.png"
    kinds = EventType.objects.count()
    with pytest.raises(RuntimeError, match="the disk is full"):
        import_event(zipped(documents, {"images/logo.png": picture()}), by=ada, may_add_kinds=True)
    assert (Event.objects.count(), Session.objects.count(), EventType.objects.count()) == (0, 0, kinds)
    assert not any(path.is_file() for path in media.rglob("*"))


def test_nothing_remote_is_fetched(ada, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("something was fetched")

    monkeypatch.setattr(fetching.socket.socket, "connect", refuse)
    monkeypatch.setattr(fetching.socket, "getaddrinfo", refuse)
    event = import_event(zipped(tea_days()), by=ada).event
    assert event.logo_url == "https://pictures.example.org/logo"


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_do_not_mix(ada, media):
    def documents_of(word):
        documents = tea_days()
        documents["event"] |= {"name": word, "logo-url": "/images/logo.png"}
        for row in (*documents["sessions"], *documents["speakers"]):
            row["title" if "title" in row else "name"] = f"{word} {row['id']}"
        return documents

    def run(word, colour):
        try:
            import_event(zipped(documents_of(word), {"images/logo.png": picture(colour=colour)}), by=ada)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in (("Green", "green"), ("Black", "black"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Event.objects.values_list("name", flat=True)) == ["Black", "Green"]
    for event in Event.objects.all():
        assert all(row.title.startswith(event.name) for row in event.sessions.all())
        assert event.sessions.count() == 2
    assert len(set(Event.objects.values_list("logo_url", flat=True))) == 2


def test_the_command_says_what_came_and_what_did_not(ada, tmp_path):
    documents = tea_days()
    documents["sessions"][0]["level"] = "Wizard\x1b[2J"
    path = tmp_path / "tea.zip"
    path.write_bytes(zipped(documents).getvalue())
    said = io.StringIO()
    call_command("import_event", str(path), owner="ADA@example.org", stdout=said, no_color=True)
    text = said.getvalue()
    event = Event.objects.get()
    assert "Tea Days is imported as a draft of ada@example.org." in text
    assert f"address   {event.identifier}" in text
    assert "2030-03-17 09:00 to 2030-03-18 18:00 (Asia/Singapore)" in text
    assert "      2   sessions\n" in text
    assert "Not kept as it was:\n  - session: level “Wizard [2J” is not a level here; left empty (“Leaves”)\n" in text
    assert "\x1b" not in text


def test_the_command_refuses_with_one_clear_line(ada, tmp_path):
    path = tmp_path / "tea.zip"
    path.write_bytes(json.dumps(tea_days()).encode())
    with pytest.raises(CommandError, match=r"^The file is not a zip archive\. Nothing was imported\.$"):
        call_command("import_event", str(path), owner="ada@example.org")
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("import_event", str(tmp_path / "gone.zip"), owner="ada@example.org")
    with pytest.raises(CommandError, match=r"There is no account with the address eve@example\.org\."):
        call_command("import_event", str(path), owner="eve@example.org")
    assert Event.objects.count() == 0
