"""Handing out kept files: pictures to be looked at, everything else only to be saved."""

from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from media_pipeline.purposes import is_public
from media_pipeline.sniffing import IMAGE_TYPES, UNKNOWN
from media_pipeline.storing import MEDIA_TYPES, open_stored


@require_safe
def serve(request, purpose, file):
    """A public file by its random name: it never changes, so it may be kept forever."""
    if not is_public(purpose):
        raise Http404
    try:
        content = open_stored(f"{purpose}/{file}")
    except (OSError, ValueError):
        raise Http404 from None
    media_type = MEDIA_TYPES.get(file.rpartition(".")[2], UNKNOWN)
    response = FileResponse(content, content_type=media_type, as_attachment=media_type not in IMAGE_TYPES)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
