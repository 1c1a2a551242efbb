"""One item of Dext becomes one purchase; its amounts are kept as they came."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from achats.models import Origin, PaymentMethod, PurchaseInvoice, Source, Supplier, SupplierRule
from dext_connector.models import DextConnection, Fate, InboxItem
from firms.models import Role
from tests.dext_connector.conftest import calling, item
from tests.factories.achats import photo
from tests.factories.firms import CompanyFactory, member_of


def test_an_item_becomes_a_ready_purchase_with_its_fate(dext, company):
    answer = dext.publish(item())
    assert answer.status_code == 201, answer.json()
    invoice = PurchaseInvoice.objects.get()
    assert (invoice.company, invoice.source, invoice.external_id) == (company, Source.DEXT, "RB-88213")
    assert (invoice.gross_amount, invoice.vat_amount) == (Decimal("4.85"), Decimal("0.44"))
    assert invoice.payment_method == PaymentMethod.objects.get(label="Paiement Pro (1234)")
    bankless = (
        "Le moyen de paiement «\u00a0Paiement Pro (1234)\u00a0» n’est rattaché à aucun compte bancaire\u00a0:"
        " dites lequel dans MEG."
    )
    assert answer.json() == {
        "id": str(invoice.pk),
        "external_id": "RB-88213",
        "type": "receipt",
        "status": "ready",
        "reasons": [],
        "settlement": "unsettled",
        "match": None,
        "warnings": [
            {"code": "document_missing", "message": "Aucune pièce n’est jointe."},
            {"code": "payment_method_without_bank", "message": bankless},
        ],
        "web_url": f"http://testserver/dossiers/{company.pk}/achats/{invoice.pk}/",
        "document": None,
    }
    fate = InboxItem.objects.get()
    assert (fate.fate, fate.invoice, fate.by, fate.http_status) == (Fate.CREATED, invoice, dext.user, 201)
    assert fate.answer == answer.json()
    assert fate.request_id == answer["X-Request-Id"]
    assert answer["Location"].endswith("/items/RB-88213/")


def test_the_first_publish_opens_the_connection_for_365_days(dext, company):
    dext.publish(item())
    connection = DextConnection.objects.get()
    assert connection.connected_by == dext.user
    assert connection.expires_at - connection.connected_at == timedelta(days=365)


def test_the_extracted_vat_amount_wins_over_any_marker(dext):
    franprix = item(supplier={"name": "Franprix"}, total="5.76", vat_amount="0.61", account=None, date="2019-08-19")
    answer = dext.publish(franprix).json()
    invoice = PurchaseInvoice.objects.get()
    assert invoice.vat_amount == Decimal("0.61")
    assert invoice.lines.get().vat_amount == Decimal("0.61")
    assert invoice.lines.get().vat_code.code == "TVA20"
    assert [reason["code"] for reason in answer["reasons"]] == ["account_missing"]


def test_a_document_comes_with_its_item(dext):
    parts = {"item": json.dumps(item()), "document": SimpleUploadedFile("ticket.png", photo(), "image/png")}
    answer = dext.call("post", dext.on_company("publish/"), data=parts)
    assert answer.status_code == 201, answer.json()
    document = PurchaseInvoice.objects.get().attachments.get().document
    assert answer.json()["document"]["id"] == str(document.pk)
    assert answer.json()["document"]["media_type"] == "image/png"


def test_what_is_no_document_is_refused_and_stores_nothing(dext):
    parts = {"item": json.dumps(item()), "document": SimpleUploadedFile("ticket.pdf", b"MZ not a pdf")}
    answer = dext.call("post", dext.on_company("publish/"), data=parts)
    assert answer.status_code == 415
    assert not PurchaseInvoice.objects.exists()
    assert InboxItem.objects.get().fate == Fate.REFUSED


def test_a_dry_run_checks_all_and_stores_nothing(dext):
    good, bad = dext.publish(item(), query="?dry_run=true"), dext.publish(item(account="9"), query="?dry_run=true")
    assert (good.status_code, bad.status_code) == (200, 422)
    assert good.json()["status"] == "ready"
    assert good.json()["id"] is None
    assert not PurchaseInvoice.objects.exists()
    assert not InboxItem.objects.exists()
    assert not Supplier.objects.exists()


def test_unknown_fields_are_kept_in_the_inbox_and_null_is_absent(dext):
    body = item() | {"mileage": {"km": 12.5}, "due_date": None, "lines": None}
    assert dext.publish(body).status_code == 201
    assert InboxItem.objects.get().payload["mileage"] == {"km": 12.5}


def test_lines_keep_their_own_account_and_vat_code(dext):
    lines = [
        {"label": "Café", "total": "2.75", "vat_amount": "0.25", "vat_code": "TVA10"},
        {"label": "Tasse", "total": "2.10", "vat_amount": "0.19", "account": "60630000"},
    ]
    answer = dext.publish(item(lines=lines))
    assert answer.status_code == 201, answer.json()
    first, second = PurchaseInvoice.objects.get().lines.order_by("position")
    assert (first.account.code, first.vat_code.code, first.vat_code_origin) == ("62570000", "TVA10", Origin.NAMED)
    assert (second.account.code, second.vat_code.code, second.vat_code_origin) == ("60630000", "TVA20", Origin.MARKER)


def test_a_missing_account_comes_from_the_suppliers_live_rule_and_is_marked_so(dext, company):
    supplier = Supplier.objects.create(company=company, name="Starbucks")
    account = company.accounts.get(code="62570000")
    rule = SupplierRule.objects.create(company=company, supplier=supplier, account=account)
    dext.publish(item(account=None))
    line = PurchaseInvoice.objects.get().lines.get()
    assert (line.account, line.account_origin) == (account, Origin.RULE)
    account.is_active = False
    account.save()
    dext.publish(item(external_id="RB-2", account=None, total="5.00"))
    assert PurchaseInvoice.objects.get(external_id="RB-2").lines.get().account is None
    assert rule.account_id == account.pk


def test_a_payment_label_that_no_method_bears_is_kept_as_text(dext):
    answer = dext.publish(item(payment_method={"label": "Carte perso"}))
    assert answer.status_code == 201
    assert PurchaseInvoice.objects.get().payment_label == "Carte perso"
    assert "payment_method_unknown" in [warning["code"] for warning in answer.json()["warnings"]]


def test_a_reader_may_not_publish_and_the_refusal_is_kept(company):
    reader = calling(member_of(company, Role.READER), company)
    answer = reader.publish(item())
    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden"
    assert InboxItem.objects.get().fate == Fate.REFUSED


@pytest.mark.parametrize("path", ["publish/", "settings/", "accounts/", ""])
def test_a_foreign_company_is_not_found(dext, path):
    foreign = CompanyFactory()
    for company_id in (foreign.pk, "00000000-0000-0000-0000-000000000000", "DEMO"):
        answer = dext.call("post" if path == "publish/" else "get", f"companies/{company_id}/{path}")
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
    assert not InboxItem.objects.exists()


def test_incomplete_settings_refuse_a_publish_until_they_are_mended(dext, company):
    company.integration_settings.vat_marker = None
    company.integration_settings.save()
    answer = dext.publish(item(), key="k1")
    assert (answer.status_code, answer.json()["code"]) == (409, "settings_incomplete")
    assert "« Marqueur TVA »" in answer.json()["message"].replace("\u00a0", " ")
    company.integration_settings.vat_marker = company.vat_codes.get(code="TVA20")
    company.integration_settings.save()
    assert dext.publish(item(), key="k1").status_code == 201


def test_a_connection_that_ended_refuses_until_the_next_login(dext, company):
    dext.publish(item())
    DextConnection.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = dext.publish(item(external_id="RB-2"))
    assert (answer.status_code, answer.json()["code"]) == (401, "connection_ended")


def test_an_unexpected_error_is_kept_as_failed_and_may_be_sent_again(dext, monkeypatch):
    def fail(**kwargs):
        raise RuntimeError("out of luck")

    with monkeypatch.context() as broken:
        broken.setattr("dext_connector.publishing.record_invoice", fail)
        answer = dext.publish(item(), key="k1")
    assert (answer.status_code, answer.json()["retryable"]) == (500, True)
    assert "luck" not in answer.content.decode()
    assert InboxItem.objects.get().fate == Fate.FAILED
    assert dext.publish(item(), key="k1").status_code == 201


def test_a_publish_costs_few_queries(dext, django_assert_max_num_queries):
    dext.publish(item())
    with django_assert_max_num_queries(45):
        dext.publish(item(external_id="RB-2", total="5.00"), key="k2")
