"""« Rejouer »: what was refused is published again from MEG, once its cause is mended, with its document, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone

from achats.models import PurchaseInvoice, Status
from dext_connector.models import Fate, InboxItem
from dext_connector.receptions.kept_files import forget_files, kept_path
from dext_connector.receptions.mending import Mend, mend_of
from dext_connector.receptions.replaying import NotReplayable, replay_mended, replay_reception
from firms.models import Event
from tests.dext_connector.conftest import calling, item
from tests.factories.firms import CompanyFactory, member_of

MEG = "https://meg.example/"
PDF = b"%PDF-1.4 une piece"


def refused() -> InboxItem:
    return InboxItem.objects.with_what_followed().get(fate__in=[Fate.REFUSED, Fate.FAILED])


def replay(dext, row: InboxItem | None = None) -> InboxItem:
    return replay_reception(reception=row or refused(), by=dext.user, at=timezone.now(), base_url=MEG)


def archive(company, *, is_active: bool = False) -> None:
    company.accounts.filter(code="62570000").update(is_active=is_active)


def mend() -> Mend:
    told = mend_of(refused(), at=timezone.now())
    assert told is not None
    return told


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.fixture
def mended(dext, company):
    """A refusal for an archived account, which is in use again."""
    archive(company)
    assert dext.publish(item(), key="k1").status_code == 422
    archive(company, is_active=True)
    return company


def test_what_still_blocks_is_told_then_that_it_no_longer_does(dext, company):
    archive(company)
    dext.publish(item())
    told = mend()
    assert not told.is_possible
    assert "« 62570000 Réceptions » est archivé" in plain(told.blocks[0])
    archive(company, is_active=True)
    told = mend()
    assert told.is_possible
    assert plain(told.mended) == "Le compte 62570000 est de nouveau actif : rejouer."


def test_only_the_settings_of_the_company_were_missing(dext, company):
    marker = company.integration_settings.vat_marker
    type(company.integration_settings).objects.update(vat_marker=None)
    assert dext.publish(item()).status_code == 409
    assert not mend().is_possible
    type(company.integration_settings).objects.update(vat_marker=marker)
    assert plain(mend().mended) == "Les paramètres de l’intégration sont complets : rejouer."
    assert replay(dext).invoice.status == Status.READY


def test_what_only_dext_can_mend_is_never_replayed(dext):
    dext.publish(item(total="4.85", lines=[{"total": "4.00"}]))
    assert not mend().is_possible
    with pytest.raises(NotReplayable, match="La somme des lignes"):
        replay(dext)
    assert not PurchaseInvoice.objects.exists()
    assert InboxItem.objects.count() == 1


def test_a_body_that_is_no_item_is_never_replayed(dext):
    dext.publish("{")
    with pytest.raises(NotReplayable, match="n’est pas lisible"):
        replay(dext)


def test_a_replay_makes_its_own_reception_by_the_person_and_writes_that_it_did(dext, mended):
    someone = member_of(mended)
    row = replay_reception(reception=refused(), by=someone, at=timezone.now(), base_url=MEG)
    assert (row.fate, row.by, row.replayed_from, row.invoice.status) == (
        Fate.CREATED,
        someone,
        InboxItem.objects.get(fate=Fate.REFUSED),
        Status.READY,
    )
    assert Event.objects.get(kind="reception.replayed").by == someone
    assert mend_of(InboxItem.objects.with_what_followed().get(fate=Fate.REFUSED), at=timezone.now()) is None


def test_after_a_replay_dext_is_answered_where_it_stands(dext, mended):
    assert dext.get(dext.on_company("items/RB-88213/")).status_code == 404
    replay(dext)
    assert dext.get(dext.on_company("items/RB-88213/")).json()["status"] == "ready"


@pytest.mark.parametrize("key", ["k1", "k2", ""])
def test_after_a_replay_the_same_body_from_dext_is_a_replay_and_no_duplicate(dext, mended, key):
    invoice = replay(dext).invoice
    answer = dext.publish(item(), key=key)
    assert (answer.status_code, answer.json()["id"]) == (201, str(invoice.pk))
    assert answer["Idempotent-Replayed"] == "true"
    assert PurchaseInvoice.objects.count() == 1


def test_after_a_replay_another_body_is_already_published(dext, mended):
    replay(dext)
    assert dext.publish(item(total="5.00"), key="k3").status_code == 409


def test_the_document_of_the_refusal_comes_with_the_replay_and_then_goes(dext, company):
    import json

    archive(company)
    body = {
        "item": SimpleUploadedFile("item.json", json.dumps(item()).encode()),
        "document": SimpleUploadedFile("ticket.pdf", PDF),
    }
    send = {"Authorization": f"Bearer {dext.token}"}
    assert dext.client.post("/api/dext/v1/" + dext.on_company("publish/"), body, headers=send).status_code == 422
    archive(company, is_active=True)
    row = refused()
    invoice = replay(dext).invoice
    document = invoice.attachments.get().document
    assert (document.filename, document.size) == ("ticket.pdf", len(PDF))
    assert kept_path(row.pk).exists()
    assert forget_files(at=timezone.now()) == 1
    assert not kept_path(row.pk).exists()
    assert forget_files(at=timezone.now()) == 0


def test_what_was_published_since_is_not_replayed(dext, mended):
    row = refused()
    assert dext.publish(item(), key="k9").status_code == 201
    assert mend_of(refused(), at=timezone.now()) is None
    with pytest.raises(NotReplayable, match="déjà dans MEG"):
        replay(dext, row)


def test_all_that_is_mended_is_replayed_at_once_and_the_rest_waits(dext, company):
    archive(company)
    for number in range(3):
        dext.publish(item(external_id=f"RB-{number}"))
    dext.publish(item(external_id="RB-9", account="99999999"))
    archive(company, is_active=True)
    rows = InboxItem.objects.for_company(company)
    told = replay_mended(receptions=rows, by=dext.user, at=timezone.now(), base_url=MEG)
    assert (told.done, told.blocked) == (3, 1)
    again = replay_mended(receptions=rows, by=dext.user, at=timezone.now(), base_url=MEG)
    assert (again.done, again.blocked) == (0, 1)
    late = replay_mended(receptions=rows, by=dext.user, at=timezone.now() + timedelta(days=91), base_url=MEG)
    assert (late.done, late.blocked) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_four_replays_at_once_leave_one_purchase():
    company = CompanyFactory()
    dext = calling(member_of(company), company)
    archive(company)
    dext.publish(item())
    archive(company, is_active=True)
    row = refused()

    def once(_: int) -> str:
        try:
            return str(replay(dext, row).pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(once, range(4)))) == 1
    assert PurchaseInvoice.objects.count() == 1
