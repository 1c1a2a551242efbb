"""The demonstration's data: a statement that any CFONB reader takes, papers that can be read, items of the contract."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from banking.statements.detect import read_statements
from dext_connector.items.consistency import faults_of
from dext_connector.serializers.items import read_item
from meg.demo.documents import money, write_document
from meg.demo.items import WITHDRAWN, purchases, refused_items
from meg.demo.statement import ACCOUNTS, DemoAccount, Movement, cfonb120, movements, signed

PURCHASES = {purchase.item["external_id"]: purchase for purchase in purchases()}
ORANGE = "RB-90102"


def test_the_statement_reads_back_with_its_balances():
    statements = read_statements(cfonb120())
    assert [statement.account.number for statement in statements] == [account.number for account in ACCOUNTS]
    assert sum(len(statement.lines) for statement in statements) == len(movements())
    for statement, account in zip(statements, ACCOUNTS, strict=True):
        assert statement.opening_cents == account.opening_cents
        assert statement.closing_cents == account.opening_cents + statement.total_cents


def test_a_line_reads_back_with_its_creditor_and_its_words():
    lines = [line for statement in read_statements(cfonb120()) for line in statement.lines]
    (orange,) = [line for line in lines if line.label == "PRLV SEPA ORANGE BUSINESS"]
    assert (orange.booked_on, orange.amount_cents) == (date(2019, 9, 13), -174_354)
    assert (orange.complements.creditor_identifier, orange.complements.mandate) == ("FR12ZZZ123456", "RUM-88213")
    assert orange.complements.remittance == "FA006834"


@given(
    opening=st.integers(-(10**9), 10**9),
    cents=st.lists(st.integers(-(10**9), 10**9).filter(bool), max_size=5),
)
def test_any_amounts_read_back_to_the_cent(opening, cents):
    account = DemoAccount("main", "Compte", "00010024471", opening)
    lines = [Movement("main", date(2019, 8, 1), amount, "11", "CB ESSAI") for amount in cents]
    (statement,) = read_statements(cfonb120([account], lines))
    assert [line.amount_cents for line in statement.lines] == cents
    assert statement.closing_cents == opening + sum(cents)


def test_an_amount_is_written_as_the_specification_says():
    assert signed(-19_040) == "0000000001904}"


def test_every_purchase_is_an_item_that_meg_can_take():
    for external_id, purchase in PURCHASES.items():
        item = read_item(purchase.item)
        assert (external_id, item.faults, list(faults_of(item, today=date(2019, 12, 31)))) == (external_id, (), [])


def test_each_item_that_must_be_refused_is_at_fault_or_names_an_unknown_account():
    faulty = [list(faults_of(read_item(item), today=date(2019, 12, 31))) for item in refused_items()]
    assert [bool(faults) for faults in faulty] == [True, False, True]


def test_there_is_something_of_everything():
    items = [purchase.item for purchase in PURCHASES.values()]
    assert 55 <= len(items) <= 80
    assert {item["type"] for item in items} == {"invoice", "credit_note", "receipt"}
    assert {item["currency"] for item in items} == {"EUR", "USD"}
    assert {purchase.paper for purchase in PURCHASES.values()} == {"pdf", "till", "none"}
    assert {item.get("vat_amount") for item in items} >= {None, "0.00"}
    assert Decimal("1743.54") in {Decimal(item["total"]) for item in items if item.get("reference") == "FA006834"}
    assert ("credit_note", "212.40") in {(item["type"], item["total"]) for item in items}
    assert WITHDRAWN in PURCHASES


@pytest.mark.parametrize("external_id", [key for key, purchase in PURCHASES.items() if purchase.paper == "pdf"])
def test_an_invoice_can_be_read_on_its_paper(external_id, tmp_path):
    item = PURCHASES[external_id].item
    path = write_document(PURCHASES[external_id], tmp_path)
    document = pypdfium2.PdfDocument(path)
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert item["supplier"]["name"] in text
    assert money(item["total"], item["currency"]).replace("\u00a0", " ") in text.replace("\u00a0", " ")
    assert item.get("reference", "") in text


@pytest.mark.parametrize("external_id", [key for key, purchase in PURCHASES.items() if purchase.paper == "till"])
def test_a_till_receipt_is_a_picture(external_id, tmp_path):
    path = write_document(PURCHASES[external_id], tmp_path)
    assert path
    with Image.open(path) as picture:
        assert picture.width >= 500
        darkest, _ = picture.convert("L").getextrema()
    assert darkest < 80


def test_the_same_purchase_gives_the_same_bytes(tmp_path):
    def drawn(name: str, external_id: str) -> bytes:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        path = write_document(PURCHASES[external_id], folder)
        return Path(path or "").read_bytes()

    for external_id in (ORANGE, "RB-90122"):
        assert drawn("one", external_id) == drawn("two", external_id)


def test_a_purchase_without_a_paper_has_none(tmp_path):
    assert write_document(next(p for p in PURCHASES.values() if p.paper == "none"), tmp_path) is None
