"""What search needs: every row's text, and on PostgreSQL trigrams. The indexes are made after it: `search_indexes.py`."""

from django.db import DatabaseError, migrations, models

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


def add_trigrams(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone():
            return
    try:
        schema_editor.execute("CREATE EXTENSION pg_trgm")
    except DatabaseError as problem:
        raise RuntimeError(REFUSED) from problem


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_scans_and_search")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["event", "-created_at", "-id"], name="order_newest_first"),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(add_trigrams, migrations.RunPython.noop),
    ]
