"""Triggers that refuse to change or delete what happened, and the one row of the head."""

from django.db import migrations

TABLES = ("journal_entry", "journal_position")
SENTENCE = "the journal is append-only"


def sqlite(op, table):
    return f"CREATE TRIGGER {table}_{op.lower()} BEFORE {op} ON {table} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"


def forward(apps, schema):
    guarded = [(table, op) for table in TABLES for op in ("UPDATE", "DELETE")] + [("journal_facts", "DELETE")]
    if schema.connection.vendor == "postgresql":
        schema.execute(
            "CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$"
        )
        for table, op in guarded:
            schema.execute(
                f"CREATE TRIGGER {table}_{op.lower()} BEFORE {op} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()"
            )
        # The only change there is: what an entry says is taken away whole.
        schema.execute(
            "CREATE TRIGGER journal_facts_update BEFORE UPDATE ON journal_facts FOR EACH ROW "
            "WHEN (NOT (NEW.data ? 'redacted')) EXECUTE FUNCTION journal_refuse()"
        )
    else:
        for table, op in guarded:
            schema.execute(sqlite(op, table))
        schema.execute(
            "CREATE TRIGGER journal_facts_update BEFORE UPDATE ON journal_facts "
            "WHEN json_extract(NEW.data, '$.redacted') IS NULL "
            f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )
    apps.get_model("journal", "Head").objects.create(id=1, position=0)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
