from django.db import migrations


class Migration(migrations.Migration):
    """`updated_at` moves with what is shown within the row: aliases of a supplier, the names in a rule."""

    dependencies = [
        ("achats", "0005_updated_at_by_the_database"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER achats_supplieralias_touches_supplier AFTER INSERT OR UPDATE OR DELETE"
            " ON achats_supplieralias FOR EACH ROW"
            " EXECUTE FUNCTION touch_rows('achats_supplier', 'id', 'supplier_id')",
            "DROP TRIGGER achats_supplieralias_touches_supplier ON achats_supplieralias",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER achats_paymentmethod_touches_supplierrule AFTER UPDATE ON achats_paymentmethod"
            " FOR EACH ROW WHEN (OLD.label IS DISTINCT FROM NEW.label)"
            " EXECUTE FUNCTION touch_rows('achats_supplierrule', 'payment_method_id', 'id')",
            "DROP TRIGGER achats_paymentmethod_touches_supplierrule ON achats_paymentmethod",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER achats_supplier_touches_supplierrule AFTER UPDATE ON achats_supplier"
            " FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name)"
            " EXECUTE FUNCTION touch_rows('achats_supplierrule', 'supplier_id', 'id')",
            "DROP TRIGGER achats_supplier_touches_supplierrule ON achats_supplier",
        ),
    ]
