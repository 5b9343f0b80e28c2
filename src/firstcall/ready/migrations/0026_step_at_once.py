"""A step that waits 0 minutes is paged at once with the next."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ready", "0025_preview_catalog")]

    operations = [
        migrations.RemoveConstraint(model_name="escalationstep", name="step_wait"),
        migrations.AddConstraint(
            model_name="escalationstep",
            constraint=models.CheckConstraint(name="step_wait", condition=models.Q(("wait_minutes__lte", 240))),
        ),
    ]
