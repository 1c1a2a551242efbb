"""What people of the firm say of a purchase, where it stands."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from achats.changing.cancelling import cancel_invoice
from achats.changing.commenting import comment_on, withdraw_comment
from achats.changing.history import events_of, history_of
from achats.models import InvoiceComment, PurchaseInvoice
from firms.models import Company, Role
from tests.factories.achats import PurchaseInvoiceFactory
from tests.factories.firms import CompanyFactory, member_of

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def invoice(company: Company) -> PurchaseInvoice:
    return PurchaseInvoiceFactory.create(company=company)


def url(invoice: PurchaseInvoice, name: str = "detail", *more: object) -> str:
    return reverse(f"achats:{name}", args=[invoice.company_id, invoice.pk, *more])


def shown(client: Client, invoice: PurchaseInvoice) -> str:
    return client.get(url(invoice)).content.decode()


def test_a_comment_stands_on_the_page_with_its_author_and_in_the_history(client: Client, invoice: PurchaseInvoice):
    author = member_of(invoice.company)
    client.force_login(author)
    answer = client.post(url(invoice, "comment") + "?onglet=tout", {"texte": "Vu avec le client <b>hier</b>"})
    assert answer.headers["Location"] == url(invoice) + "?onglet=tout#commentaires"
    page = shown(client, invoice)
    assert "Vu avec le client &lt;b&gt;hier&lt;/b&gt;" in page
    assert str(author) in page
    assert history_of(events_of(invoice))[0].words == "Commentée"


def test_a_comment_changes_nothing_of_the_purchase(client: Client, invoice: PurchaseInvoice):
    before = PurchaseInvoice.objects.values().get(pk=invoice.pk)
    comment_on(invoice=invoice, text="Avoir demandé", by=member_of(invoice.company), at=AT)
    after = PurchaseInvoice.objects.values().get(pk=invoice.pk)
    assert before == after


def test_a_cancelled_purchase_may_still_be_talked_about(client: Client, company: Company):
    invoice, person = PurchaseInvoiceFactory.create(company=company), member_of(company)
    cancel_invoice(invoice=invoice, by=person, reason="", at=AT)
    client.force_login(person)
    client.post(url(invoice, "comment"), {"texte": "Annulée à la demande du client"})
    assert "Annulée à la demande du client" in shown(client, invoice)


@pytest.mark.parametrize("text", ["", "   ", "a" * 2_001, "nul\x00"])
def test_an_empty_or_endless_comment_is_refused_in_words(client: Client, invoice: PurchaseInvoice, text: str):
    client.force_login(member_of(invoice.company))
    answer = client.post(url(invoice, "comment"), {"texte": text}, follow=True)
    assert "Commentaire non enregistré" in answer.content.decode()
    assert not InvoiceComment.objects.exists()


def test_only_its_author_withdraws_a_comment(client: Client, invoice: PurchaseInvoice):
    author, other = member_of(invoice.company), member_of(invoice.company)
    said = comment_on(invoice=invoice, text="À vérifier", by=author, at=AT)
    client.force_login(other)
    assert client.post(url(invoice, "withdraw_comment", said.pk)).status_code == 404
    with pytest.raises(PermissionError):
        withdraw_comment(comment=said, by=other, at=AT)
    client.force_login(author)
    client.post(url(invoice, "withdraw_comment", said.pk))
    assert "À vérifier" not in shown(client, invoice)
    assert history_of(events_of(invoice))[0].words == "Commentaire retiré"


def test_a_reader_sees_comments_and_adds_none(client: Client, invoice: PurchaseInvoice):
    comment_on(invoice=invoice, text="À vérifier", by=member_of(invoice.company), at=AT)
    client.force_login(member_of(invoice.company, role=Role.READER))
    assert "À vérifier" in shown(client, invoice)
    assert "Commenter</button>" not in shown(client, invoice)
    assert client.post(url(invoice, "comment"), {"texte": "non"}).status_code == 403


def test_another_companys_purchase_cannot_be_talked_about(client: Client, invoice: PurchaseInvoice):
    elsewhere = CompanyFactory.create()
    client.force_login(member_of(elsewhere))
    path = reverse("achats:comment", args=[elsewhere.pk, invoice.pk])
    assert client.post(path, {"texte": "bonjour"}).status_code == 404
    assert not InvoiceComment.objects.exists()
