"""A record becomes a row: every column gets the nearest value, and no bad value costs the row."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db import models

from events.importing.findings import Findings, quoted
from events.importing.nearest import nearest
from events.importing.pictures import Pictures
from events.importing.record import Record

# What older servers called our columns, by model name.
OLDER_NAMES = {
    "event": {
        "starts_at": ("start_time",),
        "ends_at": ("end_time",),
        "external_event_url": ("event_url",),
        "owner_name": ("organizer_name",),
        "owner_description": ("organizer_description",),
        "has_owner_info": ("has_organizer_info",),
        "is_sessions_speakers_enabled": ("has_session_speakers",),
        "schedule_published_on": ("schedule_published_at",),
    },
    "session": {
        "starts_at": ("start_time",),
        "ends_at": ("end_time",),
        "audio_url": ("audio",),
        "video_url": ("video",),
    },
    "speaker": {"order": ("position_in_list",)},
    "sponsor": {"type": ("sponsor_type",)},
    "sociallink": {"link": ("url",)},
    "speakerscall": {"starts_at": ("start_date",), "ends_at": ("end_date",)},
}

# Ours to say, whatever an export claims: what staff decide, where money goes, what is counted here.
OURS = {
    "event": frozenset(
        {
            *("identifier", "state", "timezone", "created_at", "deleted_at", "chat_room_name"),
            *("is_featured", "is_promoted", "is_demoted", "is_announced"),
            *("is_stripe_linked", "can_pay_by_stripe", "can_pay_by_paypal", "paypal_email"),
            *("can_pay_by_omise", "can_pay_by_alipay", "can_pay_by_paytm"),
            *("pentabarf_url", "ical_url", "xcal_url"),
        }
    ),
    "session": frozenset({"average_rating", "rating_count", "favourite_count", "last_modified_at"}),
    "microlocation": frozenset({"chat_room_name"}),
    "sociallink": frozenset({"identifier"}),
    "speakerscall": frozenset({"hash"}),
}

# What stands where a name is missing.
NAMELESS = {
    "event": "Untitled event",
    "session": "Untitled session",
    "speaker": "Unnamed speaker",
    "sponsor": "Unnamed sponsor",
    "track": "Unnamed track",
    "microlocation": "Unnamed room",
    "sessiontype": "Session",
    "sociallink": "Link",
}


@dataclass(frozen=True)
class Reading:
    """How one export is read: on which clocks, with which pictures, and where to say what was odd."""

    zone: ZoneInfo
    pictures: Pictures
    findings: Findings
    records: list[Record] = field(default_factory=list)

    def name_what_is_left(self) -> None:
        """The fields that no column took."""
        for record in self.records:
            for name in record.untaken:
                self.findings.add(f"{record.kind}: the field {quoted(name)} is not kept", record.label)


def values_for(model: type[models.Model], record: Record, reading: Reading, *, but: frozenset = frozenset()) -> dict:
    """A value for every column of `model` of which the record says something, except those in `but`."""
    reading.records.append(record)
    record.ignore("id")
    kind = model._meta.model_name
    values = {}
    for column in model._meta.concrete_fields:
        if column.primary_key or column.is_relation or column.name in but or column.name in OURS.get(kind, ()):
            continue
        said = record.take(column.name, *OLDER_NAMES.get(kind, {}).get(column.name, ()))
        if said is None:
            continue
        value, problem = nearest(column, said, zone=reading.zone)
        if problem:
            reading.findings.value(record, column.name, said, problem, value)
        if value is not None or column.null:
            values[column.name] = value
    return values | _name_for(model, record, values, reading)


def _name_for(model: type[models.Model], record: Record, values: dict, reading: Reading) -> dict:
    column = "title" if model._meta.model_name == "session" else "name"
    if model._meta.model_name not in NAMELESS or values.get(column):
        return {}
    name = NAMELESS[model._meta.model_name]
    reading.findings.value(record, column, values.get(column, ""), "is blank", name)
    return {column: name}
