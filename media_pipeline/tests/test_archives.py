"""Archives: hostile ones are refused before anything is unpacked."""

import io
import resource
import stat
import struct
import sys
import threading
import time
import warnings
import zipfile

import pytest

from media_pipeline.archives import Limits, open_archive
from openevent.core.refusals import Refused


def archive_of(*members, packed=zipfile.ZIP_DEFLATED):
    """A zip file of (name or ZipInfo, content) pairs."""
    target = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of duplicate names
        with zipfile.ZipFile(target, "w", packed) as archive:
            for name, content in members:
                archive.writestr(name, content)
    return target


def link(name, mode=stat.S_IFLNK):
    member = zipfile.ZipInfo(name)
    member.create_system = 3
    member.external_attr = (mode | 0o777) << 16
    return member


def refusal_of(source, **limits):
    with pytest.raises(Refused) as refused, open_archive(source, limits=Limits(**limits)) as archive:
        for name in archive.names:
            archive.read(name)
    return refused.value.code, refused.value.status


NOT_ALLOWED = ("archive-not-allowed", 422)
TOO_LARGE = ("archive-too-large", 413)
UNREADABLE = ("archive-unreadable", 422)


def test_an_honest_archive_is_read_in_memory(tmp_path):
    path = tmp_path / "export.zip"
    path.write_bytes(archive_of(("event", "{}"), ("images/", ""), ("images/logo.png", b"logo")).getvalue())
    with open_archive(path) as archive:
        assert archive.names == ("event", "images/logo.png")
        assert archive.read("images/logo.png") == b"logo"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "images/../../x",
        "..",
        "/etc/x",
        "//server/x",
        "C:\\x",
        "C:x",
        "c:/x",
        "images\\..\\x",
        "\\\\server\\x",
        "x\x00.png",
        "x\ny",
        "x\x1b[2J",
    ],
)
def test_a_name_that_leads_out_is_refused(name):
    member = zipfile.ZipInfo("placeholder")
    member.filename = name
    assert refusal_of(archive_of((member, "x"))) == NOT_ALLOWED


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK])
def test_a_link_or_a_device_is_refused(mode):
    assert refusal_of(archive_of((link("passwd", mode), "/etc/passwd"))) == NOT_ALLOWED


@pytest.mark.parametrize("names", [("event", "event"), ("event", "EVENT"), ("é", "e\u0301"), ("a", "a/")])
def test_two_files_of_one_name_are_refused(names):
    assert refusal_of(archive_of(*((name, "x" if name[-1] != "/" else "") for name in names))) == NOT_ALLOWED


@pytest.mark.parametrize("name", ["more.zip", "MORE.ZIP", "more.tar.gz", "logo.png"])
def test_an_archive_within_an_archive_is_refused(name):
    inner = archive_of(("event", "{}")).getvalue()
    assert refusal_of(archive_of((name, inner))) == NOT_ALLOWED


def test_a_speaker_may_hand_in_slides_of_an_office():
    slides = archive_of(("[Content_Types].xml", "<x/>")).getvalue()
    with open_archive(archive_of(("slides/1.pptx", slides))) as archive:
        assert archive.names == ("slides/1.pptx",)


def test_too_many_files_are_refused():
    assert refusal_of(archive_of(("a", ""), ("b", ""), ("c", "")), members=2) == TOO_LARGE


def test_too_large_a_file_a_whole_or_an_archive_is_refused():
    assert refusal_of(archive_of(("a", b"x" * 11)), member=10) == TOO_LARGE
    assert refusal_of(archive_of(("a", b"x" * 6), ("b", b"x" * 6)), total=10) == TOO_LARGE
    assert refusal_of(archive_of(("a", b"x" * 11)), archive=10) == TOO_LARGE


def test_a_bomb_is_refused_at_once_and_in_little_memory():
    """The first is small enough for every limit but the ratio; the second says that it holds 4 GB."""
    zeros = archive_of(("zeros", bytes(40 * 1024 * 1024)))
    many = bytearray(zeros.getvalue())
    place = many.rindex(b"PK\x01\x02")
    struct.pack_into("<L", many, place + 24, 0xFFFFFFF0)  # the declared size of the unpacked file
    before, begin = memory(), time.perf_counter()
    assert refusal_of(zeros) == TOO_LARGE
    assert refusal_of(io.BytesIO(bytes(many))) == TOO_LARGE
    assert time.perf_counter() - begin < 1
    assert memory() - before < 100 * 1024 * 1024


def test_a_directory_of_millions_is_refused_before_it_is_read():
    """Two million empty entries fit in 94 MB, and would be a gigabyte of objects."""
    one = archive_of(("a", "")).getvalue()
    place = one.rindex(b"PK\x01\x02")
    entry = one[place : one.rindex(b"PK\x05\x06")]
    directory = entry * 2_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), place, 0)
    source = io.BytesIO(one[:place] + directory + end)
    before, begin = memory(), time.perf_counter()
    assert refusal_of(source) == TOO_LARGE
    assert time.perf_counter() - begin < 1
    assert memory() - before < 100 * 1024 * 1024


def test_a_directory_with_a_second_larger_end_is_refused():
    plain = archive_of(("a", "")).getvalue()
    end = plain.rindex(b"PK\x05\x06")
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    assert refusal_of(io.BytesIO(plain[:end] + locator + plain[end:])) == UNREADABLE


def test_a_member_that_is_longer_than_it_says_gives_no_more_than_it_says():
    packed = bytearray(archive_of(("a", b"x" * 1000)).getvalue())
    struct.pack_into("<L", packed, packed.rindex(b"PK\x01\x02") + 24, 10)
    with open_archive(io.BytesIO(bytes(packed))) as archive, pytest.raises(Refused, match="damaged"):
        archive.read("a")


@pytest.mark.parametrize("packed", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_ways_of_packing_are_not_read(packed):
    assert refusal_of(archive_of(("event", "{}"), packed=packed)) == UNREADABLE


def test_a_locked_archive_is_not_read():
    locked = bytearray(archive_of(("event", "{}")).getvalue())
    place = locked.rindex(b"PK\x01\x02")
    struct.pack_into("<H", locked, place + 8, 1)
    assert refusal_of(io.BytesIO(bytes(locked))) == UNREADABLE


def test_what_is_no_archive_is_not_read(tmp_path):
    whole = archive_of(("event", "{}" * 1000), ("tracks", "[]" * 1000)).getvalue()
    for broken in (b"", b"PK", b"hello", b"PK\x05\x06", whole[:-30], whole[40:], whole[:60] + bytes(80)):
        assert refusal_of(io.BytesIO(broken)) == UNREADABLE
    assert refusal_of(tmp_path / "missing.zip") == UNREADABLE
    assert refusal_of(tmp_path) == UNREADABLE


def test_damage_anywhere_is_a_refusal_and_never_another_error():
    whole = archive_of(("event", '{"name": "Tea"}'), ("images/logo.png", bytes(range(256)))).getvalue()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        try:
            with open_archive(io.BytesIO(bytes(damaged))) as archive:
                for name in archive.names:
                    archive.read(name)
        except Refused:
            pass


def test_two_archives_read_at_once_do_not_mix():
    sources = {letter: archive_of(*((f"{n}", letter * 1000) for n in range(200))) for letter in "ab"}
    wrong = []

    def read(letter):
        with open_archive(sources[letter]) as archive:
            wrong.extend(name for name in archive.names if archive.read(name) != letter.encode() * 1000)

    threads = [threading.Thread(target=read, args=(letter,)) for letter in sources]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def memory():
    """The most bytes that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
