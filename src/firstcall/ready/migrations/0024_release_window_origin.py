from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ready', '0023_lane_when'),
    ]

    operations = [
        migrations.AddField(
            model_name='releasewindow',
            name='origin',
            field=models.CharField(blank=True, default='', max_length=120),
            preserve_default=False,
        ),
    ]
