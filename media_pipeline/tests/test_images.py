"""Pictures: decoded, made anew, or refused."""

import io
import struct
import time
import zlib

import pytest
from PIL import Image

from media_pipeline.images import MAX_PIXELS, remake
from media_pipeline.purposes import Purpose, Size, register_purpose
from openevent.core.refusals import Refused

POSTER = Purpose("poster", sizes={"thumbnail": Size(50, 50)})


def picture(kind="JPEG", size=(120, 80), mode="RGB", colour="red", **options):
    target = io.BytesIO()
    Image.new(mode, size, colour).save(target, kind, **options)
    return target.getvalue()


def opened(made):
    return Image.open(io.BytesIO(made.content))


def empty_png(width, height):
    """A few hundred bytes that claim to be `width` × `height` pixels."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def refusal_of(content):
    with pytest.raises(Refused) as refused:
        remake(content, purpose=POSTER)
    return refused.value.code, refused.value.status


def test_a_picture_comes_in_every_size_of_its_purpose():
    made = remake(picture(), purpose=POSTER)
    assert {name: (size.width, size.height) for name, size in made.items()} == {
        "original": (120, 80),
        "thumbnail": (50, 33),
    }


def test_a_small_picture_is_not_enlarged():
    assert remake(picture(size=(20, 10)), purpose=POSTER)["thumbnail"].width == 20


@pytest.mark.parametrize(
    ("kind", "mode", "becomes"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("WEBP", "RGB", "image/jpeg"),
        ("WEBP", "RGBA", "image/png"),
        ("PNG", "RGB", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "I;16", "image/png"),
        ("GIF", "P", "image/png"),
    ],
)
def test_whatever_comes_in_is_kept_as_jpeg_or_png(kind, mode, becomes):
    # A hole in the picture has to be real: an RGBA picture without one may be stored without alpha.
    colour = (255, 0, 0, 128) if mode == "RGBA" else 0
    made = remake(picture(kind, mode=mode, colour=colour), purpose=POSTER)["original"]
    assert (made.media_type, f"image/{opened(made).format.lower()}") == (becomes, becomes)


def test_a_hole_in_a_picture_stays_a_hole():
    made = remake(picture("PNG", mode="RGBA", colour=(0, 0, 0, 0)), purpose=POSTER)
    assert opened(made["thumbnail"]).getpixel((0, 0)) == (0, 0, 0, 0)


def test_where_a_photograph_was_taken_is_forgotten_and_its_orientation_applied():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned to the right
    exif[0x010E] = "private words"
    exif.get_ifd(0x8825)[1] = "N"
    made = remake(picture(size=(120, 80), exif=exif, comment="private words"), purpose=POSTER)["original"]
    kept = opened(made)
    assert (kept.size, dict(kept.getexif()), "comment" in kept.info) == ((80, 120), {}, False)
    assert b"private words" not in made.content


def test_an_embedded_colour_profile_and_text_are_not_kept():
    made = remake(picture("PNG", icc_profile=b"private words" * 20), purpose=POSTER)["original"]
    assert opened(made).info == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"404: Not Found\n",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
        b"GIF89a/*<script>*/=1;alert(1)//",
        picture()[:200],
        picture("BMP"),
        picture("TIFF"),
        picture("ICO"),
    ],
    ids=["none", "svg", "html", "words", "pdf", "png in name", "gif script", "cut off", "bmp", "tif", "ico"],
)
def test_what_is_not_a_picture_is_refused(content):
    assert refusal_of(content) == ("not-an-image", 415)


def test_a_picture_that_is_also_a_page_or_an_archive_keeps_only_its_picture():
    for second_nature in (b"<script>alert(1)</script>", b"PK\x03\x04evil.class"):
        for kind in ("JPEG", "PNG", "GIF"):
            made = remake(picture(kind) + second_nature, purpose=POSTER)
            assert all(second_nature not in size.content for size in made.values())


@pytest.mark.parametrize("side", [6000, 8000, 50_000])
def test_a_pixel_bomb_is_refused_unopened(side):
    assert side * side > MAX_PIXELS
    begin = time.perf_counter()
    assert refusal_of(empty_png(side, side)) == ("image-too-large", 413)
    assert time.perf_counter() - begin < 1


def test_a_picture_of_too_many_bytes_is_refused():
    with pytest.raises(Refused) as refused:
        remake(picture(), purpose=Purpose("tiny", max_bytes=100))
    assert (refused.value.code, refused.value.status) == ("image-too-large", 413)


def test_a_purpose_means_one_thing():
    assert register_purpose("test-badge", sizes={"small": (10, 10)}) == register_purpose(
        "test-badge", sizes={"small": Size(10, 10)}
    )
    with pytest.raises(ValueError, match="already registered"):
        register_purpose("test-badge", sizes={"small": (11, 11)})
