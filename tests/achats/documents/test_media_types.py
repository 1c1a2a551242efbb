import pytest
from hypothesis import given
from hypothesis import strategies as st

from achats.documents.media_types import GIF, HEIC, JPEG, PDF, PNG, TIFF, XML, media_type_of
from tests.factories.achats import pdf, photo

UBL = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
CII = b'<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100">'
PROLOGUE = b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->'


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (pdf(), PDF),
        (b"\x00" * 900 + b"%PDF-1.7", PDF),
        (photo(), PNG),
        (photo(kind="JPEG"), JPEG),
        (photo(kind="GIF"), GIF),
        (photo(kind="TIFF"), TIFF),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", HEIC),
        (UBL, XML),
        (PROLOGUE + UBL, XML),
        ('<?xml version="1.0" encoding="utf-16"?>'.encode("utf-16") + UBL.decode().encode("utf-16-le"), XML),
        (PROLOGUE + CII, XML),
    ],
)
def test_the_content_tells_the_type(data, expected):
    assert media_type_of(data) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<Invoice/>",
        b"PK\x03\x04",
        b"MZ\x90",
        b"\x00" * 2000 + b"%PDF-1.7",
        b"\x00\x00\x00\x18ftypmp42",
    ],
)
def test_anything_else_is_unknown(data):
    assert media_type_of(data) is None


@given(st.binary(max_size=200))
def test_no_bytes_break_it(data):
    media_type_of(data)
