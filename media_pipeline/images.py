"""Pictures are believed only after decoding, and only what we encoded ourselves is kept."""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from media_pipeline.purposes import Purpose, Size
from openevent.core.refusals import Refused

MAX_PIXELS = 25_000_000
READABLE = ("JPEG", "PNG", "GIF", "WEBP")

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True)
class Picture:
    """An encoded picture of our own making: no metadata, upright, either JPEG or PNG."""

    content: bytes
    media_type: str
    width: int
    height: int


def remake(content: bytes, *, purpose: Purpose) -> dict[str, Picture]:
    """Every size of `purpose` from an uploaded picture; the largest is called "original"."""
    if len(content) > purpose.max_bytes:
        raise Refused("image-too-large", f"A picture has at most {purpose.max_bytes} bytes.", status=413)
    image, came_as = _decoded(content, at_most=purpose.original)
    image = _bare(image)
    # A drawing stays sharp and a hole stays a hole in PNG; everything else is a photograph.
    encoding = "PNG" if came_as in ("PNG", "GIF") or image.mode == "RGBA" else "JPEG"
    boxes = {"original": purpose.original, **purpose.sizes}
    return {name: _encoded(image, box, encoding) for name, box in boxes.items()}


def _decoded(content: bytes, *, at_most: Size) -> tuple[Image.Image, str]:
    """The first frame, upright, and the name of the format in which it came."""
    try:
        image = Image.open(io.BytesIO(content), formats=READABLE)
        if image.width * image.height > MAX_PIXELS:
            raise Image.DecompressionBombError  # Pillow itself only warns up to twice its limit
        came_as = image.format
        image.draft("RGB", (at_most.width, at_most.height))  # a huge JPEG is decoded at a fraction
        image.load()
        return ImageOps.exif_transpose(image), came_as
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("image-too-large", "The picture has too many pixels.", status=413) from None
    except Exception as error:  # decoders of hostile bytes raise whatever they stumble over
        raise Refused("not-an-image", "This is not a JPEG, PNG, GIF or WebP picture.", status=415) from error


def _bare(image: Image.Image) -> Image.Image:
    """Only the pixels, as RGB or RGBA: no EXIF, no comment, no profile, no palette."""
    bare = image.convert("RGBA" if image.has_transparency_data else "RGB")
    bare.info = {}
    return bare


def _encoded(image: Image.Image, box: Size, encoding: str) -> Picture:
    fitted = image.copy()
    fitted.thumbnail((box.width, box.height), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    if encoding == "JPEG":
        fitted.save(target, "JPEG", quality=box.quality, optimize=True, progressive=True)
    else:
        fitted.save(target, "PNG", optimize=True)
    return Picture(target.getvalue(), f"image/{encoding.lower()}", fitted.width, fitted.height)
