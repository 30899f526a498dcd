"""Which pictures our pages show."""

from events.models import Event
from events.templatetags.pictures import kept, picture, small_picture
from media_pipeline.storing import url_of


def test_a_picture_that_is_kept_here_is_shown_small_where_it_is_small():
    event = Event(pk=7, original_image_url=url_of("event/a.jpg"), thumbnail_image_url=url_of("event/a-small.jpg"))
    assert (picture(event), small_picture(event)) == (event.original_image_url, event.thumbnail_image_url)


def test_nobody_is_sent_to_a_strangers_server_for_a_picture():
    event = Event(pk=7, original_image_url="https://elsewhere.example/pixel.png")
    assert picture(event) == small_picture(event) == "/static/img/harbour.svg"
    assert [kept(url) for url in (None, "", "https://elsewhere.example/face.png")] == ["", "", ""]
