"""The severity table with its defaults; a person may change them after."""

from dataclasses import asdict

from django.db import migrations

from firstcall.ready.rules.severity import DEFAULTS


def forward(apps, _schema):
    rule = apps.get_model("ready", "SeverityRule")
    for facts in DEFAULTS:
        rule.objects.create(**{**asdict(facts), "roles": list(facts.roles)})


class Migration(migrations.Migration):
    dependencies = [("ready", "0001_initial")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
