"""What makes search quick: on PostgreSQL trigrams, on SQLite an index that holds all that is read."""

from django.db import DatabaseError, migrations, models

ON_SQLITE = {
    "order_sought": "orders_order (event_id, sought)",
    "attendee_sought": "orders_attendee (event_id, deleted_at, sought, order_id)",
}
ON_POSTGRESQL = {
    "order_sought": "orders_order USING gin (sought gin_trgm_ops)",
    "attendee_sought": "orders_attendee USING gin (sought gin_trgm_ops)",
}
REFUSED = (
    "Search needs PostgreSQL's extension pg_trgm, and this database user may not add it. Let a superuser run "
    "“CREATE EXTENSION pg_trgm;” in this database once, then migrate again."
)
AT_ONCE = 1000


def fill_in(apps, schema_editor):
    for name in ("Order", "Attendee"):
        model = apps.get_model("orders", name)
        sought, rows = model._meta.get_field("sought"), []
        for row in model._base_manager.filter(sought="").only(*sought.of).iterator(chunk_size=AT_ONCE):
            sought.pre_save(row, add=False)
            rows.append(row)
            if len(rows) == AT_ONCE:
                model._base_manager.bulk_update(rows, ["sought"])
                rows = []
        model._base_manager.bulk_update(rows, ["sought"])


def add_indexes(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        add_trigrams(schema_editor)
    for name, columns in (ON_POSTGRESQL if vendor == "postgresql" else ON_SQLITE).items():
        schema_editor.execute(f"CREATE INDEX {name} ON {columns}")


def add_trigrams(schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone():
            return
    try:
        schema_editor.execute("CREATE EXTENSION pg_trgm")
    except DatabaseError as problem:
        raise RuntimeError(REFUSED) from problem


def remove_indexes(apps, schema_editor):
    for name in ON_SQLITE:
        schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_scans_and_search")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["event", "-created_at", "-id"], name="order_newest_first"),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(add_indexes, remove_indexes),
    ]
