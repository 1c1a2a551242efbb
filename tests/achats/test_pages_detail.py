"""The page of one purchase: what it shows, what one may mend there, and who."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from achats.models import Origin, PurchaseInvoice, Settlement, Source, Status
from firms.models import Company, Role
from tests.banking.test_reconciliation import a_line, run
from tests.factories.achats import DocumentFactory, PurchaseInvoiceFactory, SupplierFactory, line
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture
def company(db: None) -> Company:
    return CompanyFactory.create()


@pytest.fixture
def accountant(client: Client, company: Company) -> Client:
    client.force_login(member_of(company))
    return client


def an_invoice(company: Company, name: str = "Franprix", **fields: object) -> PurchaseInvoice:
    return PurchaseInvoiceFactory.create(company=company, supplier_name=name, **fields)


def url(invoice: PurchaseInvoice, name: str = "detail", query: str = "") -> str:
    return reverse(f"achats:{name}", args=[invoice.company_id, invoice.pk]) + query


def page(client: Client, invoice: PurchaseInvoice, query: str = "") -> str:
    answer = client.get(url(invoice, query=query))
    assert answer.status_code == 200
    return answer.content.decode()


def sent(invoice: PurchaseInvoice, **changes: str) -> dict[str, str]:
    """The form as the page shows it, with `changes`; `compte` and `tva` are of the first line."""
    row = invoice.lines.order_by("position").first()
    assert row
    fields = {
        "supplier": invoice.supplier.name if invoice.supplier else "",
        "kind": invoice.kind,
        "reference": invoice.reference,
        "issued_on": f"{invoice.issued_on:%d/%m/%Y}",
        "due_on": "",
        "payment_method": "",
        "note": invoice.note,
        f"compte-{row.pk}": str(row.account or ""),
        f"tva-{row.pk}": str(row.vat_code_id or ""),
    }
    return fields | {
        f"{name}-{row.pk}" if name in {"compte", "tva"} else name: value for name, value in changes.items()
    }


def test_the_document_stands_beside_the_data(accountant: Client, company: Company):
    document = DocumentFactory.create(company=company, filename="ticket.png")
    invoice = an_invoice(company, documents=[document])
    assert "La pièce est en préparation" in page(accountant, invoice)
    document.page_count = 2
    document.save()
    html = page(accountant, invoice)
    for number in (1, 2):
        assert reverse("achats:document_page", args=[company.pk, document.pk, number]) in html
    assert "Page 2 sur 2 de ticket.png" in html
    assert reverse("achats:document", args=[company.pk, document.pk]) in html


def test_the_page_asks_for_its_document_until_it_is_rendered(accountant: Client, company: Company):
    document = DocumentFactory.create(company=company)
    invoice = an_invoice(company, documents=[document])
    assert 'hx-trigger="load delay:2s"' in accountant.get(url(invoice, "viewer")).content.decode()
    document.page_count = 1
    document.save()
    html = accountant.get(url(invoice, "viewer")).content.decode()
    assert "hx-trigger" not in html
    assert "<html" not in html


def test_a_missing_or_unreadable_document_is_said(accountant: Client, company: Company):
    assert "Aucune pièce" in page(accountant, an_invoice(company))
    broken = DocumentFactory.create(company=company)
    broken.rendering_error = "le fichier est abîmé"
    broken.save()
    assert "le fichier est abîmé" in page(accountant, an_invoice(company, documents=[broken]))


def test_every_reason_is_said_with_what_mends_it(accountant: Client, company: Company):
    for number in range(3):
        an_invoice(company, reference=f"F{number}", account="60630000")
    invoice = an_invoice(company, account=None)
    html = page(accountant, invoice)
    assert "Il manque le compte de charge." in html
    assert "3\u00a0fois sur 3 pour Franprix" in html
    answer = accountant.post(url(invoice, "take_account"), {"compte": "60630000"})
    assert answer["Location"] == url(invoice)
    invoice.refresh_from_db()
    assert invoice.status == Status.READY
    row = invoice.lines.get()
    assert row.account
    assert (row.account.code, row.account_origin) == ("60630000", Origin.HAND)


def test_an_account_of_another_company_is_not_taken(accountant: Client, company: Company):
    elsewhere = CompanyFactory.create(firm=company.firm)
    elsewhere.accounts.create(code="62579999", label="Ailleurs")
    invoice = an_invoice(company, account=None)
    assert accountant.post(url(invoice, "take_account"), {"compte": "62579999"}).status_code == 404
    assert invoice.lines.get().account is None


def test_a_suspected_duplicate_is_compared_and_may_be_kept(accountant: Client, company: Company):
    first = an_invoice(company, reference="FA1")
    second = an_invoice(company, reference="FA-1")
    html = page(accountant, second)
    assert "Doublon possible" in html
    assert url(first) in html
    accountant.post(url(second, "keep_both"))
    second.refresh_from_db()
    assert (second.status, second.is_duplicate_allowed) == (Status.READY, True)


@pytest.mark.parametrize("typed", ["60630000", "6063", "petit équipement", "60630000 n’importe quoi"])
def test_an_account_is_understood_by_number_or_word(accountant: Client, company: Company, typed: str):
    if not typed[0].isdigit():
        company.accounts.filter(code="60630000").update(label="Petit équipement")
        company.accounts.exclude(code="60630000").filter(label__icontains="équipement").update(is_active=False)
    company.accounts.exclude(code="60630000").filter(code__startswith="6063").update(is_active=False)
    invoice = an_invoice(company, account=None)
    accountant.post(url(invoice, "correct"), sent(invoice, compte=typed))
    row = invoice.lines.get()
    assert row.account
    assert row.account.code == "60630000"


def test_an_account_that_is_not_clear_is_asked_for_and_nothing_is_lost(accountant: Client, company: Company):
    invoice = an_invoice(company, account=None)
    answer = accountant.post(url(invoice, "correct"), sent(invoice, compte="62", note="Vu avec le client"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Plusieurs comptes répondent à «\u00a062\u00a0»" in html
    assert "Vu avec le client" in html
    assert invoice.lines.get().account is None


def test_a_vat_code_and_a_note_are_stored_and_the_amount_stays(accountant: Client, company: Company):
    invoice = an_invoice(company, gross_amount=Decimal("5.76"), vat_amount=Decimal("0.61"))
    code = company.vat_codes.get(code="TVA20")
    accountant.post(url(invoice, "correct"), sent(invoice, tva=str(code.pk), note="Revu"))
    invoice.refresh_from_db()
    row = invoice.lines.get()
    assert (row.vat_code, row.vat_code_origin, invoice.note) == (code, Origin.HAND, "Revu")
    assert (invoice.vat_amount, row.vat_amount) == (Decimal("0.61"), Decimal("0.61"))


def test_amounts_that_a_form_slips_in_are_not_looked_at(accountant: Client, company: Company):
    invoice = an_invoice(company, source=Source.DEXT, external_id="RB-1", vat_amount=Decimal("2.00"))
    accountant.post(url(invoice, "correct"), sent(invoice, note="x") | {"vat_amount": "9", "gross_amount": "9"})
    invoice.refresh_from_db()
    assert (invoice.vat_amount, invoice.gross_amount) == (Decimal("2.00"), Decimal("12.00"))


def test_a_code_of_another_company_is_no_choice(accountant: Client, company: Company):
    elsewhere = CompanyFactory.create(firm=company.firm)
    invoice = an_invoice(company)
    stranger = elsewhere.vat_codes.get(code="TVA20")
    assert accountant.post(url(invoice, "correct"), sent(invoice, tva=str(stranger.pk))).status_code == 422


def test_one_of_two_suppliers_of_a_name_is_chosen(accountant: Client, company: Company):
    wanted, _ = SupplierFactory.create_batch(2, company=company, name="Martin")
    invoice = an_invoice(company, "Martin")
    assert invoice.status == Status.NOT_READY
    accountant.post(url(invoice, "correct"), sent(invoice, supplier=str(wanted.pk)))
    invoice.refresh_from_db()
    assert (invoice.supplier, invoice.status) == (wanted, Status.READY)


def test_a_correction_is_told_in_the_history(accountant: Client, company: Company):
    invoice = an_invoice(company)
    accountant.post(url(invoice, "correct"), sent(invoice, reference="FA-12"))
    html = page(accountant, invoice)
    assert "Corrigée" in html
    assert "FA-12" in html
    assert "N° de facture" in html


def test_what_is_cancelled_is_text_and_refuses_a_correction(accountant: Client, company: Company):
    from achats.changing.cancelling import cancel_invoice

    invoice = an_invoice(company)
    body = sent(invoice, note="trop tard")
    cancel_invoice(invoice=invoice, reason="Publiée deux fois", by=member_of(company), at=invoice.created_at)
    html = page(accountant, invoice)
    assert "Publiée deux fois" in html
    assert 'id="correction"' not in html
    answer = accountant.post(url(invoice, "correct"), body)
    assert answer.status_code == 409
    assert "annulée" in answer.content.decode()


def test_next_and_previous_are_those_of_the_same_list(accountant: Client, company: Company):
    first, second, third = (an_invoice(company, issued_on=date(2019, 8, 30 - n), account=None) for n in range(3))
    an_invoice(company, "Prête", issued_on=date(2019, 8, 29))
    html = page(accountant, second, "?onglet=pas-pret")
    assert ">2/3<" in html
    assert f'rel="prev" href="{url(first)}?onglet=pas-pret"' in html
    assert f'rel="next" href="{url(third)}?onglet=pas-pret"' in html
    assert 'rel="next"' not in page(accountant, third, "?onglet=pas-pret")


def test_saving_and_going_on_follows_the_list_as_it_was(accountant: Client, company: Company):
    first, second = (an_invoice(company, issued_on=date(2019, 8, 30 - n), account=None) for n in range(2))
    body = sent(first, compte="62570000") | {"suivante": "1"}
    answer = accountant.post(url(first, "correct", "?onglet=pas-pret"), body)
    assert answer["Location"] == f"{url(second)}?onglet=pas-pret"
    answer = accountant.post(
        url(second, "correct", "?onglet=pas-pret"), sent(second, compte="62570000") | {"suivante": "1"}
    )
    assert answer["Location"] == reverse("achats:list", args=[company.pk]) + "?onglet=pas-pret"
    assert "C’était la dernière de la liste." in accountant.get(answer["Location"]).content.decode()


def test_the_number_of_queries_does_not_grow_with_what_the_page_shows(
    accountant: Client, company: Company, django_assert_max_num_queries
):
    account = BankAccountFactory.create(company=company)
    invoice = an_invoice(company)
    page(accountant, invoice)
    with django_assert_max_num_queries(20) as few:
        page(accountant, invoice)
    lines = tuple(line("12.00", account=company.accounts.get(code="62570000")) for _ in range(8))
    documents = DocumentFactory.create_batch(3, company=company)
    rich = an_invoice(company, lines=lines, documents=documents, gross_amount=Decimal("96.00"))
    for _ in range(5):
        a_line(account, amount=Decimal("-96.00"), label="CHEQUE")
    run(account)
    with django_assert_max_num_queries(20) as many:
        page(accountant, rich)
    assert len(many) <= len(few)


def test_a_reader_sees_all_and_may_change_nothing(client: Client, company: Company):
    invoice = an_invoice(company, account=None)
    client.force_login(member_of(company, Role.READER))
    html = page(client, invoice)
    assert "Il manque le compte de charge." in html
    assert 'id="correction"' not in html
    assert "csrfmiddlewaretoken" not in html.split('id="contenu"')[1]
    for name in ("correct", "take_account", "keep_both"):
        assert client.post(url(invoice, name), {"compte": "62570000"}).status_code == 403


def test_an_invoice_of_another_company_does_not_exist_here(accountant: Client, company: Company):
    theirs = an_invoice(CompanyFactory.create(firm=company.firm))
    for name in ("detail", "viewer"):
        assert accountant.get(reverse(f"achats:{name}", args=[company.pk, theirs.pk])).status_code == 404
    for name in ("correct", "take_account", "keep_both"):
        assert accountant.post(reverse(f"achats:{name}", args=[company.pk, theirs.pk])).status_code == 404


def test_what_was_received_is_text(accountant: Client, company: Company):
    invoice = an_invoice(company, "<script>alert(1)</script>", reference='"><b>', note="</textarea><script>")
    html = page(accountant, invoice)
    assert "<script>alert" not in html
    assert '"><b>' not in html
    assert "</textarea><script>" not in html
    assert " style=" not in html
    assert not re.search(r"\son\w+=", html)


def test_the_settlement_is_told_beside_the_data(accountant: Client, company: Company):
    account = BankAccountFactory.create(company=company)
    invoice = an_invoice(company, "Fournitures du Nord")
    assert "aucune ligne de relevé" in page(accountant, invoice)
    a_line(account)
    run(account)
    invoice.refresh_from_db()
    assert invoice.settlement == Settlement.SETTLED
    html = page(accountant, invoice)
    assert "Montant identique au centime" in html
    assert "Défaire" in html
    assert "CB FOURNITURES DU NORD 2509 LILLE" in html


def test_what_a_suppliers_rule_gave_is_said(accountant, company):
    invoice = PurchaseInvoiceFactory(company=company, due_on=date(2019, 10, 25), ruled_fields=("due_on", "description"))
    assert "Repris de la règle fournisseur : échéance, description." in page(accountant, invoice)
