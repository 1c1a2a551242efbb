"""What hostile or hurried clients send by a link: refused in words, kept once, and nothing else is told to them."""

import threading
import time
import zipfile
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from achats.models import Document, PurchaseInvoice
from banking.models import BankAccount, BankTransaction, PieceRequest
from banking.pieces.bringing import bring_pieces
from banking.pieces.requesting import request_pieces
from firms.typography import NBSP
from tests.banking.test_reconciliation import a_line
from tests.factories.achats import pdf, photo
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import member_of

NO_DOCUMENT = "n’est ni une photo ni un PDF lisible"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def nobody_came_before() -> None:
    cache.clear()


@pytest.fixture
def account(db: None) -> BankAccount:
    return BankAccountFactory.create()


def asked(*lines: BankTransaction) -> tuple[PieceRequest, str]:
    """The request of these lines, and the path of its link."""
    company = lines[0].company
    request, link = request_pieces(
        company=company, line_ids=[line.pk for line in lines], recipient="", email="", by=member_of(company),
        at=timezone.now(), site_url="",
    )  # fmt: skip
    return request, link


def a_payment(account: BankAccount, amount: str = "-42.99", label: str = "CB LIBRAIRIE") -> BankTransaction:
    return a_line(account, amount=Decimal(amount), label=label)


def bomb() -> bytes:
    """Ten megabytes of zeros in ten kilobytes."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("facture.pdf", b"\0" * 10_000_000)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("facture.pdf", b"<!doctype html><script>alert(1)</script>", NO_DOCUMENT),
        ("logo.svg", SVG, NO_DOCUMENT),
        ("photo.jpg", SVG, NO_DOCUMENT),
        ("pieces.zip", bomb(), NO_DOCUMENT),
        (
            "facture.xml",
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            NO_DOCUMENT,
        ),
        ("vide.pdf", b"", NO_DOCUMENT),
        ("lourd.pdf", b"%PDF-1.7" + b"\0" * (20 * 1024 * 1024), f"trop lourd{NBSP}: 20 Mo au plus"),
    ],
)
def test_what_is_no_document_is_refused_in_words_and_kept_nowhere(account: BankAccount, name, data, words):
    line = a_payment(account)
    request, path = asked(line)
    sent = {"pieces": [SimpleUploadedFile(name, data, "application/pdf")]}
    told = Client().post(f"{path}{request.lines.get().pk}/", sent, follow=True).content.decode()
    assert words in told
    assert name in told
    assert not Document.objects.exists()
    assert not PurchaseInvoice.objects.exists()


def test_a_name_that_is_code_is_only_text(account: BankAccount):
    line = a_payment(account)
    request, path = asked(line)
    sent = {"pieces": [SimpleUploadedFile("<script>alert(1)</script>.exe", b"MZ")]}
    told = Client().post(f"{path}{request.lines.get().pk}/", sent, follow=True).content.decode()
    assert "<script>alert" not in told


def test_a_client_reads_nothing_of_the_other_lines_nor_of_what_the_firm_did(account: BankAccount):
    mine, other = a_payment(account), a_payment(account, "-900.00", "VIR LOYER BAIL 12")
    request, path = asked(mine)
    asked(other)
    bring_pieces(request=request, line_id=request.lines.get().pk, files=[(photo(), "t.png")], at=timezone.now())
    invoice = PurchaseInvoice.objects.get()
    invoice.note, invoice.supplier_name = "Note interne", "Librairie secrète"
    invoice.save()
    shown = Client().get(path).content.decode()
    for words in ("VIR LOYER", "900,00", "Note interne", "Librairie secrète", account.label, str(invoice.pk)):
        assert words not in shown, words


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_once_bring_to_one_invoice(account: BankAccount):
    request, _ = asked(a_payment(account))
    line_id = request.lines.get().pk

    def second_device() -> None:
        try:
            bring_pieces(request=request, line_id=line_id, files=[(pdf(), "verso.pdf")], at=timezone.now())
        finally:
            connections.close_all()

    other = threading.Thread(target=second_device)
    with transaction.atomic():
        request.lines.select_for_update().get()
        other.start()
        wait_until_somebody_waits()
        bring_pieces(request=request, line_id=line_id, files=[(photo(), "recto.png")], at=timezone.now())
    other.join(30)
    assert PurchaseInvoice.objects.get().attachments.count() == 2


def wait_until_somebody_waits() -> None:
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_the_page_of_the_firm_names_what_was_refused_to_nobody(account: BankAccount, client: Client):
    """What a client failed to send leaves no row that an accountant would have to clear."""
    line = a_payment(account)
    request, path = asked(line)
    Client().post(f"{path}{request.lines.get().pk}/", {"pieces": [SimpleUploadedFile("a.pdf", SVG)]})
    client.force_login(member_of(account.company))
    assert "0 sur 1" in client.get(reverse("banking:pieces", args=[account.company_id])).content.decode()
