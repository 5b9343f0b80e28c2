from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("inform", "0002_repair")]

    operations = [
        migrations.AddField(
            model_name="statuspage",
            name="since",
            field=models.DateTimeField(default=timezone.now),
            preserve_default=False,
        ),
    ]
