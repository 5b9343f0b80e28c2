"""Which flow was known when the severity was said; of what was opened before nobody is asked again."""

import django.db.models.deletion
from django.db import migrations, models


def forward(apps, _schema):
    apps.get_model("respond", "Incident").objects.update(severity_flow=models.F("flow"))


class Migration(migrations.Migration):

    dependencies = [
        ('ready', '0001_initial'),
        ('respond', '0013_returns'),
    ]

    operations = [
        migrations.AddField(
            model_name='incident',
            name='severity_flow',
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='ready.flow',
            ),
        ),
        migrations.RunPython(forward, migrations.RunPython.noop),
    ]
