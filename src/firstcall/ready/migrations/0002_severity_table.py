"""The severity table with its defaults; a person may change them after."""

from dataclasses import asdict

from django.db import migrations

from firstcall.ready.rules.severity import DEFAULTS


def forward(apps, _schema):
    rule = apps.get_model("ready", "SeverityRule")
    known = {field.name for field in rule._meta.get_fields()}  # columns that came later have their own defaults
    for facts in DEFAULTS:
        row = {**asdict(facts), "roles": list(facts.roles)}
        rule.objects.create(**{name: value for name, value in row.items() if name in known})


class Migration(migrations.Migration):
    dependencies = [("ready", "0001_initial")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
