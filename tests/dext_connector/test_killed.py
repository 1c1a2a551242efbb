"""kill -9 at any moment between a publish and its match: what was answered is there once, and matched once.

The moments are random, one or two a test; `MEG_TEST_KILLS=10` asks for more of them.
"""

import os
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection

from achats.models import InvoiceLine, PurchaseInvoice, Settlement
from banking.models import BankTransaction, Match, MatchState
from banking.tasks import sweep_unmatched
from dext_connector.models import Fate, InboxItem
from meg.embedded.processes import wait_until
from tests.dext_connector.conftest import calling, item
from tests.dext_connector.http import Sender
from tests.factories.banking import BankAccountFactory, BankTransactionFactory
from tests.factories.firms import CompanyFactory, member_of
from tests.worker import drop_what_the_dead_held

ITEMS = 60
KILLS = int(os.environ.get("MEG_TEST_KILLS", "1"))


def items() -> list[dict]:
    return [
        item(external_id=f"RB-{number}", total=f"{100 + number}.{number:02}", vat_amount=None, reference=f"FA-{number}")
        for number in range(ITEMS)
    ]


def check_each_is_there_once(company) -> None:
    ids = [sent["external_id"] for sent in items()]
    rows = PurchaseInvoice.objects.filter(company=company)
    assert sorted(rows.values_list("external_id", flat=True)) == sorted(ids)
    assert sorted(InboxItem.objects.filter(fate=Fate.CREATED).values_list("external_id", flat=True)) == sorted(ids)
    assert InvoiceLine.objects.filter(company=company).count() == ITEMS


def test_a_server_killed_between_request_and_answer_loses_and_doubles_nothing(web_server, no_worker):
    company = CompanyFactory()
    sender = Sender(web_server, calling(member_of(company), company))
    moments = sorted(random.sample(range(1, ITEMS // 2), KILLS))
    with ThreadPoolExecutor(4) as threads:
        sent = [
            threads.submit(sender.send_until_answered, "publish/", body, key=body["external_id"]) for body in items()
        ]
        for moment in moments:
            assert wait_until(lambda enough=moment: len(sender.answers) >= enough, seconds=60, every=0.001)
            web_server.kill()
            web_server.start()
        assert {future.result().status_code for future in sent} == {201}, moments
    assert sender.unanswered, moments
    check_each_is_there_once(company)
    for body in items()[::6]:
        again = sender.send("publish/", body, key=body["external_id"])
        first = sender.answers[body["external_id"]]
        assert (again.headers["Idempotent-Replayed"], again.json()) == ("true", first.json())


def test_a_batch_cut_off_by_a_kill_goes_on_where_it_stopped(web_server, no_worker):
    company = CompanyFactory()
    sender = Sender(web_server, calling(member_of(company), company))
    moments = sorted(random.sample(range(1, ITEMS // 2), KILLS))
    with ThreadPoolExecutor(1) as thread:
        sent = thread.submit(sender.send_until_answered, "publish/batch/", {"items": items()}, key="k1")
        for moment in moments:
            created = InboxItem.objects.filter(fate=Fate.CREATED)
            assert wait_until(lambda rows=created, enough=moment: rows.count() >= enough, seconds=60, every=0.001)
            web_server.kill()
            web_server.start()
        answer = sent.result()
    assert sender.unanswered, moments
    assert {result["http_status"] for result in answer.json()["results"]} == {201}
    check_each_is_there_once(company)


def a_run_is_on() -> bool:
    """Whether another connection holds what a run of the engine holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory'"
            " AND granted AND d.datname = current_database() AND pid <> pg_backend_pid())"
        )
        return cursor.fetchone()[0]


@pytest.mark.usefixtures("celery_worker_process")
def test_a_worker_killed_between_a_publish_and_its_match_matches_each_once(shared_worker):
    company = CompanyFactory()
    dext, account = calling(member_of(company), company), BankAccountFactory(company=company)
    for number, sent in enumerate(items()):
        amount, label = -Decimal(sent["total"]), f"CB STARBUCKS FA-{number} 2509"
        BankTransactionFactory(account=account, amount=amount, label=label, booked_on=date(2019, 9, 26))
    moments = {*random.sample(range(1, ITEMS - 1), KILLS), ITEMS - 1}
    for number, sent in enumerate(items()):
        assert dext.publish(sent, key=sent["external_id"]).status_code == 201
        if number in moments:
            wait_until(a_run_is_on, seconds=5, every=0.001)
            shared_worker.kill()
            shared_worker.start()
    drop_what_the_dead_held()
    cache.clear()
    sweep_unmatched()
    assert wait_until(lambda: not PurchaseInvoice.objects.unsettled().exists(), seconds=60)
    check_each_is_there_once(company)
    matches = Match.objects.live().filter(company=company)
    assert matches.count() == ITEMS == matches.values("invoice").distinct().count()
    assert set(matches.values_list("state", flat=True)) == {MatchState.AUTO}
    assert all(row.allocated_cents == -row.amount * 100 for row in BankTransaction.objects.all())
    assert all(row.settled_cents == row.gross_amount * 100 for row in PurchaseInvoice.objects.all())
    assert set(PurchaseInvoice.objects.values_list("settlement", flat=True)) == {Settlement.SETTLED}
