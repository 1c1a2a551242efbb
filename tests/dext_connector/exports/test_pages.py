"""The pages that import an export: nothing is stored before it is looked at, and every refusal is said."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dext_connector.exports.bringing import bring_export, start_export
from dext_connector.exports.importing import work_export
from dext_connector.models import ExportImport, ExportState, InboxItem
from firms.models import Company, Role
from tests.factories.achats import pdf
from tests.factories.exports import csv_of, zip_of
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


@pytest.fixture
def accountant(client: Client, company: Company) -> Client:
    client.force_login(member_of(company))
    return client


def url(company: Company, name: str = "exports", *more) -> str:
    return reverse(f"dext_connector:{name}", args=[company.pk, *more])


def bring(client: Client, company: Company, data: bytes, name: str = "export.zip"):
    return client.post(url(company), {"export": SimpleUploadedFile(name, data)})


def text_of(answer) -> str:
    return answer.content.decode().replace("\u00a0", " ")


def finished(company: Company, data: bytes) -> ExportImport:
    export = bring_export(company=company, file=io.BytesIO(data), filename="e.csv", by=None, at=timezone.now())
    start_export(export=export)
    work_export(export_id=export.pk, at=timezone.now())
    export.refresh_from_db()
    return export


def test_an_export_is_looked_at_before_anything_is_stored(accountant: Client, company: Company):
    data = zip_of(csv_of({"Project": "P1"}, {"Receipt ID": "2", "Total": "x"}), {"88213.pdf": pdf(), "seul.pdf": pdf()})
    answer = bring(accountant, company, data)
    export = ExportImport.objects.get()
    assert answer["Location"] == url(company, "export", export.pk)
    html = text_of(accountant.get(answer["Location"]))
    assert "2 lignes · 1 pièce" in html
    assert "Receipt ID → <strong>Référence Dext</strong>" in html
    assert "sans effet : Customer, Project" in html
    assert "1 pièce du ZIP n’est jointe à aucune ligne : seul.pdf" in html
    assert "4,85 €" in html
    assert "« x » n’est pas un montant" in html
    assert "1 ligne sera refusée en l’état" in html
    assert (InboxItem.objects.count(), company.purchase_invoices.count()) == (0, 0)


def test_starting_it_has_every_row_published(accountant: Client, company: Company):
    bring(accountant, company, csv_of({}))
    export = ExportImport.objects.get()
    accountant.post(url(company, "export_start", export.pk))
    export.refresh_from_db()
    assert export.state == ExportState.RUNNING
    html = text_of(accountant.get(url(company, "export", export.pk)))
    assert "Import en cours : 0 sur 1 ligne" in html
    assert 'hx-trigger="load delay:1s"' in html
    work_export(export_id=export.pk, at=timezone.now())
    html = text_of(accountant.get(url(company, "export", export.pk), headers={"HX-Request": "true"}))
    assert "<html" not in html
    assert "hx-trigger" not in html
    assert "1 facture créée" in html
    again = accountant.post(url(company, "export_start", export.pk), follow=True)
    assert "Cet import est déjà lancé." in text_of(again)


def test_dropping_it_leaves_nothing(accountant: Client, company: Company, django_capture_on_commit_callbacks, tmp_path):
    bring(accountant, company, csv_of({}))
    with django_capture_on_commit_callbacks(execute=True):
        accountant.post(url(company, "export_drop", ExportImport.objects.get().pk))
    assert not ExportImport.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_order_of_the_dates_is_asked(accountant: Client, company: Company):
    bring(accountant, company, csv_of({"Date": "01/02/2019"}))
    export = ExportImport.objects.get()
    assert "se lisent de deux façons" in text_of(accountant.get(url(company, "export", export.pk)))
    refused = accountant.post(url(company, "export_start", export.pk), follow=True)
    assert "dites si le jour ou le mois vient d’abord" in text_of(refused)
    accountant.post(url(company, "export_start", export.pk), {"date_order": "dmy"})
    export.refresh_from_db()
    assert (export.state, export.date_order) == (ExportState.RUNNING, "dmy")


@pytest.mark.parametrize(
    ("data", "words"), [(b"Bonjour", "Aucune colonne"), (zip_of(csv_of({}), {"../a": b"x"}), "sort du dossier")]
)
def test_what_cannot_be_read_is_said_beside_the_field(accountant: Client, company: Company, data: bytes, words: str):
    answer = bring(accountant, company, data)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not ExportImport.objects.exists()


def test_refusals_are_listed_with_their_reception_and_downloaded(accountant: Client, company: Company):
    export = finished(company, csv_of({}, {"Receipt ID": "2", "Supplier": "=1+1", "Total": "-3.00"}))
    html = text_of(accountant.get(url(company, "export", export.pk)))
    assert "1 refusée" in html
    assert "Publiez ce document comme avoir." in html
    assert "−3,00" in html
    assert f"{url(company, 'receipts')}?q=2" in html
    answer = accountant.get(url(company, "export_refusals", export.pk))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "LIGNE;RÉF. DEXT;FOURNISSEUR;TOTAL;SORT;MESSAGE"
    assert lines[1].startswith("3;2;'=1+1;'-3.00;Refusée;Le total −3,00 est négatif.")
    assert len(lines) == 2


def test_pages_cost_the_same_whatever_they_show(accountant: Client, company: Company, django_assert_max_num_queries):
    few = finished(company, csv_of({"Total": "-1"}))
    many = finished(company, csv_of(*({"Receipt ID": f"R{number}", "Total": "-1"} for number in range(20))))
    for export in (few, many):
        accountant.get(url(company, "export", export.pk))
        with django_assert_max_num_queries(7):
            accountant.get(url(company, "export", export.pk))
    with django_assert_max_num_queries(6):
        accountant.get(url(company))


def test_a_reader_looks_and_brings_nothing(client: Client, company: Company):
    export = finished(company, csv_of({}))
    client.force_login(member_of(company, Role.READER))
    assert 'type="file"' not in text_of(client.get(url(company)))
    assert client.get(url(company, "export", export.pk)).status_code == 200
    assert bring(client, company, csv_of({})).status_code == 403
    for name in ("export_start", "export_drop"):
        assert client.post(url(company, name, export.pk)).status_code == 403


def test_an_import_of_another_company_does_not_exist_here(accountant: Client, company: Company):
    theirs = finished(CompanyFactory.create(firm=company.firm), csv_of({}))
    for name in ("export", "export_refusals"):
        assert accountant.get(url(company, name, theirs.pk)).status_code == 404
    for name in ("export_start", "export_drop"):
        assert accountant.post(url(company, name, theirs.pk)).status_code == 404


def test_the_pages_of_dext_lead_to_it(accountant: Client, company: Company):
    for name in ("connection", "receipts"):
        assert url(company) in text_of(accountant.get(url(company, name)))
