"""A file of Dext becomes items of the API, or says in one sentence why it cannot."""

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dext_connector.exports.reading import Export, read_export
from dext_connector.exports.unreadable import UnreadableExport
from dext_connector.serializers.items import read_item
from tests.factories.exports import HEADER, csv_of, zip_of

FRENCH = ("Référence Dext", "Type", "Date", "Fournisseur", "Compte", "Montant total", "TVA", "N° de facture", "Projet")


def read(data: bytes, **options: str) -> Export:
    return read_export(io.BytesIO(data), **{"filename": "export.csv", "currency": "EUR", **options})


def refused(data: bytes, **options: str) -> UnreadableExport:
    with pytest.raises(UnreadableExport) as refusal:
        read(data, **options)
    return refusal.value


def payload(data: bytes, **options: str) -> dict:
    (row,) = read(data, **options).rows
    return {name: value for name, value in row.payload.items() if name != "dext_export"}


def test_a_row_of_dext_is_an_item_of_its_api():
    image = {"Image": "https://rbnk.me/i/x", "Due Date": "25-Oct-2019", "Invoice Number": "F1", "Note": "Vu"}
    assert payload(csv_of(image)) == {
        "external_id": "88213", "type": "receipt", "date": "2019-09-25", "due_date": "2019-10-25", "reference": "F1",
        "supplier": {"name": "Starbucks"}, "account": "62570000", "currency": "EUR", "total": "4.85",
        "vat_amount": "0.44", "payment_method": {"label": "Paiement Pro (1234)"}, "owner": {"name": "Camille Martin"},
        "note": "Vu", "source_url": "https://rbnk.me/i/x",
    }  # fmt: skip
    assert read_item(payload(csv_of(image))).faults == ()


def test_what_has_no_place_in_the_api_is_kept_with_the_row():
    (row,) = read(csv_of({"Project": "P1"})).rows
    assert row.payload["dext_export"]["Project"] == "P1"
    assert row.payload["dext_export"]["Category"] == "62570000 - Réceptions"
    assert "Customer" not in row.payload["dext_export"]


def test_a_vat_that_was_not_extracted_is_absent_and_zero_is_zero():
    assert "vat_amount" not in payload(csv_of({"Tax": ""}))
    assert payload(csv_of({"Tax": "0.00"}))["vat_amount"] == "0.00"


def test_a_credit_note_below_zero_is_positive_and_an_invoice_below_zero_stays_so():
    credit = payload(csv_of({"Type": "Credit Note", "Total": "-212.40", "Tax": "-35.40", "Total (EUR)": ""}))
    assert (credit["type"], credit["total"], credit["vat_amount"]) == ("credit_note", "212.40", "35.40")
    assert payload(csv_of({"Total": "-212.40"}))["total"] == "-212.40"
    doubtful = payload(csv_of({"Type": "Credit Note", "Total": "-212.40", "Tax": "35.40"}))
    assert doubtful["vat_amount"] == "-35.40"


def test_another_currency_brings_its_total_in_that_of_the_company():
    dollars = payload(csv_of({"Currency": "USD", "Total": "12.50", "Total (EUR)": "11.20"}))
    assert (dollars["currency"], dollars["total"]) == ("USD", "12.50")
    assert (dollars["base_currency"], dollars["base_total"]) == ("EUR", "11.20")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_encoding_and_separator_reads_the_same(encoding, separator):
    row = ("7", "Reçu", "25/09/2019", "La Folie Du Pain", "6257 - Réceptions", "1 014,10 €", "1,28", "F-7", "Été")
    quoted = [separator.join(f'"{cell}"' for cell in line) for line in (FRENCH, row)]
    found = payload("\r\n".join(quoted).encode(encoding))
    assert found == {
        "external_id": "7", "type": "receipt", "date": "2019-09-25", "supplier": {"name": "La Folie Du Pain"},
        "account": "62570000", "total": "1014.10", "vat_amount": "1.28", "currency": "EUR", "reference": "F-7",
    }  # fmt: skip


def test_the_order_of_columns_and_lines_above_them_do_not_matter():
    usual, turned = payload(csv_of({})), payload(csv_of({}, header=HEADER[::-1]))
    assert usual == turned
    assert payload(b"Export Dext du 01/10/2019\n\n" + csv_of({})) == usual


def test_dates_that_can_be_read_both_ways_are_asked_for():
    doubtful = csv_of({"Date": "01/02/2019"})
    assert read(doubtful).date_order == ""
    assert payload(doubtful, date_order="dmy")["date"] == "2019-02-01"
    assert payload(doubtful, date_order="mdy")["date"] == "2019-01-02"
    clear = csv_of({"Date": "01/25/2019"})
    assert payload(clear, date_order="dmy")["date"] == "2019-01-25"
    mixed = csv_of({"Date": "01/25/2019"}, {"Receipt ID": "2", "Date": "25/01/2019"})
    assert "d’autres le mois" in refused(mixed).message


def test_an_unreadable_amount_or_day_is_left_for_the_publish_to_refuse():
    (row,) = read(csv_of({"Total": "4,85,1", "Date": "hier"})).rows
    assert {fault.code for fault in read_item(row.payload).faults} == {"invalid_amount", "invalid_date"}


def test_one_document_on_two_rows_is_never_taken_for_two():
    refusal = refused(csv_of({}, {"Total": "2.00"}))
    assert "exportez une ligne par document" in refusal.message
    assert refusal.place == "ligne 3"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "vide"),
        (b"   \n", "vide"),
        (b"Bonjour, ceci n'est pas un export", "Aucune colonne"),
        (b"Date,Supplier\n1,2\n", "Il manque"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "CSV"),
        (csv_of({})[: csv_of({}).index(b"\r\n")], "aucune ligne"),
        (b"Receipt ID,Date,Supplier,Total\n1,2019-09-25,Franprix,5,76\n", "5 valeurs pour 4 colonnes"),
    ],
)
def test_what_is_no_export_is_refused_with_words(data, words):
    assert words in str(refused(data))


def test_a_file_of_the_zip_is_joined_by_its_name_or_by_the_reference():
    files = {"images/88213.pdf": b"a", "images/franprix-2019.jpg": b"b", "images/autre.png": b"c", "__MACOSX/._x": b"d"}
    data = csv_of({}, {"Receipt ID": "2", "Image": "images/franprix-2019.jpg"}, {"Receipt ID": "3"})
    export = read(zip_of(data, files))
    assert [row.file for row in export.rows] == ["88213.pdf", "franprix-2019.jpg", ""]
    assert export.loose_files == ["autre.png"]
    assert export.archive.read("88213.pdf") == b"a"


def test_a_reference_that_two_files_bear_joins_none():
    export = read(zip_of(csv_of({}), {"88213-1.pdf": b"a", "88213-2.pdf": b"b", "188213.pdf": b"c"}))
    assert export.rows[0].file == ""


cells = st.text(max_size=40)
anything = st.one_of(
    st.binary(max_size=400),
    st.lists(st.lists(cells, max_size=25), max_size=6).map(
        lambda rows: (",".join(HEADER) + "\n" + "\n".join(",".join(row) for row in rows)).encode(errors="replace")
    ),
    st.dictionaries(st.sampled_from(HEADER), cells).map(lambda row: csv_of(row) if "\0" not in str(row) else b""),
    st.binary(max_size=200).map(lambda data: zip_of(csv_of({}), {"x.pdf": data})),
    st.binary(max_size=300).map(lambda data: b"PK\x03\x04" + data),
)


@given(data=anything, order=st.sampled_from(["", "dmy", "mdy"]))
def test_anything_is_an_export_or_is_refused_by_name(data, order):
    with suppress(UnreadableExport):
        for row in read(data, date_order=order).rows:
            assert read_item(row.payload).currency is not None


@given(flips=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12))
def test_a_damaged_zip_is_refused_by_name_or_read(flips):
    data = bytearray(zip_of(csv_of({}), {"88213.pdf": b"%PDF-1.7 " * 50}))
    for place, value in flips:
        data[place % len(data)] = value
    with suppress(UnreadableExport):
        export = read(bytes(data))
        for row in export.rows:
            assert not row.file or len(export.archive.read(row.file)) > 0
