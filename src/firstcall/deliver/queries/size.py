"""How large the store is, and what in it is."""

from __future__ import annotations

from django.db import connection

# Indexes count for their table. dbstat: https://www.sqlite.org/dbstat.html
SQLITE = """
SELECT s.tbl_name, SUM(d.pgsize) FROM dbstat AS d JOIN sqlite_schema AS s ON s.name = d.name
WHERE d.aggregate = TRUE GROUP BY s.tbl_name ORDER BY 2 DESC
"""
POSTGRESQL = """
SELECT relname, pg_total_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC
"""


def store_bytes() -> int:
    """Of the whole store, without SQLite's log."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])


def table_bytes() -> dict[str, int]:
    """By table with its indexes, the largest first. Reads every page of SQLite's tree: for a person who asks."""
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL if connection.vendor == "postgresql" else SQLITE)
        return {name: int(size) for name, size in cursor.fetchall()}
