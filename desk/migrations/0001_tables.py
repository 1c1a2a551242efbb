import django.db.models.deletion
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('desk', '0001_company_counters'),
        ('desk', '0002_imports_to_mend'),
        ('desk', '0003_first_steps_hiding'),
    ]

    initial = True

    dependencies = [
        ('firms', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CompanyCounters',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('counted_at', models.DateTimeField(verbose_name='compté le')),
                ('seen_until', models.UUIDField(verbose_name='vu jusqu’à')),
                ('not_ready', models.PositiveIntegerField(default=0, verbose_name='pas prêtes')),
                ('ready', models.PositiveIntegerField(default=0, verbose_name='à publier')),
                ('to_match', models.PositiveIntegerField(default=0, verbose_name='à rapprocher')),
                ('unread', models.PositiveIntegerField(default=0, verbose_name='rapprochements à relire')),
                ('refused', models.PositiveIntegerField(default=0, verbose_name='refus de Dext')),
                ('failed', models.PositiveIntegerField(default=0, verbose_name='échecs')),
                ('imports_to_mend', models.PositiveIntegerField(default=0, verbose_name='imports de relevés à reprendre')),
                ('waiting_since', models.DateTimeField(blank=True, null=True, verbose_name='attend depuis le')),
                ('bank_account_count', models.PositiveIntegerField(default=0, verbose_name='comptes bancaires')),
                ('bank_known_until', models.DateField(blank=True, null=True, verbose_name='banque connue jusqu’au')),
                ('last_deed_at', models.DateTimeField(blank=True, null=True, verbose_name='dernier geste le')),
                ('company', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='counters', to='firms.company', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'compteurs du dossier',
                'verbose_name_plural': 'compteurs des dossiers',
                'ordering': ['company'],
            },
        ),
        migrations.CreateModel(
            name='FirstStepsHiding',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('hidden_at', models.DateTimeField(verbose_name='masquées le')),
                ('company', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='first_steps_hiding', to='firms.company', verbose_name='dossier')),
                ('hidden_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='masquées par')),
            ],
            options={
                'verbose_name': 'premières étapes masquées',
                'verbose_name_plural': 'premières étapes masquées',
                'ordering': ['company'],
            },
        ),
    ]
