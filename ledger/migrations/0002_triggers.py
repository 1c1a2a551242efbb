from django.db import migrations

# What no CHECK can see: the lines of an entry together, when the transaction ends.
CHECK = """
CREATE FUNCTION ledger_check_entry(checked uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    entry record;
    summed record;
BEGIN
    SELECT e.company_id, e.posted_on BETWEEN y.starts_on AND y.ends_on AS is_in_year,
           e.company_id = y.company_id AND e.company_id = j.company_id AS is_of_one
    INTO entry
    FROM ledger_journalentry e
    JOIN ledger_fiscalyear y ON y.id = e.fiscal_year_id
    JOIN ledger_journal j ON j.id = e.journal_id
    WHERE e.id = checked;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT count(*) AS lines, coalesce(sum(l.debit), 0) AS debits, coalesce(sum(l.credit), 0) AS credits,
           bool_and(l.company_id = entry.company_id AND a.company_id = entry.company_id
                    AND coalesce(t.company_id, entry.company_id) = entry.company_id) AS is_of_one
    INTO summed
    FROM ledger_entryline l
    JOIN ledger_account a ON a.id = l.account_id
    LEFT JOIN ledger_thirdpartyaccount t ON t.id = l.third_party_id
    WHERE l.entry_id = checked;
    IF summed.lines < 2 OR summed.debits <> summed.credits THEN
        RAISE EXCEPTION 'entry % does not balance: % lines, debit %, credit %',
            checked, summed.lines, summed.debits, summed.credits
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_balances';
    END IF;
    IF NOT entry.is_in_year THEN
        RAISE EXCEPTION 'entry % is not of its fiscal year', checked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_within_its_year';
    END IF;
    IF NOT (entry.is_of_one AND summed.is_of_one) THEN
        RAISE EXCEPTION 'entry % names another company', checked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_of_one_company';
    END IF;
END $$
"""
OF_ENTRY = """
CREATE FUNCTION ledger_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ledger_check_entry(NEW.id);
    RETURN NULL;
END $$
"""
OF_LINE = """
CREATE FUNCTION ledger_line_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        PERFORM ledger_check_entry(NEW.entry_id);
    END IF;
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND OLD.entry_id <> NEW.entry_id) THEN
        PERFORM ledger_check_entry(OLD.entry_id);
    END IF;
    RETURN NULL;
END $$
"""
# Nothing of a validated entry is changed, deleted or added (LPF art. A47 A-1, PCG art. 921-3).
ENTRY_STAYS = """
CREATE FUNCTION ledger_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entry % is validated', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_stays';
END $$
"""
LINE_STAYS = """
CREATE FUNCTION ledger_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM ledger_journalentry
        WHERE state = 'validated'
        AND id IN (CASE WHEN TG_OP = 'INSERT' THEN NEW.entry_id ELSE OLD.entry_id END,
                   CASE WHEN TG_OP = 'DELETE' THEN OLD.entry_id ELSE NEW.entry_id END)
    ) THEN
        RAISE EXCEPTION 'the entry of this line is validated'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_stays';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$
"""


class Migration(migrations.Migration):
    """Clocks of the rows; entries balance, stay within their company and year, and are final once validated."""

    replaces = [
        ("ledger", "0002_updated_at_by_the_database"),
        ("ledger", "0004_entries_balance_and_stay"),
    ]

    dependencies = [
        ("firms", "0002_triggers"),
        ("ledger", "0001_tables"),
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
        migrations.RunSQL(CHECK, "DROP FUNCTION ledger_check_entry"),
        migrations.RunSQL(OF_ENTRY, "DROP FUNCTION ledger_entry_balances"),
        migrations.RunSQL(OF_LINE, "DROP FUNCTION ledger_line_balances"),
        migrations.RunSQL(ENTRY_STAYS, "DROP FUNCTION ledger_entry_stays"),
        migrations.RunSQL(LINE_STAYS, "DROP FUNCTION ledger_line_stays"),
        migrations.RunSQL(
            "CREATE CONSTRAINT TRIGGER ledger_journalentry_balances"
            " AFTER INSERT OR UPDATE OF company_id, journal_id, fiscal_year_id, posted_on ON ledger_journalentry"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances()",
            "DROP TRIGGER ledger_journalentry_balances ON ledger_journalentry",
        ),
        migrations.RunSQL(
            "CREATE CONSTRAINT TRIGGER ledger_entryline_balances AFTER INSERT OR UPDATE OR DELETE ON ledger_entryline"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_line_balances()",
            "DROP TRIGGER ledger_entryline_balances ON ledger_entryline",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER ledger_journalentry_stays BEFORE UPDATE OR DELETE ON ledger_journalentry FOR EACH ROW"
            " WHEN (OLD.state = 'validated') EXECUTE FUNCTION ledger_entry_stays()",
            "DROP TRIGGER ledger_journalentry_stays ON ledger_journalentry",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER ledger_entryline_stays BEFORE INSERT OR UPDATE OR DELETE ON ledger_entryline"
            " FOR EACH ROW EXECUTE FUNCTION ledger_line_stays()",
            "DROP TRIGGER ledger_entryline_stays ON ledger_entryline",
        ),
    ]
