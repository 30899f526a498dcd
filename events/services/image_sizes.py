"""Into which sizes pictures are cut, as the site's staff has set them; what is left empty is as the house has it."""

from events.models import EventImageSize, SpeakerImageSize
from media_pipeline.purposes import Size

LARGEST = 4000  # pixels


def event_sizes() -> dict[str, Size]:
    kept = EventImageSize.current()
    return {
        "large": _box(kept, "full_width", "full_height", "full_quality"),
        "thumbnail": _box(kept, "thumbnail_width", "thumbnail_height", "thumbnail_quality"),
        "icon": _box(kept, "icon_width", "icon_height", "icon_quality"),
    }


def speaker_sizes() -> dict[str, Size]:
    kept = SpeakerImageSize.current()
    return {
        name: _box(kept, *[f"{column}_width_height"] * 2, f"{column}_quality")
        for name, column in (("thumbnail", "thumbnail_size"), ("small", "small_size"), ("icon", "icon_size"))
    }


def _box(kept, width, height, quality) -> Size:
    columns = {name: kept._meta.get_field(name) for name in (width, height, quality)}
    said = {name: getattr(kept, name) or column.default for name, column in columns.items()}
    return Size(min(said[width], LARGEST), min(said[height], LARGEST), quality=said[quality])
