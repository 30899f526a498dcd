"""The indexes that make search quick, which each database has in its own way and no model can name."""

from django.db import connections

ON_POSTGRESQL = {
    "order_sought": "orders_order USING gin (sought gin_trgm_ops)",
    "attendee_sought": "orders_attendee USING gin (sought gin_trgm_ops)",
}
# SQLite reads every text of one event: from an index that holds all that is asked, and never from the wide rows.
# For attendees their list has such a one, `attendee_by_name`.
ON_SQLITE = {"order_sought": "orders_order (event_id, deleted_at, sought, currency, amount)"}


def keep_search_indexes(using, **_):
    """After every `migrate`: SQLite makes a table anew to change a column, and loses what no model names."""
    connection = connections[using]
    wanted = ON_POSTGRESQL if connection.vendor == "postgresql" else ON_SQLITE
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name, columns in wanted.items():
            if columns.split()[0] in tables:
                cursor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {columns}")
