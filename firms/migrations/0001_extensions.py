from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Trusted extensions: the owner of the database may create them without being superuser."""

    initial = True
    dependencies = []
    operations = [UnaccentExtension(), TrigramExtension(), BtreeGinExtension()]
