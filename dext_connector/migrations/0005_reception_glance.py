"""A reception is found by what its payload says at a glance, and tells how long it took."""

import django.contrib.postgres.indexes
from django.db import migrations, models

FILL = r"""
UPDATE dext_connector_inboxitem SET
    received_key = idempotency_key,
    supplier_name = left(coalesce(payload->'supplier'->>'name', ''), 200),
    total = CASE WHEN payload->>'total' ~ '^-?[0-9]{1,11}([.][0-9]{1,2})?$' THEN (payload->>'total')::numeric END,
    currency = CASE WHEN payload->>'currency' ~ '^[A-Z]{3}$' THEN payload->>'currency' ELSE 'EUR' END,
    search_text = ' ' || btrim(regexp_replace(lower(unaccent(concat_ws(' ',
        payload->'supplier'->>'name', payload->>'total',
        external_id, regexp_replace(external_id, '[^A-Za-z0-9]', '', 'g'), payload->>'reference'
    ))), '[^a-z0-9]+', ' ', 'g'))
"""


class Migration(migrations.Migration):

    dependencies = [
        ('dext_connector', '0004_archived_rules'),
        ('firms', '0001_extensions'),
    ]

    operations = [
        migrations.AddField(
            model_name='inboxitem',
            name='currency',
            field=models.CharField(blank=True, max_length=3, verbose_name='devise'),
        ),
        migrations.AddField(
            model_name='inboxitem',
            name='duration_ms',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='durée (ms)'),
        ),
        migrations.AddField(
            model_name='inboxitem',
            name='raw_body',
            field=models.TextField(blank=True, verbose_name='contenu illisible'),
        ),
        migrations.AddField(
            model_name='inboxitem',
            name='received_key',
            field=models.CharField(blank=True, max_length=128, verbose_name='clé reçue'),
        ),
        migrations.AddField(
            model_name='inboxitem',
            name='search_text',
            field=models.TextField(blank=True, editable=False, verbose_name='texte de recherche'),
        ),
        migrations.AddField(
            model_name='inboxitem',
            name='supplier_name',
            field=models.CharField(blank=True, max_length=200, verbose_name='fournisseur'),
        ),
        migrations.AddField(
            model_name='inboxitem',
            name='total',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='total'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='inboxitem',
            index=models.Index(fields=['company', 'fate', '-id'], name='inbox_tabs'),
        ),
        migrations.AddIndex(
            model_name='inboxitem',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_text'], name='inbox_search', opclasses=['gin_trgm_ops']),
        ),
    ]
