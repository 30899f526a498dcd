"""Texts out of the JSON bodies of plain endpoints."""

from openevent.core.refusals import Refused


def read_text(body, *path, longest=100_000, required=True):
    """The text at `{"data": {"token": …}}`, or "" where it may be missing; 422 with its place for anything else."""
    found = body
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if found is None and not required:
        return ""
    pointer = "/" + "/".join(path)
    if not isinstance(found, str) or (required and not found.strip()):
        raise Refused("text-needed", "Write a text here.", pointer=pointer)
    if len(found) > longest:
        raise Refused("text-too-long", f"This has {longest} characters at most.", pointer=pointer)
    return found
