import json

import pytest
from django.core.management import CommandError, call_command

from banking.matches.exporting import exported_matches
from banking.models import BankAccount, Match, MatchState
from tests.banking.test_group_matches import a_suggested_sum
from tests.banking.test_reconciliation import a_line, an_invoice, run
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import member_of


@pytest.fixture
def account(db: None) -> BankAccount:
    account = BankAccountFactory.create()
    member_of(account.company)
    return account


def confirm(account: BankAccount, tmp_path, rows: list, **options: str) -> None:
    file = tmp_path / "matches.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    call_command("confirm_matches", str(file), company=account.company.code, **options)


def test_an_exported_file_is_confirmed_as_it_is(account: BankAccount, tmp_path, capsys) -> None:
    a_suggested_sum(account)
    an_invoice(account, supplier_name="Garage du Port")
    a_line(account, label="CB GARAGE DU PORT 250919")
    run(account)
    confirm(account, tmp_path, list(exported_matches(account.company)))
    assert set(Match.objects.values_list("state", flat=True)) == {MatchState.CONFIRMED}
    assert "2 confirmés, 0 refusés." in capsys.readouterr().out
    confirm(account, tmp_path, list(exported_matches(account.company)))
    assert "2 confirmés, 0 refusés." in capsys.readouterr().out


def test_a_pair_that_the_machine_never_proposed_is_made_by_hand(account: BankAccount, tmp_path) -> None:
    invoice, line = an_invoice(account), a_line(account, label="VIR DIVERS")
    confirm(account, tmp_path, [{"invoices": [str(invoice.pk)], "transactions": [str(line.pk)]}])
    assert Match.objects.get().state == MatchState.CONFIRMED


def test_what_is_wrong_is_told_by_line_and_the_rest_confirmed(account: BankAccount, tmp_path, capsys) -> None:
    invoice, line = an_invoice(account), a_line(account)
    good = {"invoices": [str(invoice.pk)], "transactions": [str(line.pk)]}
    confirm(account, tmp_path, [{"invoices": ["inconnue"], "transactions": [str(line.pk)]}, {"invoices": []}, 3, good])
    said = capsys.readouterr()
    assert "1 confirmés, 3 refusés." in said.out
    assert "« inconnue »".replace(" ", "\u00a0") in said.err


def test_a_file_that_is_no_json_and_an_unknown_person_are_refused(account: BankAccount, tmp_path) -> None:
    with pytest.raises(CommandError, match="Ligne 1"):
        confirm(account, tmp_path, ["{"])
    with pytest.raises(CommandError, match="Personne"):
        confirm(account, tmp_path, [], by="autre@cabinet.test")
