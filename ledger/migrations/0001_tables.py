import django.core.validators
import django.db.models.deletion
import django.db.models.functions.uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('ledger', '0001_initial'),
        ('ledger', '0003_journals_and_entries'),
    ]

    initial = True

    dependencies = [
        ('firms', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='VatCode',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20, verbose_name='code')),
                ('label', models.CharField(max_length=80, verbose_name='libellé')),
                ('kind', models.CharField(choices=[('deductible', 'Déductible'), ('non_deductible', 'Non déductible'), ('reverse_charge', 'Autoliquidation'), ('intra_eu', 'Intracommunautaire'), ('import', 'Importation'), ('exempt', 'Exonéré'), ('none', 'Sans TVA')], max_length=15, verbose_name='nature')),
                ('rate', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='taux (%)')),
                ('deductible_percent', models.PositiveSmallIntegerField(default=100, verbose_name='part déductible (%)')),
                ('may_be_marker', models.BooleanField(default=False, verbose_name='peut servir de marqueur TVA')),
                ('may_be_no_vat', models.BooleanField(default=False, verbose_name='peut servir de « pas de TVA »')),
                ('is_active', models.BooleanField(default=True, verbose_name='actif')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valable du')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valable jusqu’au')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='vat_codes', to='firms.company', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'code TVA',
                'verbose_name_plural': 'codes TVA',
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('company', 'code'), name='vat_code_unique_in_company'), models.CheckConstraint(condition=models.Q(('deductible_percent__lte', 100)), name='vat_code_deductible_share'), models.CheckConstraint(condition=models.Q(('rate', None), models.Q(('rate__gte', 0), ('rate__lte', 100)), _connector='OR'), name='vat_code_rate'), models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='vat_code_dates')],
            },
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=8, validators=[django.core.validators.RegexValidator('^[0-9]{3}[0-9A-Z]{5}$', 'Un compte porte huit caractères, dont trois chiffres d’abord.')], verbose_name='numéro')),
                ('label', models.CharField(max_length=120, verbose_name='libellé')),
                ('is_active', models.BooleanField(default=True, verbose_name='actif')),
                ('is_purchase_allowed', models.BooleanField(default=True, verbose_name='ouvert aux achats')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accounts', to='firms.company', verbose_name='dossier')),
                ('default_vat_code', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.vatcode', verbose_name='code TVA par défaut')),
            ],
            options={
                'verbose_name': 'compte',
                'verbose_name_plural': 'comptes',
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('company', 'code'), name='account_unique_in_company'), models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{3}[0-9A-Z]{5}$')), name='account_code_shape')],
            },
        ),
        migrations.CreateModel(
            name='Bookkeeping',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('vat_regime', models.CharField(choices=[('normal', 'Réel normal'), ('simplified', 'Réel simplifié'), ('exempt', 'Franchise en base')], default='normal', max_length=10, verbose_name='régime de TVA')),
                ('accounting_mode', models.CharField(choices=[('accrual', 'Engagement'), ('cash', 'Trésorerie')], default='accrual', max_length=10, verbose_name='mode')),
                ('locked_until', models.DateField(blank=True, null=True, verbose_name='clos jusqu’au')),
                ('company', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='bookkeeping', to='firms.company', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'tenue comptable',
                'verbose_name_plural': 'tenues comptables',
            },
        ),
        migrations.CreateModel(
            name='FiscalYear',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('starts_on', models.DateField(verbose_name='du')),
                ('ends_on', models.DateField(verbose_name='au')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fiscal_years', to='firms.company', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'exercice',
                'verbose_name_plural': 'exercices',
                'ordering': ['starts_on'],
                'constraints': [models.UniqueConstraint(fields=('company', 'starts_on'), name='fiscal_year_unique_in_company'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='fiscal_year_dates')],
            },
        ),
        migrations.CreateModel(
            name='Journal',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=5, verbose_name='code')),
                ('label', models.CharField(max_length=80, verbose_name='libellé')),
                ('kind', models.CharField(choices=[('purchases', 'Achats'), ('bank', 'Banque'), ('misc', 'Opérations diverses')], max_length=10, verbose_name='nature')),
                ('last_draft', models.PositiveIntegerField(default=0, verbose_name='dernier n° de brouillard')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='journals', to='firms.company', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'journal',
                'verbose_name_plural': 'journaux',
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('company', 'code'), name='journal_unique_in_company')],
            },
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('draft', 'Brouillard'), ('validated', 'Validée')], default='draft', max_length=10, verbose_name='état')),
                ('draft_number', models.PositiveIntegerField(verbose_name='n° de brouillard')),
                ('number', models.PositiveIntegerField(blank=True, null=True, verbose_name='n° d’écriture')),
                ('posted_on', models.DateField(verbose_name='date d’écriture')),
                ('document_on', models.DateField(verbose_name='date de pièce')),
                ('reference', models.CharField(blank=True, max_length=100, verbose_name='n° de pièce')),
                ('label', models.CharField(max_length=200, verbose_name='libellé')),
                ('created_at', models.DateTimeField(verbose_name='passée le')),
                ('validated_at', models.DateTimeField(blank=True, null=True, verbose_name='validée le')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='firms.company', verbose_name='dossier')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='passée par')),
                ('fiscal_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='ledger.fiscalyear', verbose_name='exercice')),
                ('journal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='ledger.journal', verbose_name='journal')),
                ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversal', to='ledger.journalentry', verbose_name='contre-passe')),
                ('validated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='validée par')),
            ],
            options={
                'verbose_name': 'écriture',
                'verbose_name_plural': 'écritures',
                'ordering': ['posted_on', 'id'],
                'indexes': [models.Index(fields=['company', 'posted_on'], name='entry_by_day'), models.Index(condition=models.Q(('state', 'draft')), fields=['company', 'posted_on'], name='entry_drafts')],
                'constraints': [models.UniqueConstraint(fields=('journal', 'draft_number'), name='entry_draft_number_once'), models.UniqueConstraint(fields=('journal', 'fiscal_year', 'number'), name='entry_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('number', None), ('state', 'draft'), ('validated_at', None), ('validated_by', None)), models.Q(('number__isnull', False), ('state', 'validated'), ('validated_at__isnull', False), ('validated_by__isnull', False)), _connector='OR'), name='entry_validated_has_its_number')],
            },
        ),
        migrations.CreateModel(
            name='ThirdPartyAccount',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20, verbose_name='numéro')),
                ('label', models.CharField(max_length=200, verbose_name='libellé')),
                ('collective', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='third_parties', to='ledger.account', verbose_name='collectif')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='third_parties', to='firms.company', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'compte auxiliaire',
                'verbose_name_plural': 'comptes auxiliaires',
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('company', 'code'), name='third_party_unique_in_company')],
            },
        ),
        migrations.CreateModel(
            name='EntryLine',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField(verbose_name='rang')),
                ('label', models.CharField(max_length=200, verbose_name='libellé')),
                ('debit', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='débit')),
                ('credit', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='crédit')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entry_lines', to='ledger.account', verbose_name='compte')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='firms.company', verbose_name='dossier')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='ledger.journalentry', verbose_name='écriture')),
                ('third_party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='ledger.thirdpartyaccount', verbose_name='auxiliaire')),
            ],
            options={
                'verbose_name': 'ligne d’écriture',
                'verbose_name_plural': 'lignes d’écriture',
                'ordering': ['entry', 'position'],
                'constraints': [models.UniqueConstraint(fields=('entry', 'position'), name='entry_line_position'), models.CheckConstraint(condition=models.Q(models.Q(('credit', 0), ('debit__gt', 0)), models.Q(('credit__gt', 0), ('debit', 0)), _connector='OR'), name='entry_line_one_side')],
            },
        ),
    ]
