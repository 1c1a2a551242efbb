"""A folder of documents, a truth.csv or a JSON-lines file: each thing in it is named, none is passed over."""

import json
from pathlib import Path

import pytest

from dext_connector.simulator.sources import pieces_of

ITEM = {
    "external_id": "RB-1",
    "type": "receipt",
    "date": "2019-08-19",
    "supplier": {"name": "Franprix"},
    "total": "5.76",
}
RECEIPTS = Path(__file__).resolve().parents[4] / "shared" / "samples" / "receipts"


def test_a_document_goes_with_the_json_beside_it(tmp_path):
    (tmp_path / "2019").mkdir()
    (tmp_path / "2019" / "ticket.json").write_text(json.dumps(ITEM))
    (tmp_path / "2019" / "ticket.jpg").write_bytes(b"x")
    (piece,) = pieces_of(tmp_path)
    assert (piece.item, piece.document) == (ITEM, tmp_path / "2019" / "ticket.jpg")


def test_a_document_of_which_nothing_is_known_is_named(tmp_path):
    (tmp_path / "orphan.pdf").write_bytes(b"x")
    (piece,) = pieces_of(tmp_path)
    assert (piece.name, piece.item) == ("orphan", None)
    assert "aucune donnée" in piece.fault


def test_unreadable_json_is_a_fault_and_not_an_end(tmp_path):
    path = tmp_path / "items.jsonl"
    path.write_text(f"{json.dumps(ITEM)}\n\n{{torn\n[1]\n")
    pieces = list(pieces_of(path))
    assert [piece.fault for piece in pieces] == ["", "JSON illisible", "les données ne décrivent pas un document"]


def test_a_row_of_truth_goes_with_its_picture(tmp_path):
    (tmp_path / "truth.csv").write_text("file,merchant,date,num_items,total\naldi_1.jpg,aldi,2020-04-18,11,8.83\n")
    (tmp_path / "aldi_1.jpg").write_bytes(b"x")
    (piece,) = pieces_of(tmp_path)
    assert piece.item is not None
    assert (piece.item["external_id"], piece.document) == ("aldi_1", tmp_path / "aldi_1.jpg")


@pytest.mark.skipif(not RECEIPTS.is_dir(), reason="no ../shared/samples/receipts beside the checkout")
def test_every_sample_receipt_has_an_item_and_its_document():
    pieces = list(pieces_of(RECEIPTS))
    documents = [path for path in RECEIPTS.rglob("*") if path.suffix in {".pdf", ".jpg"}]
    assert [piece.name for piece in pieces if not piece.item or not piece.item.get("total")] == []
    assert sorted(piece.document for piece in pieces if piece.document) == sorted(documents)
    assert len({piece.item["external_id"] for piece in pieces if piece.item}) == len(pieces)
