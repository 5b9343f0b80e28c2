"""A severity that wakes people at any hour breaks their quiet hours; an admin may say otherwise but for SEV1."""

from django.db import migrations, models


def forward(apps, _schema):
    apps.get_model("ready", "SeverityRule").objects.filter(wakes="always").update(breaks_quiet=True)


class Migration(migrations.Migration):

    dependencies = [
        ('ready', '0014_customer_ended'),
    ]

    operations = [
        migrations.AddField(
            model_name='severityrule',
            name='breaks_quiet',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(forward, migrations.RunPython.noop),
    ]
