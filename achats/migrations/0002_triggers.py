from django.db import migrations


class Migration(migrations.Migration):
    """Clocks of the rows, which move with what is shown within them; a new number of an account moves its purchases."""

    replaces = [
        ("achats", "0005_updated_at_by_the_database"),
        ("achats", "0006_aliases_and_methods_touch"),
    ]

    dependencies = [
        ("achats", "0001_tables"),
        ("ledger", "0002_triggers"),
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
        migrations.RunSQL(
            "CREATE FUNCTION recode_purchases() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " UPDATE achats_purchaseinvoice SET sort_account = NEW.code"
            " WHERE company_id = NEW.company_id AND sort_account = OLD.code; RETURN NULL; END $$;"
            " CREATE TRIGGER ledger_account_recodes_purchases AFTER UPDATE ON ledger_account FOR EACH ROW"
            " WHEN (OLD.code IS DISTINCT FROM NEW.code) EXECUTE FUNCTION recode_purchases()",
            "DROP TRIGGER ledger_account_recodes_purchases ON ledger_account; DROP FUNCTION recode_purchases()",
        ),
    ]
