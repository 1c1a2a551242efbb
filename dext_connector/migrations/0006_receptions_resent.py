"""A refused publish keeps its document, and what MEG publishes again names the reception that it came from."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dext_connector', '0005_reception_glance'),
    ]

    operations = [
        migrations.AddField(
            model_name='inboxitem',
            name='document_name',
            field=models.CharField(blank=True, max_length=200, verbose_name='pièce reçue'),
        ),
        migrations.AddField(
            model_name='inboxitem',
            name='document_size',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='taille de la pièce (octets)'),
        ),
        migrations.AddField(
            model_name='inboxitem',
            name='is_document_kept',
            field=models.BooleanField(default=False, verbose_name='pièce gardée avec la réception'),
        ),
        migrations.AddField(
            model_name='inboxitem',
            name='moved_from',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moved_to', to='dext_connector.inboxitem', verbose_name='déplacée de la réception'),
        ),
        migrations.AddField(
            model_name='inboxitem',
            name='replayed_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replays', to='dext_connector.inboxitem', verbose_name='rejoue la réception'),
        ),
        migrations.AddIndex(
            model_name='inboxitem',
            index=models.Index(condition=models.Q(('is_document_kept', True)), fields=['received_at'], name='inbox_kept_documents'),
        ),
        migrations.AddConstraint(
            model_name='inboxitem',
            constraint=models.UniqueConstraint(condition=models.Q(('fate', 'created')), fields=('replayed_from',), name='inbox_one_creation_per_replay'),
        ),
        migrations.AddConstraint(
            model_name='inboxitem',
            constraint=models.CheckConstraint(condition=models.Q(('is_document_kept', False), models.Q(('document_name', ''), _negated=True), _connector='OR'), name='inbox_kept_document_has_its_name'),
        ),
        migrations.AddConstraint(
            model_name='inboxitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('moved_from', None), ('replayed_from', None)), ('fate', 'created'), _connector='OR'), name='inbox_resent_is_created'),
        ),
    ]
