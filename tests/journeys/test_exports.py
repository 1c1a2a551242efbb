"""A firm whose Dext does not list MEG yet brings its export, in a real browser, with a real worker."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from dext_connector.models import ExportRow
from firms.models import Company
from tests.factories.achats import pdf
from tests.factories.exports import csv_of, zip_of

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = (
    {},
    {"Receipt ID": "2", "Supplier": "La Folie Du Pain", "Total": "-14.10", "Tax": ""},
    {"Receipt ID": "3", "Supplier": "Franprix", "Total": "5.76", "Tax": "0.61", "Date": "19-Aug-2019"},
)


@pytest.mark.usefixtures("celery_worker_process")
def test_an_export_is_looked_at_imported_and_brought_again_without_doubling(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    file = {"name": "dext.zip", "mimeType": "application/zip", "buffer": zip_of(csv_of(*ROWS), {"88213.pdf": pdf()})}
    for known in (0, 2):
        signed_in.goto(live_server.url + reverse("dext_connector:exports", args=[company.pk]))
        assert_accessible()
        signed_in.get_by_label("Export de Dext").set_input_files(file)
        signed_in.get_by_role("button", name="Examiner").click()
        expect(signed_in.get_by_text("Rien n’est encore enregistré.")).to_be_visible()
        assert_accessible()
        signed_in.get_by_role("button", name="Importer 3").click()
        expect(signed_in.get_by_text("Terminé")).to_be_visible()
        expect(signed_in.get_by_text(f"{known} déjà là")).to_be_visible()
        expect(signed_in.get_by_text("Publiez ce document comme avoir.")).to_be_visible()
        assert_accessible()
        assert ExportRow.objects.filter(outcome="created").count() == 2
    assert company.purchase_invoices.count() == 2
