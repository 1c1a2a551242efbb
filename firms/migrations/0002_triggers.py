from django.db import migrations

# A clock that no `update()` forgets: the time of the row's last writing, whoever wrote it.
KEEP = """
CREATE FUNCTION keep_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := clock_timestamp();
    RETURN NEW;
END $$
"""
# What is shown within another row changes that row too. Arguments: a table, its column, our column that it equals.
TOUCH = """
CREATE FUNCTION touch_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE %I SET updated_at = clock_timestamp() WHERE %I = ANY ($1)', TG_ARGV[0], TG_ARGV[1])
    USING ARRAY[(to_jsonb(OLD) ->> TG_ARGV[2])::uuid, (to_jsonb(NEW) ->> TG_ARGV[2])::uuid];
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    """`updated_at` is kept by the database, and moves with what is shown within the row."""

    replaces = [
        ("firms", "0004_company_updated_at"),
    ]

    dependencies = [
        ("firms", "0001_tables"),
    ]

    operations = [
        migrations.RunSQL(KEEP, "DROP FUNCTION keep_updated_at"),
        migrations.RunSQL(TOUCH, "DROP FUNCTION touch_rows"),
        migrations.RunSQL(
            "CREATE TRIGGER firms_company_updated_at BEFORE INSERT OR UPDATE ON firms_company"
            " FOR EACH ROW EXECUTE FUNCTION keep_updated_at()",
            "DROP TRIGGER firms_company_updated_at ON firms_company",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER firms_firm_touches_company AFTER UPDATE ON firms_firm FOR EACH ROW"
            " WHEN (OLD.code IS DISTINCT FROM NEW.code)"
            " EXECUTE FUNCTION touch_rows('firms_company', 'firm_id', 'id')",
            "DROP TRIGGER firms_firm_touches_company ON firms_firm",
        ),
    ]
