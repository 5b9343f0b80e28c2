import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("detect", "0003_held")]

    operations = [
        migrations.CreateModel(
            name="Heard",
            fields=[
                (
                    "alert",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="heard",
                        serialize=False,
                        to="detect.alert",
                    ),
                ),
                ("count", models.PositiveIntegerField(default=1)),
                ("last_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(
            "INSERT INTO detect_heard (alert_id, count, last_at) SELECT id, count, last_at FROM detect_alert",
            migrations.RunSQL.noop,
        ),
    ]
