"""What lists of attendees and the figures of an event are read from, without a look at the rows themselves."""

from django.db import migrations, models


def remove_superseded(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP INDEX IF EXISTS attendee_sought")


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_voided_codes")]

    operations = [
        migrations.RemoveIndex(model_name="order", name="orders_orde_event_i_b76807_idx"),
        migrations.AddIndex(
            model_name="attendee",
            index=models.Index(
                fields=["event", "sought", "id", "order", "ticket", "is_checked_in", "is_checked_out"],
                condition=models.Q(deleted_at=None),
                name="attendee_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                fields=["event", "status", "created_at", "expires_at", "currency", "amount"],
                condition=models.Q(deleted_at=None),
                name="order_figures",
            ),
        ),
        migrations.RunPython(remove_superseded, migrations.RunPython.noop),
    ]
