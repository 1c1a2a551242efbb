"""When a person last looked at the receptions of a company."""

import django.db.models.deletion
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dext_connector', '0006_receptions_resent'),
        ('firms', '0002_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReceptionVisit',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('visited_at', models.DateTimeField(verbose_name='vue le')),
                ('unread_since', models.DateTimeField(blank=True, null=True, verbose_name='non lu depuis')),
            ],
            options={
                'verbose_name': 'visite des réceptions',
                'verbose_name_plural': 'visites des réceptions',
                'ordering': ['company', 'user'],
            },
        ),
        migrations.AddField(
            model_name='receptionvisit',
            name='company',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='firms.company', verbose_name='dossier'),
        ),
        migrations.AddField(
            model_name='receptionvisit',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='utilisateur'),
        ),
        migrations.AddConstraint(
            model_name='receptionvisit',
            constraint=models.UniqueConstraint(fields=('company', 'user'), name='reception_visit_once'),
        ),
        migrations.AddConstraint(
            model_name='receptionvisit',
            constraint=models.CheckConstraint(condition=models.Q(('unread_since', None), ('unread_since__lte', models.F('visited_at')), _connector='OR'), name='reception_visit_unread_before_visited'),
        ),
    ]
