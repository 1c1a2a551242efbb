from django.db import migrations


class Migration(migrations.Migration):
    """`updated_at` is kept by the database, and moves with what is shown within the row."""

    dependencies = [
        ("achats", "0004_document_awaited"),
        ("ledger", "0002_updated_at_by_the_database"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER achats_supplier_updated_at BEFORE INSERT OR UPDATE ON achats_supplier"
            " FOR EACH ROW EXECUTE FUNCTION keep_updated_at()",
            "DROP TRIGGER achats_supplier_updated_at ON achats_supplier",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER achats_supplierrule_updated_at BEFORE INSERT OR UPDATE ON achats_supplierrule"
            " FOR EACH ROW EXECUTE FUNCTION keep_updated_at()",
            "DROP TRIGGER achats_supplierrule_updated_at ON achats_supplierrule",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER achats_paymentmethod_updated_at BEFORE INSERT OR UPDATE ON achats_paymentmethod"
            " FOR EACH ROW EXECUTE FUNCTION keep_updated_at()",
            "DROP TRIGGER achats_paymentmethod_updated_at ON achats_paymentmethod",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER achats_supplierrule_touches_supplier AFTER INSERT OR UPDATE OR DELETE ON achats_supplierrule FOR EACH ROW"
            " EXECUTE FUNCTION touch_rows('achats_supplier', 'id', 'supplier_id')",
            "DROP TRIGGER achats_supplierrule_touches_supplier ON achats_supplierrule",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER ledger_account_touches_supplierrule AFTER UPDATE ON ledger_account FOR EACH ROW"
            " WHEN (OLD.code IS DISTINCT FROM NEW.code)"
            " EXECUTE FUNCTION touch_rows('achats_supplierrule', 'account_id', 'id')",
            "DROP TRIGGER ledger_account_touches_supplierrule ON ledger_account",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER ledger_vatcode_touches_supplierrule AFTER UPDATE ON ledger_vatcode FOR EACH ROW"
            " WHEN (OLD.code IS DISTINCT FROM NEW.code)"
            " EXECUTE FUNCTION touch_rows('achats_supplierrule', 'vat_code_id', 'id')",
            "DROP TRIGGER ledger_vatcode_touches_supplierrule ON ledger_vatcode",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER ledger_account_touches_paymentmethod AFTER UPDATE ON ledger_account FOR EACH ROW"
            " WHEN (OLD.code IS DISTINCT FROM NEW.code)"
            " EXECUTE FUNCTION touch_rows('achats_paymentmethod', 'person_account_id', 'id')",
            "DROP TRIGGER ledger_account_touches_paymentmethod ON ledger_account",
        ),
    ]
