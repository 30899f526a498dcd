"""What every page of the organizer's frame knows."""


def rights(request):
    """`rights.team`, `rights.door`, …: what the asker may at the event whose page this is; empty elsewhere."""
    return {"rights": dict.fromkeys(getattr(request, "rights", ()), True)}
