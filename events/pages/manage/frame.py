"""What every page of the organizer's frame knows."""


def rights(request):
    """`rights.team`, `rights.door`, …: what the asker may at the event whose page this is; empty elsewhere."""
    return {"rights": {name: True for name in getattr(request, "rights", ())}}
