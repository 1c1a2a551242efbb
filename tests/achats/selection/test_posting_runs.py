"""Many purchases published at once by the worker, what is left aside told, and the whole taken back."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from achats.books.posting import post_invoice
from achats.models import PostingRun, PurchaseInvoice, Status
from achats.selection import posting_runs
from achats.selection.posting_choices import choice_of
from achats.selection.posting_runs import NothingToPost, advance, ask_to_post, ask_to_undo, runs_left_behind
from achats.tasks import advance_posting_run, sweep_posting_runs
from firms.models import Company, Event, Role, User
from ledger.models import JournalEntry
from ledger.validating import validate_entries
from tests.achats.list_pages import text
from tests.achats.posting_rows import a_line, a_receipt, open_company_of_2019
from tests.factories.achats import NOW
from tests.factories.firms import CompanyFactory, member_of
from tests.worker import messages


@pytest.fixture
def company(db: None) -> Company:
    return open_company_of_2019()


@pytest.fixture
def by(company: Company) -> User:
    return member_of(company)


def receipts(company: Company, number: int, **fields) -> list[PurchaseInvoice]:
    return [a_receipt(company, reference=f"F-{rank}", **fields) for rank in range(number)]


def ask(company: Company, rows: list[PurchaseInvoice], by: User) -> PostingRun:
    return ask_to_post(company=company, invoice_ids=[row.pk for row in rows], by=by, at=NOW)


def run_it(run: PostingRun) -> PostingRun:
    advance_posting_run(run_id=str(run.pk))
    run.refresh_from_db()
    return run


def statuses(rows: list[PurchaseInvoice]) -> set[str]:
    return set(PurchaseInvoice.objects.filter(pk__in=[row.pk for row in rows]).values_list("status", flat=True))


def test_each_is_posted_and_the_run_says_so(company: Company, by: User):
    rows = receipts(company, 3)
    run = run_it(ask(company, rows, by))
    assert statuses(rows) == {Status.POSTED}
    assert (run.handled, run.changed, run.refused, run.finished_at is None) == (3, 3, {}, False)
    assert set(Event.objects.filter(kind="purchase.posted").values_list("by", flat=True)) == {by.pk}


def test_what_cannot_be_posted_is_left_with_its_cause_and_stops_nobody(company: Company, by: User):
    rows = [*receipts(company, 2), a_receipt(company, name="Orange", issued_on=date(2017, 1, 1))]
    done = a_receipt(company, name="OVH")
    run = ask(company, [*rows, done], by)
    post_invoice(invoice=done, by=by, at=NOW)
    run = run_it(run)
    assert (run.handled, run.changed, run.total) == (4, 2, 4)
    assert run.refused == {"Déjà comptabilisée": 1, "Exercice": 1}
    assert JournalEntry.objects.count() == 3


def test_a_run_goes_on_where_it_stopped_and_twice_is_once(company: Company, by: User):
    rows = receipts(company, 3)
    run = ask(company, rows, by)
    assert advance(run_id=run.pk, at=NOW)
    for _ in range(2):
        run_it(run)
    run.refresh_from_db()
    assert (run.changed, run.posted.count(), JournalEntry.objects.count()) == (3, 3, 3)


def test_a_step_that_dies_leaves_nothing_of_it(company: Company, by: User, monkeypatch: pytest.MonkeyPatch):
    run = ask(company, receipts(company, 2), by)
    with monkeypatch.context() as patch:
        patch.setattr(PostingRun, "save", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            advance(run_id=run.pk, at=NOW)
    assert (JournalEntry.objects.count(), run.posted.count()) == (0, 0)
    assert run_it(run).changed == 2


@pytest.mark.usefixtures("no_worker")
def test_a_message_handles_some_and_asks_for_the_rest(company: Company, by: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(posting_runs, "STEPS", 2)
    run = ask(company, receipts(company, 3), by)
    before = messages()
    assert (run_it(run).handled, messages()) == (2, before + 1)
    assert (run_it(run).handled, messages()) == (3, before + 1)


def test_a_step_reads_and_writes_as_little_whatever_was_asked(company: Company, by: User):
    run = ask(company, receipts(company, 2), by)
    PostingRun.objects.filter(pk=run.pk).update(asked=[*run.asked, *(uuid4() for _ in range(2_000))], total=2_002)
    with CaptureQueriesContext(connection) as queries:
        advance(run_id=run.pk, at=NOW)
    assert max(len(query["sql"]) for query in queries) < 10_000


def test_more_than_one_run_takes_are_the_oldest_first_and_it_is_said(
    client: Client, company: Company, by: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("achats.selection.posting_choices.MOST", 2)
    rows = [a_receipt(company, reference=f"F-{day}", issued_on=date(2019, 8, day)) for day in (3, 1, 2)]
    client.force_login(by)
    shown = client.get(reverse("achats:choose_posting", args=[company.pk]) + "?onglet=pret").content.decode()
    assert "Plus de 2\u00a0factures\u00a0: les 2 plus anciennes d’abord." in shown
    client.post(reverse("achats:start_posting", args=[company.pk]) + "?onglet=pret")
    assert PostingRun.objects.get().asked == [rows[1].pk, rows[2].pk]


def test_a_selection_without_a_script_is_posted_and_nothing_ticked_is_not_the_whole_list(
    client: Client, company: Company, by: User
):
    rows = receipts(company, 2)
    client.force_login(by)
    address = reverse("achats:choose_posting", args=[company.pk]) + "?onglet=pret"
    shown = client.post(address, {"ids": [str(rows[0].pk)], "compte": "", "tva": ""}).content.decode()
    assert f'name="facture" value="{rows[0].pk}"' in shown
    assert str(rows[1].pk) not in shown
    answer = client.post(address, {"compte": ""}, follow=True)
    assert answer.redirect_chain == [(reverse("achats:list", args=[company.pk]) + "?onglet=pret", 302)]
    assert "Cochez d’abord des factures." in answer.content.decode()
    assert not PostingRun.objects.exists()


def test_the_whole_is_taken_back_but_what_was_validated_meanwhile(company: Company, by: User):
    rows = [*receipts(company, 2), a_receipt(company, name="Orange", issued_on=date(2019, 12, 1))]
    run = run_it(ask(company, rows, by))
    validate_entries(company=company, until=date(2019, 11, 30), by=by, at=NOW)
    undoing = ask_to_undo(run=run, by=by, at=NOW)
    assert ask_to_undo(run=run, by=by, at=NOW) == undoing
    undoing = run_it(undoing)
    assert (undoing.changed, undoing.refused) == (1, {"Écriture définitive": 2})
    assert statuses(rows[2:]) == {Status.READY}
    with pytest.raises(NothingToPost):
        ask_to_undo(run=undoing, by=by, at=NOW)


def test_what_another_person_published_meanwhile_is_not_taken_back(company: Company, by: User):
    rows = receipts(company, 2)
    run = ask(company, rows, by)
    post_invoice(invoice=rows[0], by=by, at=NOW)
    undoing = run_it(ask_to_undo(run=run_it(run), by=by, at=NOW))
    assert undoing.changed == 1
    assert PurchaseInvoice.objects.get(pk=rows[0].pk).status == Status.POSTED


def test_nothing_of_another_company_nor_what_is_not_ready_is_asked(company: Company, by: User):
    others = [
        a_receipt(open_company_of_2019()),
        a_receipt(company, replace(a_line(company, "5.76", "0.61"), account=None)),
    ]
    with pytest.raises(NothingToPost, match="Aucune de ces factures"):
        ask(company, others, by)


def test_the_choice_says_how_many_and_why_not_the_others(company: Company, by: User, django_assert_num_queries):
    receipts(company, 2)
    a_receipt(company, replace(a_line(company, "5.76", "0.61"), account=None), name="Orange")
    a_receipt(company, a_line(company, "12.00", "0.00", code="AL20"), vat="0.00", name="OVH")
    post_invoice(invoice=a_receipt(company, name="SNCF"), by=by, at=NOW)
    with django_assert_num_queries(1):
        choice = choice_of(PurchaseInvoice.objects.for_company(company))
    assert choice.title == "Publier 2 sur 5"
    assert choice.why_not == ("3 ne sont pas prêtes\u00a0: autoliquidation (1), compte (1), déjà comptabilisée (1).")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_worker")
def test_a_run_costs_one_message_and_a_lost_one_is_found_again():
    company = open_company_of_2019()
    by = member_of(company)
    run = ask(company, receipts(company, 2), by)
    assert messages() == 1
    assert runs_left_behind(at=NOW) == []
    assert runs_left_behind(at=NOW + timedelta(minutes=3)) == [run.pk]
    sweep_posting_runs()
    assert messages() == 2
    advance(run_id=run.pk, at=NOW + timedelta(minutes=2))
    assert runs_left_behind(at=NOW + timedelta(minutes=3)) == []  # it goes on
    assert runs_left_behind(at=NOW + timedelta(minutes=5)) == [run.pk]
    run_it(run)
    assert runs_left_behind(at=timezone.now()) == []


def test_from_the_tab_one_publishes_follows_and_takes_back_without_a_script(client: Client, company: Company, by: User):
    receipts(company, 2)
    client.force_login(by)
    tab = client.get(reverse("achats:list", args=[company.pk]) + "?onglet=pret").content.decode()
    choose = reverse("achats:choose_posting", args=[company.pk]) + "?onglet=pret"
    assert choose in tab
    assert "Publier 2" in text(client.get(choose).content.decode())
    page = client.post(reverse("achats:start_posting", args=[company.pk]) + "?onglet=pret", follow=True)
    assert "Publication : 0 sur 2" in page.content.decode().replace("\u00a0", " ")
    run = run_it(PostingRun.objects.get())
    where = reverse("achats:posting_run", args=[company.pk, run.pk])
    assert "2 factures publiées, 11,52 €." in client.get(where).content.decode().replace("\u00a0", " ")
    client.post(reverse("achats:undo_posting", args=[company.pk, run.pk]), follow=True)
    undoing = run_it(PostingRun.objects.get(undoes=run))
    where = reverse("achats:posting_run", args=[company.pk, undoing.pk])
    assert "2 publications annulées." in client.get(where).content.decode().replace("\u00a0", " ")
    assert not JournalEntry.objects.exists()


def test_a_finished_run_answers_its_lines_and_the_counts_to_the_list_that_followed_it(
    client: Client, company: Company, by: User
):
    rows = receipts(company, 3)
    run = ask(company, rows[:2], by)
    client.force_login(by)
    where = reverse("achats:posting_run", args=[company.pk, run.pk]) + "?onglet=pret"
    assert "data-row" not in client.get(where, headers={"HX-Request": "true"}).content.decode()
    run_it(run)
    answer = client.get(where, headers={"HX-Request": "true"}).content.decode()
    assert answer.count('hx-swap-oob="true" class=" is-changed"') == 2
    assert "À publier 1" in text(answer)
    assert "data-row" not in client.get(where).content.decode()


def test_only_the_chosen_are_published(client: Client, company: Company, by: User):
    first, second = receipts(company, 2)
    client.force_login(by)
    address = reverse("achats:start_posting", args=[company.pk])
    client.post(address, {"facture": [str(first.pk), "autre", str(a_receipt(open_company_of_2019()).pk)]})
    assert PostingRun.objects.get().asked == [first.pk]
    assert second.status == Status.READY


def test_a_run_of_another_company_does_not_exist(client: Client, company: Company, by: User):
    other = open_company_of_2019()
    run = ask(other, receipts(other, 1), member_of(other))
    client.force_login(by)
    assert client.get(reverse("achats:posting_run", args=[company.pk, run.pk])).status_code == 404
    assert client.post(reverse("achats:undo_posting", args=[company.pk, run.pk])).status_code == 404


def test_a_reader_may_not_publish_many(client: Client, company: Company, by: User):
    receipts(company, 1)
    client.force_login(member_of(company, Role.READER))
    assert client.post(reverse("achats:start_posting", args=[company.pk])).status_code == 403
    assert "Publier" not in client.get(reverse("achats:list", args=[company.pk]) + "?onglet=pret").content.decode()
    assert CompanyFactory.create().posting_runs.count() == 0
