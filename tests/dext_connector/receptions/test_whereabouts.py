"""« Où est ma facture ? »: answered in a sentence across the companies that one may see, and moved from there."""

import pytest
from django.test import Client

from achats.models import PurchaseInvoice, Status
from firms.models import Company, Membership, Role
from tests.banking.test_reconciliation import a_line, run
from tests.dext_connector.conftest import calling, item
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture
def client(dext) -> Client:
    client = Client()
    client.force_login(dext.user)
    return client


@pytest.fixture
def other(company) -> Company:
    return CompanyFactory(firm=company.firm, name="Épicerie Durand", code="LIL")


def ask(client: Client, search: str) -> str:
    answer = client.get("/ou-est-ma-facture/", {"q": search})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def row_of(company: Company):
    return company.inbox.get(fate="created")


def test_it_says_in_which_company_when_and_where_it_stands(client, dext, other):
    calling(dext.user, other).publish(item(account=None))
    text = ask(client, "88213")
    assert "Dans <strong>Épicerie Durand · LIL</strong>. Reçue le " in text
    assert "Elle y est « Pas prêt » : Il manque le compte de charge." in text
    assert f"/dossiers/{other.pk}/achats/{other.purchase_invoices.get().pk}/" in text


@pytest.mark.parametrize("search", ["RB-88213", "starbucks", "4,85"])
def test_reference_supplier_or_amount_lead_to_it(client, dext, search):
    dext.publish(item())
    assert "Elle y est « Prêt »" in ask(client, search)


def test_an_exact_reference_hides_what_only_resembles_it(client, dext):
    dext.publish(item())
    dext.publish(item(external_id="RB-882130"))
    assert "RB-882130" not in ask(client, "rb-88213")


def test_it_tells_the_match(client, dext, company):
    dext.publish(item())
    a_line(BankAccountFactory.create(company=company), amount="-4.85", label="CHEQUE 0012452")
    run(company.bank_accounts.last())
    assert "avec l’opération du" in ask(client, "88213")


def test_it_tells_a_refusal_with_its_message_until_something_was_made(client, dext):
    dext.publish(item(account="99999999"))
    assert "Le compte « 99999999 » n’existe pas" in ask(client, "88213")
    dext.publish(item())
    text = ask(client, "88213")
    assert "Refusée" not in text
    assert "Elle y est « Prêt »" in text


def test_it_tells_the_refusal_that_followed_a_cancellation(client, dext):
    dext.publish(item())
    dext.publish(item())
    dext.call("post", dext.on_company("items/RB-88213/cancellation/"), {"reason": "Erreur de saisie"})
    assert "Elle y a été annulée le" in ask(client, "88213")
    dext.publish(item(account="99999999"))
    assert "Le compte « 99999999 » n’existe pas" in ask(client, "88213")


def test_it_says_that_dext_sent_nothing(client, dext):
    assert "Dext n’a rien envoyé pour « 88214 » à vos dossiers" in ask(client, "88214")


def test_it_reveals_nothing_of_a_company_that_one_may_not_see(client, dext, company):
    hidden = CompanyFactory(name="Dossier caché")
    calling(member_of(hidden), hidden).publish(item())
    text = ask(client, "88213")
    assert "Dossier caché" not in text
    assert "Dext n’a rien envoyé" in text
    assert Client().get("/ou-est-ma-facture/?q=1").status_code == 302


def test_the_page_costs_the_same_queries_whatever_it_finds(client, dext, other, django_assert_max_num_queries):
    for number in range(12):
        calling(dext.user, other if number % 2 else dext.company).publish(item(external_id=f"RB-{number}"))
    with django_assert_max_num_queries(7):
        assert ask(client, "starbucks").count("<article") == 12


def test_one_moves_it_after_reading_what_changes(client, dext, company, other):
    other.accounts.filter(code="62570000").update(is_active=False)
    dext.publish(item())
    address = f"/dossiers/{company.pk}/receptions/{row_of(company).pk}/deplacer/"
    assert address in ask(client, "88213")
    plan = client.get(address, {"vers": other.pk}).content.decode().replace("\u00a0", " ")
    assert "Le compte 62570000 est archivé dans ce dossier" in plan
    answer = client.post(address, {"vers": other.pk}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/dossiers/{other.pk}/achats/{other.purchase_invoices.get().pk}/"
    assert "Déplacée" in answer.content.decode()
    text = ask(client, "88213")
    assert "Déplacée vers Épicerie Durand · LIL." in text
    assert "Dans <strong>Épicerie Durand · LIL</strong>" in text


def test_the_page_of_the_invoice_leads_to_the_move_and_then_to_where_it_went(client, dext, company, other):
    dext.publish(item())
    invoice = company.purchase_invoices.get()
    address = f"/dossiers/{company.pk}/receptions/{row_of(company).pk}/deplacer/"
    detail = f"/dossiers/{company.pk}/achats/{invoice.pk}/"
    assert address in client.get(detail).content.decode()
    client.post(address, {"vers": other.pk})
    text = client.get(detail).content.decode()
    assert address not in text
    assert f"/dossiers/{other.pk}/achats/{other.purchase_invoices.get().pk}/" in text


def test_who_sees_only_the_old_company_reads_that_it_went_and_not_where(client, dext, company, other):
    dext.publish(item())
    client.post(f"/dossiers/{company.pk}/receptions/{row_of(company).pk}/deplacer/", {"vers": other.pk})
    colleague = member_of(company)
    Membership.objects.filter(user=colleague).update(sees_all_companies=False)
    colleague.memberships.get().companies.set([company])
    theirs = Client()
    theirs.force_login(colleague)
    opened = theirs.get(f"/dossiers/{company.pk}/receptions/", {"ouverte": row_of(company).pk}).content.decode()
    detail = theirs.get(f"/dossiers/{company.pk}/achats/{company.purchase_invoices.get().pk}/").content.decode()
    for text in (ask(theirs, "88213"), opened, detail):
        assert "un autre dossier" in text
        assert "Durand" not in text
        assert str(other.pk) not in text


def test_one_moves_only_where_one_may_write(client, dext, company, other):
    dext.publish(item())
    address = f"/dossiers/{company.pk}/receptions/{row_of(company).pk}/deplacer/"
    foreign = CompanyFactory()
    member = member_of(foreign, Role.READER)
    Membership.objects.filter(user=member).update(user=dext.user)
    for target in (foreign.pk, CompanyFactory().pk, "nimporte"):
        assert client.post(address, {"vers": target}).status_code == 404
    reader = Client()
    reader.force_login(member_of(company, Role.READER))
    assert reader.post(address, {"vers": other.pk}).status_code == 403
    assert "Déplacer" not in ask(reader, "88213")
    assert PurchaseInvoice.objects.count() == 1


def test_a_move_that_is_refused_says_why_and_changes_nothing(client, dext, company, other):
    dext.publish(item())
    calling(dext.user, other).publish(item(total="9.99"))
    address = f"/dossiers/{company.pk}/receptions/{row_of(company).pk}/deplacer/"
    text = client.post(address, {"vers": other.pk}, follow=True).content.decode()
    assert "est déjà dans MEG" in text
    assert company.purchase_invoices.get().status == Status.READY
    PurchaseInvoice.objects.filter(company=company).update(status=Status.POSTED)
    assert "ne se déplace plus" in client.get(address).content.decode()
