"""Keeping files and handing them out."""

import io

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import Http404
from django.test import RequestFactory
from PIL import Image

from media_pipeline.purposes import register_purpose
from media_pipeline.serving import serve
from media_pipeline.storing import open_stored, remove_stored, store_file, store_image
from openevent.core.refusals import Refused

pytestmark = pytest.mark.django_db  # a response that ends looks after the connection

register_purpose("test-poster", sizes={"thumbnail": (50, 50)})
register_purpose("test-slides", max_bytes=100)
register_purpose("test-secret", is_public=False)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.MEDIA_URL = "/media/"
    return tmp_path


def png():
    target = io.BytesIO()
    Image.new("RGB", (100, 100), "red").save(target, "PNG")
    return target.getvalue()


def served(name):
    return serve(RequestFactory().get("/"), *name.split("/"))


def body_of(response):
    content = b"".join(response.streaming_content)
    response.close()
    return content


def test_a_file_is_kept_under_a_name_that_nobody_can_guess(own_folder):
    kept = [store_file(b"%PDF-1.7", purpose="test-slides", name="../../Über uns.pdf") for _twice in range(2)]
    assert kept[0].name != kept[1].name
    for stored in kept:
        folder, _, file = stored.name.partition("/")
        assert (folder, len(file), file[-4:]) == ("test-slides", 36, ".pdf")
        assert stored.given_name == "../../Über uns.pdf"
        with open_stored(stored.name) as file:
            assert file.read() == b"%PDF-1.7"
    assert {path.name for path in own_folder.iterdir()} == {"test-slides"}


def test_a_picture_is_kept_in_all_its_sizes(settings):
    settings.BASE_URL = "https://tickets.example.org"
    stored = store_image(png(), purpose="test-poster")
    assert set(stored.sizes) == {"original", "thumbnail"}
    assert stored.url == f"https://tickets.example.org/media/{stored.sizes['original'].name}"
    assert stored.url_of("thumbnail").endswith(stored.sizes["thumbnail"].name)


def test_a_picture_that_is_none_leaves_nothing(own_folder):
    with pytest.raises(Refused):
        store_image(b"<svg/>", purpose="test-poster")
    assert list(own_folder.iterdir()) == []


def test_too_large_a_file_is_refused():
    with pytest.raises(Refused) as refused:
        store_file(b"x" * 101, purpose="test-slides")
    assert refused.value.status == 413


def test_a_removed_file_is_gone_and_removing_it_again_is_fine():
    stored = store_image(png(), purpose="test-poster")
    remove_stored(*stored.names)
    remove_stored(*stored.names)
    assert not any(default_storage.exists(name) for name in stored.names)


def test_a_name_never_leads_out_of_the_storage():
    with pytest.raises(SuspiciousFileOperation):
        open_stored("../secrets")


def test_a_picture_is_shown_as_what_it_is_and_can_do_nothing_else():
    response = served(store_image(png(), purpose="test-poster").sizes["original"].name)
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert not response["Content-Disposition"].startswith("attachment")
    assert Image.open(io.BytesIO(body_of(response))).format == "PNG"


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"<svg onload='alert(1)'/>", b"%PDF-1.7"])
def test_anything_else_is_only_saved(content):
    response = served(store_file(content, purpose="test-slides", name="page.html").name)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] in ("application/octet-stream", "application/pdf")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert body_of(response) == content


@pytest.mark.parametrize("name", ["test-poster/gone.png", "test-poster/..", "unknown/x.png", "test-poster/\x00"])
def test_what_is_not_there_is_not_found(name):
    with pytest.raises(Http404):
        served(name)


def test_a_private_file_is_not_served_to_whoever_knows_its_name():
    stored = store_file(b"secret", purpose="test-secret")
    with pytest.raises(Http404):
        served(stored.name)


def test_a_served_file_cannot_be_changed():
    assert serve(RequestFactory().post("/"), "test-poster", "x.png").status_code == 405
