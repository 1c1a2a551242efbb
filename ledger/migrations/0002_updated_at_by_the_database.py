from django.db import migrations


class Migration(migrations.Migration):
    """`updated_at` is kept by the database, and moves with what is shown within the row."""

    dependencies = [
        ("firms", "0004_company_updated_at"),
        ("ledger", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER ledger_account_updated_at BEFORE INSERT OR UPDATE ON ledger_account"
            " FOR EACH ROW EXECUTE FUNCTION keep_updated_at()",
            "DROP TRIGGER ledger_account_updated_at ON ledger_account",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER ledger_vatcode_updated_at BEFORE INSERT OR UPDATE ON ledger_vatcode"
            " FOR EACH ROW EXECUTE FUNCTION keep_updated_at()",
            "DROP TRIGGER ledger_vatcode_updated_at ON ledger_vatcode",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER ledger_vatcode_touches_account AFTER UPDATE ON ledger_vatcode FOR EACH ROW"
            " WHEN (OLD.code IS DISTINCT FROM NEW.code)"
            " EXECUTE FUNCTION touch_rows('ledger_account', 'default_vat_code_id', 'id')",
            "DROP TRIGGER ledger_vatcode_touches_account ON ledger_vatcode",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER ledger_bookkeeping_touches_company AFTER INSERT OR UPDATE OR DELETE ON ledger_bookkeeping FOR EACH ROW"
            " EXECUTE FUNCTION touch_rows('firms_company', 'id', 'company_id')",
            "DROP TRIGGER ledger_bookkeeping_touches_company ON ledger_bookkeeping",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER ledger_fiscalyear_touches_company AFTER INSERT OR UPDATE OR DELETE ON ledger_fiscalyear FOR EACH ROW"
            " EXECUTE FUNCTION touch_rows('firms_company', 'id', 'company_id')",
            "DROP TRIGGER ledger_fiscalyear_touches_company ON ledger_fiscalyear",
        ),
    ]
