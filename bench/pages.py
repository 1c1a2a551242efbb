"""Measure the list of purchases, the page of one, and « Aller à… »: `python -m bench.pages [ROWS …] [--explain]`.

1,000 and 100,000 rows by default. Each size is one company of that many purchases, made by one INSERT … SELECT in the
database that DATABASE_URL names. Prints, by page, its queries and the best time of the server in milliseconds at the
first size, then at the others as a ratio to it: 1.0 is flat. `--explain` prints the plan of the slowest query of each
page that is not, at the last size.
"""

import os
import sys
import time
from collections.abc import Callable

import django

TIMES = 5
SUPPLIERS = 400
PAGES = {
    "pas prêt": "?onglet=pas-pret",
    "à publier": "?onglet=pret",
    "à rapprocher": "?onglet=a-rapprocher",
    "comptabilisé": "?onglet=comptabilise",
    "tout": "",
    "tri date ↑": "?tri=date",
    "tri fournisseur": "?tri=fournisseur",
    "tri fournisseur ↓": "?tri=-fournisseur",
    "tri total": "?tri=-total",
    "tri compte": "?tri=compte",
    "à publier, tri total": "?onglet=pret&tri=-total",
    "q = fréquent": "?q=fournisseur",
    "q = nom": "?q=fournisseur 123",
    "q = montant": "?q=5,76",
    "q = n°": "?q=FA000077",
    "q = rien": "?q=introuvable",
    "filtre compte": "?compte=60630000",
    "filtre signal rare": "?signal=suspected_duplicate",
    "filtre signal": "?signal=document_missing",
    "filtre signal lignes": "?signal=lines_differ",
    "filtre signal code TVA": "?signal=vat_code_missing",
    "filtre signal exercice": "?signal=no_fiscal_year",
    "filtre signal tenue": "?signal=books_incomplete",
    "filtre montant": "?min=1743&max=1744",
    "page du milieu": "?apres={middle}",
    "exercice": "?periode=exercice",
}
# What the list asks for once it stands, and the page of the purchase in the middle, in the list it was opened from.
ASIDE = {
    "onglets q = fréquent (à part)": "onglets/?q=fournisseur",
    "onglets q = nom (à part)": "onglets/?q=fournisseur 123",
    "total (à part)": "total/",
    "total q = nom (à part)": "total/?q=fournisseur 123",
    "fiche": "{id}/",
    "fiche, tri total": "{id}/?tri=-total",
    "fiche, q = fréquent": "{id}/?q=fournisseur",
}

# One row of each table, from the number `n` of the purchase; the shares are those of a busy company.
PURCHASES = """
INSERT INTO achats_purchaseinvoice (
  id, company_id, kind, status, reasons, warnings, settlement, settled_cents, supplier_id, supplier_name, reference,
  issued_on, currency, gross_amount, vat_amount, vat_breakdown, base_currency, credited_reference, payment_label,
  is_paid, is_settled_off_bank, owner_name, owner_email, description, note, source, external_id, generation, source_url,
  ruled_fields, is_duplicate_allowed, is_document_awaited, document_error, created_at, updated_at, cancellation_reason,
  search_text, sort_name, sort_account)
SELECT
  uuidv7(), %(company)s, CASE WHEN n %% 40 = 0 THEN 'credit_note' ELSE 'invoice' END,
  CASE WHEN n %% 50 = 0 THEN 'not_ready' WHEN n %% 20 = 1 THEN 'ready' ELSE 'posted' END,
  CASE WHEN n %% 5000 = 0 THEN '[{"code": "suspected_duplicate", "badge": "Doublon possible", "message": "Double."}]'
       WHEN n %% 50 = 0 THEN '[{"code": "account_missing", "badge": "Compte", "message": "Il manque le compte."}]'
       ELSE '[]' END::jsonb,
  CASE WHEN n %% 4 = 0 THEN '[{"code": "document_missing", "badge": "Pièce", "message": "Aucune pièce."}]'
       ELSE '[]' END::jsonb,
  CASE WHEN n %% 15 = 0 THEN 'unsettled' ELSE 'settled' END, 0, supplier.id, supplier.name,
  'FA' || lpad(n::text, 6, '0'), issued_on, 'EUR', amount, (n %% 96) / 100.0, '[]', '', '', 'Paiement Pro (1234)',
  false, false, '', '', '', '', 'hand', '', 1, '', '[]', false, false, '', now(), now(), '',
  concat_ws(' ', '', supplier.folded_name, 'fa' || lpad(n::text, 6, '0'),
            replace(to_char(amount, 'FM999990.00'), '.', ' '), to_char(issued_on, 'DD MM YYYY')),
  supplier.folded_name, account.code
FROM generate_series(1, %(rows)s::bigint) AS n
CROSS JOIN LATERAL (SELECT (n * 7919 %% 500000 + 576) / 100.0 AS amount,
                           date '2016-01-01' + (n * 7919 %% 3650)::int AS issued_on) AS drawn
JOIN (SELECT *, row_number() OVER (ORDER BY id) AS rank FROM achats_supplier WHERE company_id = %(company)s) AS supplier
  ON supplier.rank = n %% %(suppliers)s + 1
JOIN (SELECT *, row_number() OVER (ORDER BY id) AS rank, count(*) OVER () AS of FROM ledger_account
      WHERE company_id = %(company)s AND is_purchase_allowed) AS account ON account.rank = n %% account.of + 1
"""
LINES = """
INSERT INTO achats_invoiceline (id, company_id, invoice_id, position, label, account_id, account_origin,
                                vat_code_origin, gross_amount)
SELECT uuidv7(), invoice.company_id, invoice.id, 1, '', account.id, 'named', '', gross_amount
FROM achats_purchaseinvoice AS invoice
JOIN ledger_account AS account ON account.company_id = invoice.company_id AND account.code = invoice.sort_account
WHERE invoice.company_id = %(company)s
"""


def made(rows: int):
    """A company of `rows` purchases and who may read it; one that stands already is taken."""
    from django.db import connection

    from achats.models import Supplier
    from desk.opening import open_company
    from firms.folding import fold
    from firms.models import Company, Firm, Membership, Role, User

    code = f"BENCH{rows}"
    company = Company.objects.filter(code=code).first()
    if company is None:
        firm = Firm.objects.create(code=code, name=code)
        person = User.objects.create_user(f"{code.lower()}@bench.test")
        Membership.objects.create(firm=firm, user=person, role=Role.ACCOUNTANT, sees_all_companies=True)
        company = open_company(firm=firm, code=code, name=code, by=person)
        names = [f"Fournisseur {number}" for number in range(SUPPLIERS)]
        Supplier.objects.bulk_create(Supplier(company=company, name=name, folded_name=fold(name)) for name in names)
        with connection.cursor() as cursor:
            values: dict[str, str | int] = {"company": str(company.pk), "rows": rows, "suppliers": SUPPLIERS}
            cursor.execute(PURCHASES, values)
            cursor.execute(LINES, values)
            cursor.execute("VACUUM ANALYZE")
    return company, company.firm.memberships.get().user


def measured(client, address: str) -> tuple[int, float, list[dict]]:
    """(queries, best milliseconds of TIMES, the queries of the last)."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    best = float("inf")
    captured = CaptureQueriesContext(connection)
    for _ in range(TIMES):
        with captured:
            start = time.perf_counter()
            answer = client.get(address)
            best = min(best, 1000 * (time.perf_counter() - start))
        assert answer.status_code == 200, answer
    return len(captured), best, captured.captured_queries


def explained(queries: list[dict]) -> str:
    """The plan of the slowest of `queries`."""
    from django.db import connection

    slowest = max(queries, key=lambda query: float(query["time"]))
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + slowest["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    return f"{slowest['time']} s\n{plan}"


def compare(words: list[str], addresses: Callable[..., dict[str, str]]) -> None:
    """Measure `addresses(company, rows)` at each size that `words` name, and tell them side by side."""
    sizes = [int(word) for word in words if word.isdigit()] or [1_000, 100_000]
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    found: dict[str, list[tuple[int, float]]] = {}
    for rows in sizes:
        company, person = made(rows)
        client = Client()
        client.force_login(person)
        for name, address in addresses(company, rows).items():
            count, best, queries = measured(client, address)
            found.setdefault(name, []).append((count, best))
            if "--explain" in words and rows == sizes[-1] and best > 3 * found[name][0][1]:
                print(f"--- {name}\n{explained(queries)}")
    tell(sizes, found)


def addresses(company, rows: int) -> dict[str, str]:
    """The pages measured, by name."""
    from django.urls import reverse

    place, jump = reverse("achats:list", args=[company.pk]), reverse("desk:jump_in_company", args=[company.pk])
    middle = middle_of(company, rows)
    told = {"middle": middle, "id": middle.partition("~")[2]}
    found = {name: place + query.format(**told) for name, query in (PAGES | ASIDE).items()}
    found |= {"tableau de bord": reverse("desk:dashboard", args=[company.pk]), "cabinet": reverse("desk:firm")}
    words = {"mot fréquent": "fournisseur", "n°": "FA000077", "montant": "5,76"}
    return found | {f"aller à… {name}": f"{jump}?q={word}" for name, word in words.items()}


def middle_of(company, rows: int) -> str:
    """The key of the purchase in the middle of the list."""
    ordered = company.purchase_invoices.order_by("-issued_on", "-id")
    row = ordered.only("issued_on")[rows // 2]
    return f"{row.issued_on}~{row.pk}"


def tell(sizes: list[int], found: dict[str, list[tuple[int, float]]]) -> None:
    print(f"{'page':30} queries  ms at {sizes[0]:,}" + "".join(f"  × at {size:,}" for size in sizes[1:]))
    for name, results in found.items():
        first = results[0][1]
        ratios = "".join(f"{best / first:14.2f}" for _, best in results[1:])
        print(f"{name:30} {max(count for count, _ in results):7} {first:11.1f} {ratios}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meg.settings")
    django.setup()
    compare(sys.argv[1:], addresses)
