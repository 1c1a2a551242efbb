"""What Dext must mend: every fault at once, each with its pointer, its value and a French sentence."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from achats.models import MethodKind, PaymentMethod, PurchaseInvoice, Supplier
from dext_connector.models import Fate, InboxItem
from tests.dext_connector.conftest import item

LA_FOLIE = [{"label": "Sandwich", "total": "9.00"}, {"label": "Boisson", "total": "5.00"}]


def plain(answer) -> str:
    return answer.json()["message"].replace("\u00a0", " ")


def codes(answer) -> dict[str, str]:
    return {fault["pointer"]: fault["code"] for fault in answer.json()["errors"]}


def test_lines_that_do_not_add_up_are_told_with_both_sums(dext):
    answer = dext.publish(item(total="14.10", vat_amount="1.28", lines=LA_FOLIE))
    assert answer.status_code == 422
    assert plain(answer).startswith("La somme des lignes (14,00) diffère du total (14,10)")
    assert answer.json()["errors"][0] | {"message": ""} == {
        "code": "lines_differ", "pointer": "/lines", "value": "14.00", "message": ""
    }  # fmt: skip
    assert not PurchaseInvoice.objects.exists()


def test_a_cent_a_line_is_borne_and_never_mended(dext):
    answer = dext.publish(item(total="14.02", vat_amount=None, lines=LA_FOLIE))
    assert answer.status_code == 201, answer.json()
    invoice = PurchaseInvoice.objects.get()
    assert [str(line.gross_amount) for line in invoice.lines.order_by("position")] == ["9.00", "5.00"]
    assert str(invoice.gross_amount) == "14.02"


def test_all_faults_of_an_item_are_told_at_once(dext):
    lines = [{"total": "1.00", "account": "99999999", "vat_code": "TVA99"}, {"label": "sans montant"}]
    answer = dext.publish(item(date="1999-12-31", total="2.00", vat_amount="3.00", account="00000000", lines=lines))
    assert answer.status_code == 422
    assert codes(answer) == {
        "/date": "date_too_old",
        "/vat_amount": "vat_above_total",
        "/lines/1/total": "required",
        "/account": "unknown_account",
        "/lines/0/account": "unknown_account",
        "/lines/0/vat_code": "unknown_vat_code",
    }
    assert plain(answer).endswith("Et 3 autres à corriger.")


def test_what_cannot_be_read_is_told_with_what_does_not_exist(dext):
    answer = dext.publish(item(total=4.85, account="99999999", paid="yes"))
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert codes(answer) == {"/total": "wrong_type", "/paid": "wrong_type", "/account": "unknown_account"}


def test_required_fields_are_each_named(dext):
    answer = dext.publish({})
    assert answer.status_code == 422
    assert set(codes(answer)) == {"/external_id", "/type", "/date", "/supplier", "/currency", "/total"}
    assert plain(answer).startswith("Référence Dext : à renseigner dans Dext avant de publier.")


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"external_id": "a b"}, "/external_id", "invalid"),
        ({"external_id": "x" * 129}, "/external_id", "too_long"),
        ({"type": "bill"}, "/type", "invalid"),
        ({"date": "25/09/2019"}, "/date", "invalid_date"),
        ({"date": "2019-02-30"}, "/date", "invalid_date"),
        ({"total": "4,85"}, "/total", "invalid_amount"),
        ({"total": "4.855"}, "/total", "invalid_amount"),
        ({"total": "1e3"}, "/total", "invalid_amount"),
        ({"total": "٤.85"}, "/total", "invalid_amount"),
        ({"total": "-4.85", "vat_amount": None}, "/total", "negative_total"),
        ({"vat_amount": "-0.44"}, "/vat_amount", "negative_amount"),
        ({"vat_amount": "4.86"}, "/vat_amount", "vat_above_total"),
        ({"net": "4.40"}, "/net", "totals_differ"),
        ({"currency": "euro"}, "/currency", "too_long"),
        ({"currency": "eur"}, "/currency", "invalid"),
        ({"supplier": {"name": "  "}}, "/supplier/name", "required"),
        ({"supplier": {"id": "12"}}, "/supplier/id", "unknown_supplier"),
        ({"payment_method": {"id": "12"}}, "/payment_method/id", "unknown_payment_method"),
        ({"source_url": "javascript:alert(1)"}, "/source_url", "invalid"),
        ({"lines": [{"total": "4.85", "vat_amount": "0.60"}]}, "/lines", "lines_vat_differ"),
        ({"lines": [{"total": "4.85", "net": "4.00", "vat_amount": "0.44"}]}, "/lines/0/net", "totals_differ"),
        ({"lines": [{"net": "4.00"}]}, "/lines", "lines_differ"),
        ({"lines": [{"total": "0.01"}] * 501}, "/lines", "too_many"),
    ],
)
def test_a_value_that_cannot_be_is_refused(dext, fields, pointer, code):
    answer = dext.publish(item(**fields))
    assert (answer.status_code, codes(answer)) == (422, {pointer: code})
    assert InboxItem.objects.get().fate == Fate.REFUSED


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"supplier": "Starbucks"}, "/supplier"),
        ({"lines": {}}, "/lines"),
        ({"lines": ["4.85"]}, "/lines"),
        ({"external_id": 12}, "/external_id"),
        ({"allow_duplicate": 1}, "/allow_duplicate"),
        ({"date": 20190925}, "/date"),
    ],
)
def test_a_wrong_type_is_malformed(dext, fields, pointer):
    answer = dext.publish(item(**fields))
    assert (answer.status_code, codes(answer)) == (400, {pointer: "wrong_type"})


def test_a_negative_total_is_a_credit_note(dext):
    answer = dext.publish(item(total="-4.85", vat_amount=None))
    assert "Publiez ce document comme avoir." in plain(answer)


def test_a_date_may_be_sixty_days_ahead_and_no_more(dext):
    today = timezone.localdate()
    late = dext.publish(item(date=(today + timedelta(days=61)).isoformat()))
    assert codes(late) == {"/date": "date_too_far"}
    assert dext.publish(item(date=(today + timedelta(days=60)).isoformat())).status_code == 201


def test_an_account_must_be_in_use_and_for_purchases(dext, company):
    company.accounts.filter(code="62570000").update(is_active=False)
    company.accounts.filter(code="60630000").update(is_purchase_allowed=False)
    lines = [{"total": "4.85", "account": "60630000"}]
    answer = dext.publish(item(lines=lines))
    assert codes(answer) == {"/account": "archived_account", "/lines/0/account": "account_not_for_purchases"}
    assert "« 62570000 Réceptions » est archivé" in plain(answer)


def test_a_vat_code_must_be_in_use_on_the_day(dext, company):
    company.vat_codes.filter(code="TVA10").update(valid_from=date(2019, 10, 1))
    company.vat_codes.filter(code="TVA5_5").update(is_active=False)
    lines = [{"total": "2.00", "vat_code": "TVA10"}, {"total": "2.85", "vat_code": "TVA5_5"}]
    answer = dext.publish(item(lines=lines))
    assert codes(answer) == {"/lines/0/vat_code": "vat_code_not_valid", "/lines/1/vat_code": "archived_vat_code"}


def test_an_id_of_another_company_is_unknown(dext, company):
    from tests.factories.firms import CompanyFactory

    other = CompanyFactory(firm=company.firm)
    supplier = Supplier.objects.create(company=other, name="Starbucks")
    method = PaymentMethod.objects.create(company=other, label="Carte", kind=MethodKind.CARD)
    answer = dext.publish(item(supplier={"id": str(supplier.pk)}, payment_method={"id": str(method.pk)}))
    assert codes(answer) == {"/payment_method/id": "unknown_payment_method", "/supplier/id": "unknown_supplier"}


def test_a_rate_that_does_not_explain_the_vat_is_no_fault(dext):
    assert dext.publish(item(total="5.76", vat_amount="0.61")).status_code == 201


def test_net_lines_add_up_to_the_net_of_the_document(dext):
    lines = [{"net": "10.00"}, {"net": "5.00"}]
    assert dext.publish(item(total="18.00", vat_amount="3.00", lines=lines)).status_code == 201


def test_a_discount_is_a_negative_line(dext):
    lines = [{"total": "6.00"}, {"label": "Remise", "total": "-1.15"}]
    assert dext.publish(item(lines=lines)).status_code == 201
