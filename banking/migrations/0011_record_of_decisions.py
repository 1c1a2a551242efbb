from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("banking", "0010_automation_of_accounts")]

    operations = [
        migrations.AddField(
            model_name="match",
            name="record",
            field=models.JSONField(blank=True, default=dict, verbose_name="ce qui a été pesé"),
        ),
    ]
