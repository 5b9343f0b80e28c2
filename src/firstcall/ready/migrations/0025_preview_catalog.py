from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ready', '0024_release_window_origin'),
    ]

    operations = [
        migrations.AlterField(
            model_name='preview',
            name='kind',
            field=models.CharField(choices=[('customers', 'Customers'), ('hours', 'What each hour of the week costs'), ('catalog', 'What is prepared')], max_length=9),
        ),
    ]
