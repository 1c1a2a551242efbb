from django.db import migrations


class Migration(migrations.Migration):
    """A company is answered with the state of its connection: what changes the one changes the other."""

    replaces = [
        ("dext_connector", "0012_connections_move_their_company"),
    ]

    dependencies = [
        ("dext_connector", "0001_tables"),
        ("firms", "0002_triggers"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER dext_connector_dextconnection_touches_company AFTER INSERT OR UPDATE OR DELETE ON dext_connector_dextconnection FOR EACH ROW"
            " EXECUTE FUNCTION touch_rows('firms_company', 'id', 'company_id')",
            "DROP TRIGGER dext_connector_dextconnection_touches_company ON dext_connector_dextconnection",
        ),
    ]
