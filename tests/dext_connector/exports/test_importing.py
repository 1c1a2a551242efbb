"""An export goes through the same door as a publish: same checks, same fates, and twice is once."""

import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone

from achats.models import PurchaseInvoice, Status
from dext_connector.exports.bringing import bring_export, drop_forgotten, look_at, standing_still, start_export
from dext_connector.exports.importing import work_export
from dext_connector.exports.unreadable import UnreadableExport
from dext_connector.models import DextConnection, ExportImport, ExportRow, ExportState, Fate, InboxItem
from firms.models import Company, Event, User
from tests.dext_connector.conftest import item
from tests.factories.achats import pdf
from tests.factories.exports import csv_of, zip_of
from tests.factories.firms import CompanyFactory, member_of

ODD = (
    {},
    {"Receipt ID": "2", "Total": "-3.00"},
    {"Receipt ID": "3", "Supplier": "Franprix", "Total": "5.76", "Tax": "0.61"},
)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


@pytest.fixture
def person(company: Company) -> User:
    return member_of(company)


def brought(company: Company, data: bytes, by: User | None = None) -> ExportImport:
    return bring_export(company=company, file=io.BytesIO(data), filename="export.zip", by=by, at=timezone.now())


def imported(company: Company, data: bytes, by: User | None = None) -> list[tuple[str, str]]:
    """The (reference, outcome) of each row."""
    export = start_export(export=brought(company, data, by))
    work_export(export_id=export.pk, at=timezone.now())
    return list(export.rows.values_list("external_id", "outcome"))


def test_every_row_has_a_fate_and_one_that_is_refused_stops_no_other(company, person):
    document = pdf()
    assert imported(company, zip_of(csv_of(*ODD), {"88213.pdf": document}), person) == [
        ("88213", "created"), ("2", "refused"), ("3", "created")
    ]  # fmt: skip
    starbucks = company.purchase_invoices.get(external_id="88213")
    assert (starbucks.status, starbucks.created_by, str(starbucks.vat_amount)) == (Status.READY, person, "0.44")
    assert starbucks.payment_method.label == "Paiement Pro (1234)"
    assert starbucks.attachments.get().document.size == len(document)
    fates = dict(InboxItem.objects.for_company(company).values_list("external_id", "fate"))
    assert fates == {"88213": Fate.CREATED, "2": Fate.REFUSED, "3": Fate.CREATED}
    refusal = ExportRow.objects.get(outcome="refused")
    assert "Publiez ce document comme avoir." in refusal.message
    assert (refusal.position, refusal.total, refusal.reception.payload["external_id"]) == (3, "-3.00", "2")


def test_it_finishes_forgets_its_file_and_says_so(company, person, django_capture_on_commit_callbacks):
    export = start_export(export=brought(company, csv_of({}), person))
    name, storage = export.file.name, export.file.storage
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        work_export(export_id=export.pk, at=timezone.now())
    export.refresh_from_db()
    assert (export.state, export.file.name) == (ExportState.FINISHED, "")
    assert not storage.exists(name)
    assert Event.objects.get(kind="export.imported").by == person


def test_the_same_export_again_doubles_nothing(company):
    data = zip_of(csv_of(*ODD), {"88213.pdf": pdf()})
    imported(company, data)
    assert imported(company, data) == [("88213", "known"), ("2", "refused"), ("3", "known")]
    assert company.purchase_invoices.count() == 2


def test_what_changed_in_dext_since_is_there_already_and_stays(company):
    imported(company, csv_of({}))
    assert imported(company, csv_of({"Total": "9.99", "Status": "archived"})) == [("88213", "known")]
    assert str(company.purchase_invoices.get().gross_amount) == "4.85"


def test_what_dext_published_by_the_api_is_there_already(dext, company):
    dext.publish(item(external_id="88213"))
    assert imported(company, csv_of({})) == [("88213", "known")]
    row = ExportRow.objects.get()
    assert row.invoice == company.purchase_invoices.get()
    assert "est déjà dans MEG" in row.message


def test_another_company_may_import_the_same(company):
    imported(company, csv_of({}))
    assert imported(CompanyFactory.create(firm=company.firm), csv_of({})) == [("88213", "created")]


def test_a_worker_killed_midway_goes_on_where_it_stopped(company, monkeypatch):
    export = start_export(export=brought(company, csv_of(*({"Receipt ID": str(n)} for n in range(1, 6)))))
    from dext_connector.exports import importing

    publish = importing.publish_item

    def killed(**options):
        if options["item"].external_id == "3":
            raise KeyboardInterrupt
        return publish(**options)

    monkeypatch.setattr(importing, "publish_item", killed)
    with pytest.raises(KeyboardInterrupt):
        work_export(export_id=export.pk, at=timezone.now())
    assert company.purchase_invoices.count() == export.rows.count() == 2
    monkeypatch.setattr(importing, "publish_item", publish)
    for _ in range(2):
        work_export(export_id=export.pk, at=timezone.now())
    assert list(export.rows.values_list("outcome", flat=True)) == ["created"] * 5
    assert company.purchase_invoices.count() == InboxItem.objects.count() == 5


def test_a_fault_of_ours_fails_its_row_alone(company, monkeypatch):
    from dext_connector.exports import importing

    publish = importing.publish_item

    def broken(**options):
        if options["item"].external_id == "88213":
            raise ZeroDivisionError
        return publish(**options)

    monkeypatch.setattr(importing, "publish_item", broken)
    monkeypatch.setattr("dext_connector.errors.logger.exception", lambda *args, **options: None)
    assert imported(company, csv_of({}, {"Receipt ID": "2"})) == [("88213", "failed"), ("2", "created")]
    assert InboxItem.objects.get(external_id="88213").fate == Fate.FAILED


def test_a_file_that_meg_does_not_keep_refuses_its_row(company):
    assert imported(company, zip_of(csv_of({}, {"Receipt ID": "2"}), {"88213.html": b"<p>"})) == [
        ("88213", "refused"), ("2", "created")
    ]  # fmt: skip
    assert "n’est pas lisible par MEG" in ExportRow.objects.get(outcome="refused").message


def test_an_import_opens_no_connection_with_dext(company):
    imported(company, csv_of({}))
    assert not DextConnection.objects.filter(company=company).exists()


def test_settings_that_lack_refuse_every_row_in_words(company):
    company.integration_settings.vat_marker = None
    company.integration_settings.save()
    assert imported(company, csv_of({})) == [("88213", "refused")]
    assert "Marqueur TVA" in ExportRow.objects.get().message


def test_dates_that_read_both_ways_wait_for_an_answer(company):
    export = brought(company, csv_of({"Date": "01/02/2019"}))
    with pytest.raises(UnreadableExport, match="deux façons"):
        start_export(export=export)
    start_export(export=export, date_order="mdy")
    work_export(export_id=export.pk, at=timezone.now())
    assert str(company.purchase_invoices.get().issued_on) == "2019-01-02"


def test_what_nobody_starts_is_forgotten_and_what_nobody_works_on_is_found(company, django_capture_on_commit_callbacks):
    looked_at, running = brought(company, csv_of({})), start_export(export=brought(company, csv_of({})))
    cache.clear()
    assert standing_still() == [running.pk]
    assert standing_still() == []
    with django_capture_on_commit_callbacks(execute=True):
        drop_forgotten(at=timezone.now() + timedelta(hours=25))
    assert list(ExportImport.objects.all()) == [running]
    with pytest.raises(UnreadableExport, match="plus gardé"):
        look_at(looked_at)


def told(capsys, *arguments: str) -> str:
    call_command("import_dext_export", *arguments)
    return capsys.readouterr().out


def test_the_command_imports_and_says_what_came_of_it(company, tmp_path, capsys):
    path = tmp_path / "export.zip"
    path.write_bytes(zip_of(csv_of(*ODD)))
    arguments = (str(path), "--company", company.code, "--firm", company.firm.code)
    assert "2 créées · 0 déjà là · 1 refusée" in told(capsys, *arguments)
    assert "0 créée · 2 déjà là · 1 refusée" in told(capsys, *arguments)


def test_the_command_refuses_what_it_cannot_read_with_words(company, tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes(csv_of({"Date": "01/02/2019"}))
    for file, code in ((str(path), company.code), (str(tmp_path / "rien.csv"), company.code), (str(path), "NUL")):
        with pytest.raises(CommandError) as refusal:
            call_command("import_dext_export", file, "--company", code)
        assert refusal.value.returncode == 2
    assert not ExportImport.objects.exists()
    call_command("import_dext_export", str(path), "--company", company.code, "--date-order", "dmy")
    assert str(PurchaseInvoice.objects.get().issued_on) == "2019-02-01"
