"""What the map is known by while it stays as it is."""

from __future__ import annotations

from typing import Any

from django.db import models


class MapStamp(models.Model):
    """One row: `stamp` is another word by chance after each change of a dependency, whoever makes it.

    The store itself sets it, by a trigger, so that no way of writing can forget to. By chance and not counted up: a
    number would come again after a transaction that was taken back.
    """

    stamp = models.CharField(max_length=36)


def watch_map(_apps: Any, schema: Any) -> None:
    """A step of a migration: set the triggers, also again. On SQLite a table that is remade loses its own."""
    if schema.connection.vendor == "postgresql":
        schema.execute(
            "CREATE OR REPLACE FUNCTION ready_map_changed() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN UPDATE ready_mapstamp SET stamp = gen_random_uuid()::text; RETURN NULL; END $$"
        )
        schema.execute("DROP TRIGGER IF EXISTS ready_map_changed ON ready_dependency")
        schema.execute(
            "CREATE TRIGGER ready_map_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ready_dependency "
            "FOR EACH STATEMENT EXECUTE FUNCTION ready_map_changed()"
        )
        return
    body = "BEGIN UPDATE ready_mapstamp SET stamp = lower(hex(randomblob(16))); END"
    for event in ("INSERT", "UPDATE", "DELETE"):
        schema.execute(f"DROP TRIGGER IF EXISTS ready_map_changed_{event.lower()}")
        schema.execute(f"CREATE TRIGGER ready_map_changed_{event.lower()} AFTER {event} ON ready_dependency {body}")
