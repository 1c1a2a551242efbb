from django.db import migrations, models


def keep_what_was_off(apps, schema_editor):
    accounts = apps.get_model("banking", "BankAccount").objects
    accounts.filter(is_matched_automatically=False).update(automation="off")


class Migration(migrations.Migration):

    dependencies = [("banking", "0009_index_of_open_lines")]

    operations = [
        migrations.AddField(
            model_name="bankaccount",
            name="automation",
            field=models.CharField(
                choices=[("on", "Automatique"), ("observed", "Observation"), ("off", "Désactivé")],
                default="on", max_length=10, verbose_name="rapprochement automatique",
            ),
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="automatic_cap",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=16, null=True, verbose_name="plafond"
            ),
        ),
        migrations.AddField(
            model_name="match",
            name="is_observed",
            field=models.BooleanField(default=False, verbose_name="aurait été automatique"),
        ),
        migrations.RunPython(keep_what_was_off, migrations.RunPython.noop),
        migrations.RemoveField(model_name="bankaccount", name="is_matched_automatically"),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("automatic_cap", None), ("automatic_cap__gt", 0), _connector="OR"),
                name="bank_account_cap_positive",
            ),
        ),
    ]
