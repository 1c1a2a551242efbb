"""A ZIP is never trusted: names, sizes, encryption and archives within are looked at before anything is read."""

import io
from zipfile import ZIP_LZMA, ZipFile

import pytest

from dext_connector.exports import archive
from dext_connector.exports.archive import open_export
from dext_connector.exports.unreadable import UnreadableExport
from tests.factories.exports import csv_of, zip_of


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableExport) as refusal:
        open_export(io.BytesIO(data), filename="export.zip")
    return str(refusal.value)


@pytest.mark.parametrize(
    "name", ["../88213.pdf", "a/../../88213.pdf", "/etc/passwd", "C:/88213.pdf", "..\\88213.pdf", "a\nb.pdf"]
)
def test_a_name_that_leaves_the_folder_is_refused(name):
    assert "sort du dossier" in refused(zip_of(csv_of({}), {name: b"a"}))


@pytest.mark.parametrize("name", ["images.zip", "images.ZIP", "a/images.7z", "images.tar.gz"])
def test_an_archive_in_the_archive_is_refused(name):
    assert "Une archive est dans le ZIP" in refused(zip_of(csv_of({}), {name: b"PK\x03\x04"}))


def test_an_encrypted_zip_is_refused():
    data = bytearray(zip_of(csv_of({}), {"88213.pdf": b"a"}))
    for start in (b"PK\x01\x02",):
        place = data.rindex(start) + 8
        data[place] |= 1
    assert "mot de passe" in refused(bytes(data))


def test_a_bomb_is_refused_before_it_is_read():
    assert "au-delà du plausible" in refused(zip_of(csv_of({}), {"88213.pdf": b"\0" * 5_000_000}))


def test_a_size_that_lies_is_counted_while_it_is_read(monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILE_BYTES", 1_000)
    found = open_export(io.BytesIO(zip_of(csv_of({}), {"88213.pdf": b"0123456789" * 200})), filename="export.zip")
    with pytest.raises(UnreadableExport, match="dépasse"):
        found.read("88213.pdf")


def test_too_many_files_and_too_much_in_all_are_refused(monkeypatch):
    data = zip_of(csv_of({}), {f"{number}.pdf": b"abc" for number in range(5)})
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 10)
    assert "dépasse 2" in refused(data)
    monkeypatch.setattr(archive, "MAX_ENTRIES", 5)
    assert "6 fichiers, 5 au plus" in refused(data)


def test_a_csv_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "MAX_CSV_BYTES", 100)
    assert "dépasse 10 Mo" in refused(csv_of({}))
    assert "dépasse" in refused(zip_of(csv_of({})))


def test_one_csv_is_wanted():
    assert "ne contient pas de CSV" in refused(zip_of(b"", name="readme.txt"))
    assert "2 fichiers CSV" in refused(zip_of(csv_of({}), {"b/lines.csv": b"x"}))


def test_two_files_of_one_name_are_refused():
    assert "Deux fichiers" in refused(zip_of(csv_of({}), {"a/1.pdf": b"a", "b/1.pdf": b"b"}))


def test_a_compression_that_dext_does_not_use_is_refused():
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_LZMA) as file:
        file.writestr("export.csv", csv_of({}))
    assert "comprimé d’une manière" in refused(made.getvalue())


def test_a_truncated_zip_is_refused():
    data = zip_of(csv_of({}), {"88213.pdf": b"a" * 500})
    for end in (10, len(data) // 2, len(data) - 5):
        assert "abîmé" in refused(data[:end])
