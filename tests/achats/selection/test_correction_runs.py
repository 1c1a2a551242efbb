"""One thing changed on very many purchases by the worker, what is left told, and the whole taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from achats.changing.cancelling import cancel_invoice
from achats.models import CorrectionDeed, CorrectionRun, PurchaseInvoice
from achats.selection import correction_runs
from achats.selection.correcting_many import AT_MOST, Wanted
from achats.selection.correction_runs import advance, ask_to_correct, ask_to_undo, runs_left_behind, sentence_of
from achats.selection.undoing import NothingToUndo
from achats.tasks import advance_correction_run, sweep_correction_runs
from firms.models import Company, Event, Role, User
from ledger.models import Account
from tests.achats.list_pages import invoice, page
from tests.factories.achats import NOW
from tests.factories.firms import CompanyFactory, member_of
from tests.worker import messages

SMALL = "60630000"


@pytest.fixture
def company(db: None) -> Company:
    return CompanyFactory.create()


@pytest.fixture
def by(company: Company) -> User:
    return member_of(company)


@pytest.fixture(autouse=True)
def batches_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correction_runs, "BATCH", 2)


def rows_of(company: Company, number: int) -> list[PurchaseInvoice]:
    return [invoice(company, f"F{rank}", account=None) for rank in range(number)]


def ask(company: Company, rows: list[PurchaseInvoice], by: User) -> CorrectionRun:
    small = Account.objects.get(company=company, code=SMALL)
    chosen = [row.pk for row in rows]
    return ask_to_correct(company=company, chosen=chosen, wanted=Wanted(account=small), by=by, at=NOW)


def run_it(run: CorrectionRun) -> CorrectionRun:
    advance_correction_run(run_id=str(run.pk))
    run.refresh_from_db()
    return run


def booked(company: Company) -> int:
    return PurchaseInvoice.objects.filter(company=company, sort_account=SMALL).count()


def test_each_is_changed_by_who_asked_and_what_cannot_be_is_told(company: Company, by: User):
    rows = rows_of(company, 5)
    cancel_invoice(invoice=rows[2], by=by, reason="", at=NOW)
    run = run_it(ask(company, rows, by))
    assert (run.handled, run.changed, run.refused, run.finished_at) != (0, 0, {}, None)
    assert (run.changed, run.refused, booked(company)) == (4, {"annulée": 1}, 4)
    said = "4\u00a0factures\u00a0: compte 60630000 Fournitures d’entretien et de petit équipement. 1\u00a0non modifiée"
    assert sentence_of(run).startswith(said)
    changed = Event.objects.filter(company=company, kind="purchase.corrected")
    assert {event.by for event in changed} == {by}
    assert CorrectionDeed.objects.filter(run=run).count() == 3


def test_a_run_goes_on_where_it_stopped_and_twice_is_once(company: Company, by: User):
    run = ask(company, rows_of(company, 5), by)
    assert advance(run_id=run.pk, at=NOW)
    assert booked(company) == 2
    for _ in range(2):
        run_it(run)
    assert (booked(company), CorrectionRun.objects.get().changed) == (5, 5)


def test_all_of_it_is_taken_back_but_for_what_somebody_changed_since(company: Company, by: User):
    rows = rows_of(company, 5)
    run = run_it(ask(company, rows, by))
    rows[0].lines.update(account=Account.objects.get(company=company, code="62570000"))
    undoing = run_it(ask_to_undo(run=run, by=by, at=NOW))
    assert (undoing.changed, undoing.refused) == (4, {"modifiée depuis": 1})
    assert not PurchaseInvoice.objects.filter(lines__account__code=SMALL).exists()
    assert ask_to_undo(run=run, by=by, at=NOW) == undoing
    with pytest.raises(NothingToUndo):
        ask_to_undo(run=undoing, by=by, at=NOW)


def test_what_is_under_way_or_anothers_is_not_taken_back(company: Company, by: User):
    run = ask(company, rows_of(company, 3), by)
    with pytest.raises(NothingToUndo):
        ask_to_undo(run=run, by=by, at=NOW)
    run_it(run)
    with pytest.raises(NothingToUndo):
        ask_to_undo(run=run, by=member_of(company), at=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_run_costs_one_message_and_a_lost_one_is_found_again():
    company = CompanyFactory.create()
    rows, by, before = rows_of(company, 1), member_of(company), messages()
    run = ask(company, rows, by)
    assert messages() == before + 1
    assert runs_left_behind(at=NOW) == []
    assert runs_left_behind(at=NOW + timedelta(minutes=3)) == [run.pk]
    sweep_correction_runs()
    assert messages() == before + 2
    run_it(run)
    assert runs_left_behind(at=timezone.now()) == []


@pytest.mark.django_db(transaction=True)
def test_from_the_page_more_than_one_waits_for_go_to_the_worker(client: Client, monkeypatch: pytest.MonkeyPatch):
    company = CompanyFactory.create()
    monkeypatch.setattr("achats.views.selection.AT_MOST", 3)
    by = member_of(company)
    client.force_login(by)
    rows_of(company, 4)
    place = reverse("achats:change_selection", args=[company.pk])
    answer = client.post(place, {"toutes": "1", "compte": SMALL}, headers={"HX-Request": "true"}).content.decode()
    assert "Changement\u00a0: 0 sur 4\u00a0factures" in answer
    assert "<progress" in answer
    run = run_it(CorrectionRun.objects.get())
    assert reverse("achats:correction_run", args=[company.pk, run.pk]) in page(client, company)
    told = client.get(reverse("achats:correction_run", args=[company.pk, run.pk]), headers={"HX-Request": "true"})
    assert "4\u00a0factures\u00a0: compte" in told.content.decode()
    undo = reverse("achats:undo_correction_run", args=[company.pk, run.pk])
    assert undo in told.content.decode()
    assert client.post(undo).status_code == 302
    run_it(CorrectionRun.objects.exclude(pk=run.pk).get())
    assert booked(company) == 0
    assert AT_MOST == 500


def test_neither_readers_nor_other_companies_reach_a_run(client: Client, company: Company, by: User):
    run = ask(company, rows_of(company, 1), by)
    client.force_login(member_of(company, Role.READER))
    for name in ("correction_run", "undo_correction_run"):
        assert client.post(reverse(f"achats:{name}", args=[company.pk, run.pk])).status_code in {403, 405}
    client.force_login(by)
    assert client.get(reverse("achats:correction_run", args=[company.pk, uuid4()])).status_code == 404
    other = CompanyFactory.create(firm=company.firm)
    client.force_login(member_of(other))
    assert client.get(reverse("achats:correction_run", args=[other.pk, run.pk])).status_code == 404
