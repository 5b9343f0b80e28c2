import secrets

from django.db import migrations, models

from firstcall.ready.models.map_stamp import watch_map


def begin(apps, _schema):
    apps.get_model("ready", "MapStamp").objects.create(id=1, stamp=secrets.token_hex(16))


class Migration(migrations.Migration):

    dependencies = [
        ('ready', '0015_breaks_quiet'),
    ]

    operations = [
        migrations.CreateModel(
            name='MapStamp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stamp', models.CharField(max_length=36)),
            ],
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.RunPython(watch_map, migrations.RunPython.noop),
    ]
