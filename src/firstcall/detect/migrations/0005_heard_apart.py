from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("detect", "0004_heard")]

    operations = [
        migrations.RemoveField(model_name="alert", name="count"),
        migrations.RemoveField(model_name="alert", name="last_at"),
    ]
