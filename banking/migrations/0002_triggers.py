from django.db import migrations

# As `banking.matching.references.number_tokens`, but for every run of five digits in the place of the longest. Folding
# leaves nothing of a letter but A to Z, so that no collation changes what it says.
_TOKENS = """
CREATE FUNCTION document_tokens(number text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ARRAY(
        SELECT run[1] FROM regexp_matches(folded, '[0-9]{5,}', 'g') AS run
        UNION
        SELECT squashed FROM regexp_replace(folded, '[^A-Z0-9]', '', 'g') AS squashed
        WHERE length(squashed) >= 4 AND squashed ~ '[0-9]'
    )
    FROM (
        SELECT upper(
            normalize(replace(replace(replace(replace(number, 'œ', 'oe'), 'Œ', 'OE'), 'ß', 'ss'), 'ı', 'i'), NFKD)
            COLLATE "C"
        ) AS folded
    ) AS text
$$
"""
_INDEX = """
CREATE INDEX purchase_awaited_by_number ON achats_purchaseinvoice
USING gin (company_id, document_tokens(reference)) WITH (fastupdate = off)
WHERE NOT status = 'cancelled' AND NOT settlement = 'settled' AND NOT is_settled_off_bank
"""


class Migration(migrations.Migration):
    """Clocks of the rows; the numbers of what waits for the bank, indexed as labels bear them."""

    replaces = [
        ("banking", "0021_words_and_numbers"),
    ]

    dependencies = [
        ("achats", "0002_triggers"),
        ("banking", "0001_tables"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER banking_banktransaction_updated_at BEFORE INSERT OR UPDATE ON banking_banktransaction"
            " FOR EACH ROW EXECUTE FUNCTION keep_updated_at()",
            "DROP TRIGGER banking_banktransaction_updated_at ON banking_banktransaction",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER banking_paymentmethodmapping_updated_at BEFORE INSERT OR UPDATE ON banking_paymentmethodmapping"
            " FOR EACH ROW EXECUTE FUNCTION keep_updated_at()",
            "DROP TRIGGER banking_paymentmethodmapping_updated_at ON banking_paymentmethodmapping",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER banking_paymentmethodmapping_touches_paymentmethod AFTER INSERT OR UPDATE OR DELETE ON banking_paymentmethodmapping FOR EACH ROW"
            " EXECUTE FUNCTION touch_rows('achats_paymentmethod', 'id', 'payment_method_id')",
            "DROP TRIGGER banking_paymentmethodmapping_touches_paymentmethod ON banking_paymentmethodmapping",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER banking_bankaccount_touches_paymentmethodmapping AFTER UPDATE ON banking_bankaccount FOR EACH ROW"
            " WHEN (OLD.label IS DISTINCT FROM NEW.label OR OLD.last_four IS DISTINCT FROM NEW.last_four)"
            " EXECUTE FUNCTION touch_rows('banking_paymentmethodmapping', 'bank_account_id', 'id')",
            "DROP TRIGGER banking_bankaccount_touches_paymentmethodmapping ON banking_bankaccount",
        ),
        migrations.RunSQL(_TOKENS, "DROP FUNCTION document_tokens(text)"),
        migrations.RunSQL(_INDEX, "DROP INDEX purchase_awaited_by_number"),
    ]
