"""The last sign of whoever is silent, by its right name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("respond", "0003_question")]

    operations = [migrations.RenameField("roleholding", "quiet_at", "quiet_since")]
