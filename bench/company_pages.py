"""Measure the pages beside the list of purchases: `python -m bench.company_pages [ROWS …] [--explain]`.

The companies are those of `bench.pages`; here each purchase has the bank line that paid it too, matched where the
purchase is settled and suggested for a part of the others, and what Dext sent of it. Prints what `bench.pages` prints.
"""

import sys

from bench.pages import compare

LABEL = "'PRLV SEPA ' || upper(supplier_name) || ' ' || reference"
ACCOUNT = """
WITH account AS (
  INSERT INTO banking_bankaccount (company_id, key, label, bank_code, branch_code, number, iban, last_four, currency,
                                   automation)
  VALUES (%(company)s, 'BENCH', 'Compte courant', '', '', 'BENCH', '', '1234', 'EUR', 'on') RETURNING id
), import AS (
  INSERT INTO banking_statementimport (company_id, filename, sha256, state, message, added, known, at, asked, attempts,
                                       may_create_account, size, told_date_order)
  SELECT %(company)s, 'releve-' || n || '.txt', md5(n::text), 'done', '', 1, 0, now(), '{}', 1, true, 1, ''
  FROM generate_series(1, %(statements)s) AS n RETURNING id
)
INSERT INTO banking_bankstatement (company_id, account_id, statement_import_id, format)
SELECT %(company)s, account.id, import.id, 'cfonb120' FROM account, import
"""
LINES = f"""
INSERT INTO banking_banktransaction (company_id, account_id, statement_id, booked_on, amount, label, detail, kind,
  bank_reference, creditor_identifier, mandate, fingerprint, allocated_cents, is_ignored, created_at, updated_at)
SELECT invoice.company_id, statement.account_id, statement.id, invoice.issued_on + 3, -gross_amount, {LABEL}, '',
  'debit', '', '', '', invoice.id::text, CASE WHEN settlement = 'settled' THEN gross_amount * 100 ELSE 0 END, false,
  now(), now()
FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM achats_purchaseinvoice
      WHERE company_id = %(company)s) AS invoice
JOIN (SELECT *, row_number() OVER (ORDER BY id) AS n FROM banking_bankstatement
      WHERE company_id = %(company)s) AS statement ON statement.n = invoice.n %% %(statements)s + 1
"""
MATCHES = """
INSERT INTO banking_match (company_id, invoice_id, transaction_id, amount_cents, state, rank, reasons, score,
                           created_at, is_observed, record)
SELECT line.company_id, invoice.id, line.id, gross_amount * 100,
  CASE settlement WHEN 'settled' THEN 'auto' ELSE 'suggested' END, 0,
  '[{"code": "amount_equal", "data": {}}]', 700, now(), false, '{}'
FROM banking_banktransaction AS line JOIN achats_purchaseinvoice AS invoice ON invoice.id::text = line.fingerprint
WHERE line.company_id = %(company)s AND (settlement = 'settled' OR right(line.fingerprint, 1) < '6')
"""
RECEIPTS = """
INSERT INTO dext_connector_inboxitem (company_id, external_id, idempotency_key, received_key, body_sha256, payload,
  fate, http_status, answer, request_id, received_at, invoice_id, currency, duration_ms, raw_body, search_text,
  supplier_name, total, document_name, is_document_kept)
SELECT company_id, reference, '', '', '', '{}', 'created', 201, '{}', '', now() - (%(rows)s - row_number() OVER ())
  * interval '1 minute', id, currency, 40, '', lower(reference || ' ' || supplier_name), supplier_name,
  gross_amount, '', false
FROM achats_purchaseinvoice WHERE company_id = %(company)s
"""
STATEMENTS = 120


def furnish(company, rows: int) -> None:
    """The bank lines, matches and receipts of a company of `made`, once."""
    from django.db import connection

    if company.bank_accounts.exists():
        return
    with connection.cursor() as cursor:
        for statement in (ACCOUNT, LINES, MATCHES, RECEIPTS):
            cursor.execute(statement, {"company": str(company.pk), "rows": rows, "statements": STATEMENTS})
        cursor.execute("VACUUM ANALYZE")


def addresses(company, rows: int) -> dict[str, str]:
    """What is measured, by its name on the screen."""
    from django.urls import reverse

    furnish(company, rows)
    invoice = company.purchase_invoices.order_by("-issued_on", "-id")[rows // 2]
    account = company.bank_accounts.get()
    places = {
        "sommes par mois": ("desk:charts",),
        "fournisseur": ("achats:supplier", invoice.supplier_id),
        "doublons": ("achats:duplicates",),
        "rapprochement": ("banking:review",),
        "ce qui fut appris": ("banking:review_learnt",),
        "comptes bancaires": ("banking:accounts",),
        "lignes d’un compte": ("banking:transactions", account.pk),
        "imports": ("banking:imports",),
        "pièces à demander": ("banking:pieces",),
        "réceptions Dext": ("dext_connector:receipts",),
    }
    return {name: reverse(view, args=[company.pk, *rest]) for name, (view, *rest) in places.items()}


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meg.settings")
    django.setup()
    compare(sys.argv[1:], addresses)
