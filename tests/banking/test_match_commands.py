import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from banking.models import MatchRun
from banking.reconciliation import reconcile_company
from tests.banking.test_reconciliation import a_line, an_invoice
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory

NBSP = "\u00a0"


def said(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_worker")
def test_match_wait_runs_in_its_own_process_where_no_worker_answers() -> None:
    account = BankAccountFactory.create()
    an_invoice(account)
    a_line(account)
    assert said("match", "--company", account.company.code, "--wait") == "1 rapprochement automatique · 0 suggestion\n"
    assert MatchRun.objects.get().trigger == "hand"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("celery_worker_process")
def test_match_wait_waits_for_the_worker_where_one_answers() -> None:
    account = BankAccountFactory.create()
    for n in range(2):
        an_invoice(account, reference=f"FA00{n}834", gross_amount=100 + n)
        a_line(account, amount=-100 - n)
    assert said("match", "--company", account.company.code, "--wait").startswith("2 rapprochements automatiques")


@pytest.mark.django_db(transaction=True)
def test_without_wait_the_run_is_asked_for() -> None:
    company = CompanyFactory.create()
    assert "Rapprochement demandé" in said("match", "--company", company.code)


@pytest.mark.django_db
def test_the_export_gives_external_ids_the_statements_ids_state_and_reasons_suggestions_last() -> None:
    account = BankAccountFactory.create()
    an_invoice(account, external_id="dext-1")
    a_line(account, bank_reference="FIT-1")
    an_invoice(account, external_id="dext-2", gross_amount=500)
    a_line(account, bank_reference="FIT-2", amount=-500, label="CHEQUE 1")
    reconcile_company(company_id=account.company_id)
    rows = [json.loads(line) for line in said("export_matches", "--company", account.company.code).splitlines()]
    assert [(r["invoices"], r["transactions"], r["state"]) for r in rows] == [
        (["dext-1"], ["FIT-1"], "auto"),
        (["dext-2"], ["FIT-2"], "suggested"),
    ]
    assert rows[1]["reasons"][-1] == f"Pas automatique{NBSP}: le libellé ne nomme personne"


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["match", "export_matches"])
def test_an_unknown_or_ambiguous_company_is_said_in_a_sentence(command: str) -> None:
    CompanyFactory.create(code="MEME")
    CompanyFactory.create(code="MEME")
    for code, words in (("RIEN", "Aucun dossier"), ("MEME", "précisez le cabinet")):
        with pytest.raises(CommandError, match=words):
            call_command(command, "--company", code)
