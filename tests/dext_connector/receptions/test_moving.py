"""« Déplacer vers le bon dossier »: published there, cancelled here, all or nothing, once."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone

from achats.changing.editing import InvoiceNotEditable
from achats.documents.keeping import join_documents, store_document
from achats.models import PurchaseInvoice, Status
from dext_connector.models import Fate, InboxItem
from dext_connector.receptions.moving import NotMovable, move_of, move_publication
from firms.models import Company, Event, Membership
from tests.dext_connector.conftest import calling, item
from tests.factories.firms import CompanyFactory, member_of

MEG = "https://meg.example/"
PDF = b"%PDF-1.4 une piece"


@pytest.fixture
def target(company) -> Company:
    """Another company of the same firm, which the caller sees too."""
    return CompanyFactory(firm=company.firm, name="Épicerie Durand", code="LIL")


def published(company: Company) -> InboxItem:
    return InboxItem.objects.select_related("invoice").get(company=company, fate=Fate.CREATED)


def move(dext, target: Company) -> InboxItem:
    row = published(dext.company)
    return move_publication(reception=row, target=target, by=dext.user, at=timezone.now(), base_url=MEG)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_it_is_published_there_as_it_came_and_cancelled_here(dext, target):
    dext.publish(item(), key="k1")
    arrived = move(dext, target)
    here, there = dext.company.purchase_invoices.get(), target.purchase_invoices.get()
    assert (here.status, here.cancellation_reason) == (Status.CANCELLED, "Déplacée vers un autre dossier")
    assert (there.external_id, there.gross_amount, there.vat_amount) == ("RB-88213", here.gross_amount, here.vat_amount)
    assert there.lines.get().account.company == target
    assert arrived.moved_from == published(dext.company)
    assert set(Event.objects.filter(kind="purchase.moved").values_list("subject_id", flat=True)) == {here.pk, there.pk}


def test_every_document_goes_along(dext, target):
    body = {
        "item": SimpleUploadedFile("item.json", json.dumps(item()).encode()),
        "document": SimpleUploadedFile("ticket.pdf", PDF),
    }
    dext.client.post(
        "/api/dext/v1/" + dext.on_company("publish/"), body, headers={"Authorization": f"Bearer {dext.token}"}
    )
    later = store_document(company=dext.company, data=b"%PDF-1.4 le verso", filename="verso.pdf")
    join_documents(dext.company.purchase_invoices.get(), [later])
    there = move(dext, target).invoice
    names = there.attachments.order_by("position").values_list("document__filename", flat=True)
    assert list(names) == ["ticket.pdf", "verso.pdf"]


def test_what_does_not_exist_there_is_told_and_left_out(dext, target):
    target.accounts.filter(code="62570000").update(is_active=False)
    dext.publish(item())
    told = [plain(sentence) for sentence in move_of(published(dext.company), target).lost]
    assert told[0].startswith("Le compte 62570000 est archivé dans ce dossier")
    assert told[1].startswith("Aucun moyen de paiement n’y porte le libellé « Paiement Pro (1234) »")
    there = move(dext, target).invoice
    assert there.lines.get().account is None
    assert (there.status, there.reasons[0]["code"]) == (Status.NOT_READY, "account_missing")


def test_a_supplier_and_a_method_named_by_id_go_by_name(dext, target, company):
    dext.publish(item())
    supplier, method = (
        company.purchase_invoices.get().supplier,
        company.payment_methods.get(label="Paiement Pro (1234)"),
    )
    fields = {"supplier": {"id": str(supplier.pk)}, "payment_method": {"id": str(method.pk)}}
    assert dext.publish(item(external_id="RB-2", **fields)).status_code == 201
    row = InboxItem.objects.get(external_id="RB-2")
    there = move_publication(reception=row, target=target, by=dext.user, at=timezone.now(), base_url=MEG).invoice
    assert (there.supplier.name, there.supplier.company, there.payment_label) == (
        "Starbucks",
        target,
        "Paiement Pro (1234)",
    )


def test_dext_is_told_that_it_was_moved_and_where(dext, target):
    dext.publish(item())
    there = move(dext, target).invoice
    answer = dext.get(dext.on_company("items/RB-88213/")).json()
    assert (answer["status"], answer["reasons"][0]["code"]) == ("cancelled", "moved")
    assert "Épicerie Durand" in answer["reasons"][0]["message"]
    assert answer["moved_to"]["id"] == str(there.pk)


def test_who_may_not_see_the_other_company_learns_nothing_of_it(dext, target, company):
    dext.publish(item())
    move(dext, target)
    stranger = member_of(company)
    Membership.objects.filter(user=stranger).update(sees_all_companies=False)
    stranger.memberships.get().companies.set([company])
    text = calling(stranger, company).get(dext.on_company("items/RB-88213/")).content.decode()
    assert json.loads(text)["reasons"] == [{"code": "moved", "message": "Déplacée dans MEG vers un autre dossier."}]
    assert "Durand" not in text
    assert str(target.pk) not in text


def test_the_same_body_published_to_the_right_company_is_then_a_replay(dext, target):
    dext.publish(item(), key="k1")
    there = move(dext, target).invoice
    answer = calling(dext.user, target).publish(item(), key="k2")
    assert (answer.status_code, answer.json()["id"]) == (201, str(there.pk))
    assert target.purchase_invoices.count() == 1


def test_what_is_posted_or_matched_stays(dext, target, company):
    dext.publish(item())
    PurchaseInvoice.objects.update(settled_cents=1)
    with pytest.raises(InvoiceNotEditable, match="rapprochée"):
        move(dext, target)
    PurchaseInvoice.objects.update(settled_cents=0, status=Status.POSTED)
    with pytest.raises(InvoiceNotEditable, match="comptabilisée"):
        move(dext, target)
    assert not target.purchase_invoices.exists()


def test_nothing_changes_here_where_it_cannot_arrive_there(dext, target):
    dext.publish(item())
    calling(dext.user, target).publish(item(total="9.99"))
    with pytest.raises(NotMovable, match="est déjà dans MEG"):
        move(dext, target)
    type(target.integration_settings).objects.filter(company=target).update(vat_marker=None)
    target.purchase_invoices.update(external_id="")
    InboxItem.objects.filter(company=target).update(external_id="")
    with pytest.raises(NotMovable, match="Marqueur TVA"):
        move(dext, target)
    assert dext.company.purchase_invoices.get().status == Status.READY


def test_a_reception_that_made_nothing_is_not_moved(dext, target):
    dext.publish(item(account="99999999"))
    row = InboxItem.objects.get()
    with pytest.raises(NotMovable):
        move_publication(reception=row, target=target, by=dext.user, at=timezone.now(), base_url=MEG)


@pytest.mark.django_db(transaction=True)
def test_four_moves_at_once_leave_one_purchase_there():
    company = CompanyFactory()
    target, other = CompanyFactory(firm=company.firm), CompanyFactory(firm=company.firm)
    dext = calling(member_of(company), company)
    dext.publish(item())

    def once(to: Company) -> bool:
        try:
            return bool(move(dext, to))
        except InvoiceNotEditable:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(once, [target, other, target, other]))
    assert PurchaseInvoice.objects.live().count() == 1
    assert PurchaseInvoice.objects.count() == 2
