"""The roles that people can have at an event."""

from django.db import migrations

ROLES = {
    "owner": "Owner",
    "organizer": "Organizer",
    "coorganizer": "Co-Organizer",
    "track_organizer": "Track Organizer",
    "moderator": "Moderator",
    "registrar": "Registrar",
    "attendee": "Attendee",
}


def add_roles(apps, schema_editor):
    role = apps.get_model("events", "Role")
    role.objects.bulk_create(role(name=name, title_name=title) for name, title in ROLES.items())


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunPython(add_roles, migrations.RunPython.noop)]
