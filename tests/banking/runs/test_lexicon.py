"""What only the whole company tells is the same for what is new as for a whole run, and is of that company alone."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection

from achats.models import UNNAMED, PurchaseInvoice, Source, SupplierAlias
from banking.matching.case import lexicon_of
from banking.matching.engine import ENGINE_VERSION
from banking.matching.labels import fold
from banking.matching.names import name_words
from banking.matching.references import number_tokens
from banking.models import BankAccount, BankTransaction, LabelCore
from banking.runs import lexicon
from banking.runs.facts import read_facts
from banking.runs.lexicon import lexicon_of_some, words_seen
from banking.runs.news import read_news
from banking.tasks import forget_words_of_old_engines
from tests.banking.runs.test_news import a_whole_run
from tests.banking.test_reconciliation import a_line, an_invoice
from tests.factories.achats import SupplierFactory
from tests.factories.banking import BankAccountFactory


@pytest.fixture
def account(db: None) -> BankAccount:
    return BankAccountFactory.create()


def test_the_words_of_the_company_are_those_that_a_whole_run_reads(account: BankAccount) -> None:
    a_whole_run(account)
    supplier = SupplierFactory.create(company=account.company, name="Kiloutou SAS")
    other = SupplierFactory.create(company=account.company, name="Sans facture")
    for of, name in ((supplier, "Loueur du Nord"), (other, "Jamais lu")):
        SupplierAlias.objects.create(company=account.company, supplier=of, name=name, folded_name=fold(name))
    an_invoice(account, supplier=supplier, supplier_name="KILOUTOU", reference="FA-1234")
    an_invoice(account, source=Source.HAND, supplier=None, supplier_name=UNNAMED, reference="")
    an_invoice(account, reference="FA-2", gross_amount=Decimal(0), vat_amount=None)
    a_line(account, label="VIR SEPA", detail="KILOUTOU SAS\nFA-1234")
    a_line(account, label="CB VUE 2509", is_ignored=True)
    facts = read_facts(account.company_id)
    suppliers = read_news(account.company_id).suppliers
    some = lexicon_of_some(account.company_id, facts.invoices, facts.transactions, suppliers)
    whole = lexicon_of(facts.invoices, [], words_seen(account.company_id, facts.transactions))
    assert suppliers == whole.suppliers == {"Kiloutou SAS", "Loueur du Nord", ""}
    assert some.numbers == {"FA-1234"}
    assert some.seen == dict.fromkeys(name_words("Kiloutou SAS"), 1)
    assert whole.seen.items() >= some.seen.items()


def test_words_are_as_rare_as_in_all_labels_that_a_run_ever_saw(account: BankAccount) -> None:
    for label in ("VIR KILOUTOU LILLE", "VIR KILOUTOU PAU", "VIR KILOUTOU PAU"):
        a_line(account, label=label)
    a_whole_run(account)
    BankTransaction.objects.update(is_ignored=True)
    invoice, line = an_invoice(account), a_line(account, label="VIR KILOUTOU NICE")
    facts = read_facts(account.company_id)
    assert [i.id for i in facts.invoices] == [str(invoice.pk)]
    assert [t.id for t in facts.transactions] == [str(line.pk)]
    before = lexicon_of_some(account.company_id, facts.invoices, facts.transactions, frozenset({"Kiloutou"})).seen
    assert before["KILOUTOU"] == 3
    assert words_seen(account.company_id, facts.transactions).items() >= before.items()
    assert LabelCore.objects.filter(company=account.company).count() == 3


def test_words_that_another_engine_read_count_for_nothing(account: BankAccount) -> None:
    a_line(account, label="VIR KILOUTOU LILLE")
    a_whole_run(account)
    LabelCore.objects.update(engine_version=f"{ENGINE_VERSION}.0")
    facts = read_facts(account.company_id)
    assert words_seen(account.company_id, facts.transactions)["KILOUTOU"] == 1
    assert LabelCore.objects.count() == 2


def test_words_of_older_engines_are_forgotten_by_the_worker_and_those_of_this_one_stay(
    account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexicon, "AT_ONCE", 2)
    for place in "ABCDE":
        a_line(account, label=f"VIR KILOUTOU LILLE {place * 4}")
    a_whole_run(account)
    LabelCore.objects.update(engine_version=f"{ENGINE_VERSION}.0")
    a_whole_run(account)
    assert LabelCore.objects.count() == 10
    forget_words_of_old_engines()
    assert set(LabelCore.objects.values_list("engine_version", flat=True)) == {ENGINE_VERSION}
    assert LabelCore.objects.count() == 5
    assert settings.CELERY_BEAT_SCHEDULE["forget-old-words"]["task"] == forget_words_of_old_engines.name


def test_words_of_another_company_count_for_nothing(account: BankAccount) -> None:
    other: BankAccount = BankAccountFactory.create()
    a_line(other, label="VIR KILOUTOU LILLE")
    a_whole_run(other)
    a_line(account, label="VIR KILOUTOU PAU")
    facts = read_facts(account.company_id)
    assert words_seen(account.company_id, facts.transactions)["KILOUTOU"] == 1


def numbers() -> Iterator[str]:
    """Some that suppliers give, and one around each letter that folding may touch and keeps."""
    yield from (
        "",
        "7",
        "FA",
        "12-34",
        "FA-2024-006834",
        "2031-0007 / 12345 / 123456",
        "n° 12345 du 03/2031",
        "F 00012",
    )
    for code in (*range(1, 0x3000), *range(0xFB00, 0xFB07), *range(0xFF00, 0xFFF0)):
        if fold(chr(code)):
            yield f"{chr(code)}x{chr(code)}12{chr(code)}34567"


@pytest.mark.usefixtures("db")
def test_no_number_that_a_label_may_bear_is_missed_by_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, document_tokens(number) FROM unnest(%s) AS number", [list(numbers())])
        for number, tokens in cursor:
            assert set(filter(str.isascii, number_tokens(number))) <= set(tokens), number


def test_only_the_numbers_of_what_waits_are_told(account: BankAccount) -> None:
    a_whole_run(account)
    an_invoice(account, reference="FA-006834", gross_amount=Decimal(7))
    paid = an_invoice(account, reference="FA-006835", gross_amount=Decimal(8))
    PurchaseInvoice.objects.filter(pk=paid.pk).update(is_settled_off_bank=True)
    a_line(account, label="VIR KILOUTOU FA006834 FA006835 FA006836")
    facts = read_facts(account.company_id)
    some = lexicon_of_some(account.company_id, [], facts.transactions, frozenset())
    assert some.numbers == {"FA-006834"}
