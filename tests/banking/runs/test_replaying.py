from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from banking.matching.weights import Weights
from banking.models import BankAccount, Match
from banking.runs.replaying import Replay
from tests.banking.test_reconciliation import a_line, an_invoice, run


def some_decisions(account: BankAccount) -> None:
    """A certain pair, an uncertain one, and a sum."""
    an_invoice(account)
    a_line(account)
    an_invoice(account, gross_amount=Decimal("31.07"))
    a_line(account, amount=Decimal("-31.07"), label="CHEQUE 0012452")
    for cents in ("123.17", "88.41"):
        an_invoice(account, gross_amount=Decimal(cents))
    a_line(account, amount=Decimal("-211.58"), label="VIR SEPA FOURNITURES DU NORD")
    run(account)


def replay(account: BankAccount) -> str:
    out = StringIO()
    call_command("replay_matches", "--company", account.company.code, stdout=out)
    return out.getvalue()


def test_what_a_run_stored_is_decided_again_alike(account: BankAccount):
    some_decisions(account)
    assert Match.objects.count() == 4
    assert replay(account) == "3 décisions reprises, 0 autres.\n"


def test_a_decision_that_would_now_be_another_is_listed(account: BankAccount):
    some_decisions(account)
    match = Match.objects.get(group=None, state="auto")
    match.record["features"]["name"] = 0.0
    match.save()
    said = replay(account)
    assert f"{match.pk} moteur" in said
    assert "automatique" in said
    assert said.endswith("3 décisions reprises, 1 autres.\n")


def test_other_weights_show_what_they_would_change(account: BankAccount):
    some_decisions(account)
    found = list(Replay(Weights(proven=2_000)).differences(account.company))
    assert [(d.before[0], d.now[0]) for d in found] == [("auto", "suggested")]


def test_an_unknown_company_is_said(db: None):
    with pytest.raises(CommandError):
        call_command("replay_matches", "--company", "NULLE-PART")
