import json
from dataclasses import replace

import pytest

from banking.statements.account import AccountKey
from banking.statements.csv_mapping import ColumnMapping, header_fingerprint
from banking.statements.csv_reading import UnknownColumns, read_csv
from banking.statements.detect import read_statements
from banking.statements.statement import UnreadableStatement
from banking.statements.told import Told
from tests.banking.statements.samples import shared

HEADER = ("Jour", "Intitulé", "Sortie", "Entrée", "Après", "Réf.")
FILE = (";".join(HEADER) + "\n11/02/2026;EDF;12.50;;87.50;R1\n11/25/2026;ACME;;1,000.00;1087.50;R2\n").encode()
MAPPING = ColumnMapping(
    fingerprint=header_fingerprint(HEADER),
    booked_on=0,
    label=(1,),
    date_order="mdy",
    debit=2,
    credit=3,
    balance=4,
    reference=5,
    decimal_mark=".",
    name="Banque du Port",
)
TOLD = Told(account=AccountKey.from_rib("30004", "00123", "00012345678"))


def test_an_unknown_table_says_its_header_and_its_first_rows() -> None:
    with pytest.raises(UnknownColumns) as refused:
        read_csv(b"Extrait du compte\n\n" + FILE, told=TOLD)
    unknown = refused.value
    assert unknown.header == HEADER
    assert [row[1] for row in unknown.rows] == ["EDF", "ACME"]
    assert (unknown.fingerprint, unknown.place) == (MAPPING.fingerprint, 3)
    assert "colonnes inconnues (Jour, Intitulé, Sortie" in unknown.message


@pytest.mark.parametrize("kept", [True, False])
def test_the_mapping_of_the_accountant_reads_it(kept: bool) -> None:
    if kept:
        (statement,) = read_statements(FILE, told=replace(TOLD, mappings={MAPPING.fingerprint: MAPPING}))
    else:
        (statement,) = read_csv(FILE, told=TOLD, mapping=MAPPING)
    assert [line.amount_cents for line in statement.lines] == [-1250, 100000]
    assert (statement.opening_cents, statement.closing_cents) == (10000, 108750)
    assert statement.lines[0].complements.reference == "R1"


def test_a_mapping_goes_to_json_and_back() -> None:
    assert ColumnMapping.from_json(json.loads(json.dumps(MAPPING.as_json()))) == MAPPING


@pytest.mark.parametrize(
    "changes",
    [
        {"label": ()},
        {"amount": 1, "debit": 2},
        {"debit": None, "credit": None},
        {"booked_on": 1},
        {"booked_on": -1},
        {"date_order": "ydm"},
        {"decimal_mark": "x"},
        {"booked_on": "0"},
        {"unknown": 1},
        {"fingerprint": None},
    ],
)
def test_a_mapping_that_cannot_serve_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"colonne|ordre|modèle|Montant"):
        ColumnMapping.from_json(MAPPING.as_json() | changes)


def test_a_mapping_of_another_header_reads_nothing() -> None:
    with pytest.raises(UnknownColumns):
        read_csv(FILE.replace(b"Sortie", b"Depense"), told=TOLD, mapping=MAPPING)


def test_the_header_is_told_apart_by_names_and_order_alone() -> None:
    assert header_fingerprint(["DATE", " Libellé "]) == header_fingerprint(["Date", "libelle"])
    assert header_fingerprint(["Date", "Libellé"]) != header_fingerprint(["Libellé", "Date"])


def test_the_garbled_sample_is_refused_at_its_line() -> None:
    header = ("Date", "Description", "Amount", "Currency")
    mapping = ColumnMapping(header_fingerprint(header), 0, (1,), "ymd", amount=2, currency=3)
    with pytest.raises(UnreadableStatement, match=r"Ligne 3.*12\.\.34"):
        read_csv(shared("csv/rousseau_csv_garbled_amount.csv"), told=TOLD, mapping=mapping)
