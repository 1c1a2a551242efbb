"""What may enter: anything else is refused with a problem, never with a 5xx, and kept as refused."""

import json
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from dext_connector.calls.parsers import MalformedBody, read_object
from dext_connector.models import Fate, InboxItem
from tests.dext_connector.conftest import item

AMOUNT = json.dumps(item())[:-1]


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        "{",
        "",
        "null",
        "[]",
        '"text"',
        AMOUNT + ', "note": "a\\u0000b"}',
        AMOUNT + ', "no\\u0000te": "a"}',
        AMOUNT + ', "note": "\\ud800"}',
        AMOUNT + ', "mileage": NaN}',
        AMOUNT + ', "mileage": -Infinity}',
        AMOUNT + ', "mileage": 1e999}',
        AMOUNT + ', "total": "1.00"}',
        AMOUNT + ', "mileage": ' + "9" * 5_000 + "}",
        AMOUNT + ', "deep": ' + "[" * 30 + "]" * 30 + "}",
        b"\xff\xfe{}",
        b'{"note": "\xe9"}',
    ],
)
def test_a_malformed_body_is_answered_400(dext, body):
    answer = dext.publish(body)
    assert answer.status_code == 400 if body else 422
    assert answer["Content-Type"] == "application/problem+json"
    assert InboxItem.objects.get().fate == Fate.REFUSED


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("[", "ligne 1, colonne 2"),
        (b"\xff", "il n’est pas en UTF-8"),
        ('{"a": NaN}', "NaN n’est pas permis"),
        ('{"a": 1, "a": 2}', "le nom «\u00a0a\u00a0» est donné deux fois"),
        ('{"a": ' + "9" * 5_000 + "}", "un nombre a trop de chiffres"),
    ],
)
def test_a_malformed_body_is_told_in_french(dext, body, why):
    assert dext.publish(body).json()["message"] == f"Le corps n’est pas du JSON valable\u00a0: {why}."


def test_a_body_over_one_mebibyte_is_answered_413(dext):
    answer = dext.publish(item(note="x" * 1024 * 1024))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_file_over_twenty_mebibytes_is_answered_413(dext):
    big = SimpleUploadedFile("big.pdf", b"%PDF-1.7" + bytes(20 * 1024 * 1024), "application/pdf")
    answer = dext.call("post", dext.on_company("publish/"), data={"item": json.dumps(item()), "document": big})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_another_media_type_is_answered_415(dext):
    answer = dext.publish("total=4.85", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("data", [{}, {"item": "{"}, {"item": json.dumps(item()), "document": "not a file"}])
def test_a_multipart_body_must_hold_an_item_and_a_file(dext, data):
    answer = dext.call("post", dext.on_company("publish/"), data=data)
    assert answer.status_code == 400


def test_a_broken_multipart_body_is_answered_400(dext):
    answer = dext.publish("--x\r\nbroken", content_type="multipart/form-data; boundary=é")
    assert answer.status_code == 400


@given(st.binary(max_size=200))
def test_bytes_are_an_object_or_malformed(raw):
    with suppress(MalformedBody):
        assert isinstance(read_object(raw), dict)


@given(
    st.dictionaries(
        st.text(),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=10,
        ),
    )
)
def test_real_json_is_read_as_it_was_written(body):
    raw = json.dumps(body, ensure_ascii=False)
    if "\\u0000" in raw:
        return
    assert read_object(raw.encode()) == body
