import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.functions.uuid
import firms.models.company
from django.conf import settings
from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('firms', '0001_extensions'),
        ('firms', '0002_initial'),
        ('firms', '0003_event_position'),
        ('firms', '0005_density_of_lists'),
        ('firms', '0006_entrusted_companies'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        # Trusted extensions: the owner of the database may create them without being superuser.
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGinExtension(),
        migrations.RunSQL('CREATE SEQUENCE firms_event_position AS bigint', 'DROP SEQUENCE firms_event_position'),
        migrations.CreateModel(
            name='Firm',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=20, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
            ],
            options={
                'verbose_name': 'cabinet',
                'verbose_name_plural': 'cabinets',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Company',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=20, verbose_name='code')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('siren', models.CharField(blank=True, max_length=9, validators=[firms.models.company.validate_siren], verbose_name='SIREN')),
                ('currency', models.CharField(default='EUR', max_length=3, verbose_name='devise')),
                ('is_active', models.BooleanField(default=True, verbose_name='actif')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='companies', to='firms.firm', verbose_name='cabinet')),
            ],
            options={
                'verbose_name': 'dossier',
                'verbose_name_plural': 'dossiers',
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('firm', 'code'), name='company_code_unique_in_firm')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='adresse e-mail')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='nom')),
                ('is_active', models.BooleanField(default=True, verbose_name='actif')),
                ('is_staff', models.BooleanField(default=False, verbose_name='accès à l’administration')),
                ('theme', models.CharField(choices=[('system', 'Système'), ('light', 'Clair'), ('dark', 'Sombre')], default='system', max_length=10, verbose_name='thème')),
                ('density', models.CharField(choices=[('compact', 'Compact'), ('comfortable', 'Confort')], default='compact', max_length=12, verbose_name='densité des listes')),
                ('has_key_shortcuts', models.BooleanField(default=True, verbose_name='raccourcis à une touche')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'utilisateur',
                'verbose_name_plural': 'utilisateurs',
                'ordering': ['email'],
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_is_lower')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40, verbose_name='nature')),
                ('subject_id', models.UUIDField(verbose_name='objet')),
                ('at', models.DateTimeField(verbose_name='le')),
                ('changes', models.JSONField(default=dict, verbose_name='changements')),
                ('position', models.BigIntegerField(blank=True, editable=False, null=True, verbose_name='place dans le fil')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='firms.company', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'événement',
                'verbose_name_plural': 'événements',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('position', None)), fields=['id'], name='event_without_position'), models.Index(fields=['company', 'id'], name='event_feed'), models.Index(fields=['company', 'subject_id', 'id'], name='event_history')],
                'constraints': [models.UniqueConstraint(fields=('position',), name='event_position_once')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, verbose_name='adresse e-mail')),
                ('role', models.CharField(choices=[('administrator', 'Administrateur'), ('accountant', 'Comptable'), ('reader', 'Lecteur')], max_length=15, verbose_name='rôle')),
                ('sees_all_companies', models.BooleanField(default=False, verbose_name='voit tous les dossiers')),
                ('token_hash', models.CharField(max_length=64, unique=True, verbose_name='empreinte du lien')),
                ('expires_at', models.DateTimeField(verbose_name='expire le')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='acceptée le')),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='acceptée par')),
                ('companies', models.ManyToManyField(blank=True, to='firms.company', verbose_name='dossiers')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='créée par')),
                ('firm', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='firms.firm', verbose_name='cabinet')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('administrator', 'Administrateur'), ('accountant', 'Comptable'), ('reader', 'Lecteur')], max_length=15, verbose_name='rôle')),
                ('sees_all_companies', models.BooleanField(default=False, verbose_name='voit tous les dossiers')),
                ('is_active', models.BooleanField(default=True, verbose_name='actif')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('companies', models.ManyToManyField(blank=True, related_name='memberships', to='firms.company', verbose_name='dossiers')),
                ('entrusted', models.ManyToManyField(blank=True, db_table='firms_entrusted_company', related_name='keepers', to='firms.company', verbose_name='dossiers confiés')),
                ('firm', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='firms.firm', verbose_name='cabinet')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='utilisateur')),
            ],
            options={
                'verbose_name': 'membre',
                'verbose_name_plural': 'membres',
                'ordering': ['firm', 'user'],
                'constraints': [models.UniqueConstraint(fields=('user', 'firm'), name='membership_one_per_user_and_firm')],
            },
        ),
    ]
