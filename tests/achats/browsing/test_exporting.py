"""The file holds what the list shows under the same address, in its order, and nothing that runs."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from achats.models import Kind
from firms.models import Company
from tests.achats.list_pages import invoice, names, page
from tests.factories.firms import CompanyFactory


def exported(client: Client, company: Company, query: str = "") -> list[dict[str, str]]:
    answer = client.get(reverse("achats:export_csv", args=[company.pk]) + query)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def workbook(client: Client, company: Company, query: str = "") -> str:
    answer = client.get(reverse("achats:export_xlsx", args=[company.pk]) + query)
    book = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    return book.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("query", ["", "?tri=fournisseur", "?onglet=pas-pret", "?q=orange&tri=-total", "?min=20"])
def test_the_file_holds_what_the_list_shows_in_its_order(reader: Client, company: Company, query: str):
    invoice(company, "Orange", gross_amount=Decimal("31.00"), vat_amount=None, issued_on=date(2019, 8, 2))
    invoice(company, "École", account=None, issued_on=date(2019, 8, 3))
    invoice(company, "Orange Bleue", gross_amount=Decimal("99.00"), vat_amount=None, issued_on=date(2019, 8, 1))
    invoice(CompanyFactory.create(firm=company.firm), "Ailleurs")
    assert [row["Fournisseur"] for row in exported(reader, company, query)] == names(page(reader, company, query))


def test_a_row_says_dates_amounts_and_reasons_as_the_french_write_them(reader: Client, company: Company):
    invoice(
        company,
        "EDF",
        kind=Kind.CREDIT_NOTE,
        account=None,
        gross_amount=Decimal("1212.40"),
        vat_amount=None,
        issued_on=date(2019, 8, 2),
        reference="FA 7",
    )
    (row,) = exported(reader, company)
    assert (
        row
        | {
            "Date": "02/08/2019",
            "Type": "Avoir",
            "N° de facture": "FA 7",
            "Total TTC": "-1212,40",
            "TVA": "",
            "Statut": "Pas prêt",
            "Motifs": "Compte",
        }
        == row
    )


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+33 1", "@SUM(A1)", "-1+2"])
def test_no_cell_is_a_formula(reader: Client, company: Company, name: str):
    invoice(company, name)
    (row,) = exported(reader, company)
    assert row["Fournisseur"] == f"'{name}"
    sheet = workbook(reader, company)
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_the_workbook_holds_numbers_and_days(reader: Client, company: Company):
    invoice(company, "Orange", gross_amount=Decimal("1743.54"), issued_on=date(2019, 8, 19))
    invoice(company, "Autre", gross_amount=Decimal("2.00"), vat_amount=None)
    sheet = workbook(reader, company, "?q=orange")
    assert "<v>1743.54</v>" in sheet
    assert "<v>43696</v>" in sheet  # the 19th of August 2019, in days of spreadsheets
    assert sheet.count("<row ") == 2
