"""The live rules of suppliers from the API, the suppliers themselves, and what a publish takes of a rule."""

import pytest

from achats.models import Supplier, SupplierAlias, SupplierRule
from firms.models import Event, Role
from tests.dext_connector.conftest import calling, item
from tests.factories.firms import CompanyFactory, member_of

RULE = {
    "supplier": {"name": "Orange"},
    "account": "62600000",
    "vat_code": "TVA20",
    "payment_method": {"label": "Paiement Pro (1234)"},
    "due_days": 30,
    "description": "Téléphone",
    "paid": True,
}


def post(dext, path: str, body: dict):
    return dext.call("post", dext.on_company(path), body)


def test_a_rule_is_created_read_replaced_and_deleted(dext, company):
    answer = post(dext, "supplier-rules/", RULE)
    assert answer.status_code == 201, answer.json()
    rule = answer.json()
    assert answer["Location"].endswith(f"supplier-rules/{rule['id']}/")
    assert rule["supplier"]["name"] == "Orange"
    assert {name: rule[name] for name in ("account", "vat_code", "due_days", "description", "paid")} == {
        name: RULE[name] for name in ("account", "vat_code", "due_days", "description", "paid")
    }
    assert rule["payment_method"]["label"] == "Paiement Pro (1234)"
    assert dext.get(dext.on_company("supplier-rules/")).json()["items"] == [rule]
    here = dext.on_company(f"supplier-rules/{rule['id']}/")
    replaced = dext.call("put", here, {"account": "62570000"})
    assert replaced.status_code == 200, replaced.json()
    assert (replaced.json()["account"], replaced.json()["due_days"], replaced.json()["paid"]) == (
        "62570000", None, False
    )  # fmt: skip
    assert dext.get(here).json() == replaced.json()
    assert dext.call("delete", here).status_code == 204
    assert dext.get(here).status_code == 404
    kinds = Event.objects.filter(company=company, kind__startswith="rule.").order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == ["rule.created", "rule.changed", "rule.deleted"]
    assert kinds[1].changes["account"] == ["62600000", "62570000"]


def test_the_same_rule_again_is_answered_and_another_is_refused(dext):
    first = post(dext, "supplier-rules/", RULE).json()
    again = post(dext, "supplier-rules/", RULE | {"supplier": {"name": "ORANGE"}})
    assert (again.status_code, again.json()) == (200, first)
    other = post(dext, "supplier-rules/", RULE | {"due_days": 60})
    assert (other.status_code, other.json()["code"]) == (409, "rule_exists")
    assert other.json()["errors"][0]["value"] == first["id"]


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"account": "99999999"}, "/account", "unknown_account"),
        ({"account": "40100000"}, "/account", "account_not_for_purchases"),
        ({"vat_code": "XX"}, "/vat_code", "unknown_vat_code"),
        ({"vat_code": "COR10"}, "/vat_code", "archived_vat_code"),
        ({"payment_method": {"label": "Inconnu"}}, "/payment_method/label", "unknown_payment_method"),
        ({"payment_method": {"id": "x"}}, "/payment_method/id", "unknown_payment_method"),
        ({"supplier": {"id": "x"}}, "/supplier/id", "unknown_supplier"),
        ({"supplier": None}, "/supplier", "required"),
        ({"due_days": 366}, "/due_days", "invalid"),
    ],
)
def test_what_cannot_be_is_refused_with_its_value_and_field(dext, fields, pointer, code):
    answer = post(dext, "supplier-rules/", RULE | fields)
    assert answer.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(pointer, code)]
    assert not SupplierRule.objects.exists()


def test_a_rule_that_says_nothing_is_refused(dext):
    assert post(dext, "supplier-rules/", {"supplier": {"name": "Orange"}}).status_code == 422
    rule = post(dext, "supplier-rules/", RULE).json()
    assert dext.call("put", dext.on_company(f"supplier-rules/{rule['id']}/"), {}).status_code == 422


def test_a_rule_keeps_its_supplier(dext, company):
    rule = post(dext, "supplier-rules/", RULE).json()
    other = Supplier.objects.create(company=company, name="SFR")
    body = {"account": "62570000", "supplier": {"id": str(other.pk)}}
    answer = dext.call("put", dext.on_company(f"supplier-rules/{rule['id']}/"), body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "supplier_not_editable")


def test_two_suppliers_of_one_name_must_be_told_apart(dext, company):
    for _ in range(2):
        Supplier.objects.create(company=company, name="Orange")
    answer = post(dext, "supplier-rules/", RULE)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "supplier_ambiguous")
    assert post(dext, "suppliers/", {"name": "Orange"}).status_code == 422


def test_nothing_of_another_company_and_nothing_for_a_reader(dext, company):
    rule = post(dext, "supplier-rules/", RULE).json()
    other = CompanyFactory(firm=company.firm)
    stranger = calling(member_of(other), other)
    assert stranger.get(f"companies/{other.pk}/supplier-rules/{rule['id']}/").status_code == 404
    assert stranger.get(f"companies/{other.pk}/supplier-rules/x/").status_code == 404
    body = RULE | {"supplier": {"id": rule["supplier"]["id"]}}
    assert stranger.call("post", f"companies/{other.pk}/supplier-rules/", body).status_code == 422
    assert stranger.get(f"companies/{other.pk}/suppliers/{rule['supplier']['id']}/").status_code == 404
    reader = calling(member_of(company, Role.READER), company)
    assert reader.get(reader.on_company("supplier-rules/")).status_code == 200
    for path, body in (("supplier-rules/", RULE), ("suppliers/", {"name": "A"})):
        assert post(reader, path, body).status_code == 403


def test_a_supplier_is_created_once_with_its_other_names_and_numbers(dext, company):
    body = {"name": "Orange", "aliases": ["Orange SA", "France Télécom"], "siren": "380 129 866"}
    created = post(dext, "suppliers/", body)
    assert created.status_code == 201, created.json()
    answer = created.json()
    assert (answer["aliases"], answer["siren"]) == (["France Télécom", "Orange SA"], "380129866")
    again = post(dext, "suppliers/", {"name": "FRANCE TELECOM", "vat_number": "FR89380129866"})
    assert (again.status_code, again.json()["id"]) == (200, answer["id"])
    assert again.json()["vat_number"] == "FR89380129866"
    assert dext.get(dext.on_company(f"suppliers/{answer['id']}/")).json() == again.json()
    assert dext.get(dext.on_company("suppliers/")).json()["items"] == [again.json()]
    dext.publish(item(supplier={"name": "Orange S.A"}))
    dext.publish(item(external_id="RB-2", supplier={"name": "orange sa"}))
    assert {str(row.supplier_id) for row in company.purchase_invoices.filter(external_id="RB-2")} == {answer["id"]}


def test_a_name_leads_to_one_supplier(dext, company):
    post(dext, "suppliers/", {"name": "Orange", "aliases": ["OBS"]})
    for alias in ("Orange", "obs"):
        answer = post(dext, "suppliers/", {"name": "Bouygues", "aliases": ["Bbox", alias]})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/aliases/1")
    assert not SupplierAlias.objects.filter(name="Bbox").exists()
    assert not Supplier.objects.filter(name="Bouygues").exists()


@pytest.mark.parametrize("fields", [{"siren": "123"}, {"vat_number": "FR1"}, {"name": None}, {"aliases": [3]}])
def test_a_supplier_that_cannot_be_is_refused(dext, fields):
    assert post(dext, "suppliers/", {"name": "Orange"} | fields).status_code in {400, 422}


def of(company, external_id="RB-88213"):
    return company.purchase_invoices.get(external_id=external_id)


def test_where_the_item_is_silent_the_rule_speaks(dext, company):
    rule = RULE | {"supplier": {"name": "Starbucks"}}
    post(dext, "supplier-rules/", rule)
    dext.publish(item(account=None, payment_method=None))
    invoice = of(company)
    line = invoice.lines.get()
    assert (line.account.code, line.account_origin) == ("62600000", "rule")
    assert (line.vat_code_origin, str(invoice.vat_amount), str(invoice.gross_amount)) == ("marker", "0.44", "4.85")
    assert (invoice.payment_method.label, str(invoice.due_on)) == ("Paiement Pro (1234)", "2019-10-25")
    assert (invoice.description, invoice.is_paid) == ("Téléphone", True)
    assert invoice.ruled_fields == ["description", "due_on", "is_paid", "payment_method"]


def test_the_rules_vat_code_serves_only_where_the_setting_says_so(dext, company):
    post(dext, "supplier-rules/", RULE | {"supplier": {"name": "Starbucks"}, "vat_code": "TVA10"})
    company.integration_settings.use_supplier_vat_rate = True
    company.integration_settings.save()
    dext.publish(item())
    line = of(company).lines.get()
    assert (line.vat_code.code, line.vat_code_origin) == ("TVA10", "rule")
    assert str(of(company).vat_amount) == "0.44"


def test_what_came_is_never_replaced_by_a_rule(dext, company):
    post(dext, "supplier-rules/", RULE | {"supplier": {"name": "Starbucks"}})
    came = {"due_date": "2019-09-30", "description": "Café", "paid": False, "payment_method": {"label": "Autre"}}
    dext.publish(item(**came))
    invoice = of(company)
    assert (str(invoice.due_on), invoice.description, invoice.is_paid) == ("2019-09-30", "Café", False)
    assert (invoice.payment_method, invoice.payment_label, invoice.ruled_fields) == (None, "Autre", [])
    assert invoice.lines.get().account.code == "62570000"


def test_a_credit_note_takes_no_due_date_and_a_rule_no_archived_method(dext, company):
    post(dext, "supplier-rules/", RULE | {"supplier": {"name": "Starbucks"}})
    company.payment_methods.update(is_active=False)
    dext.publish(item(type="credit_note", payment_method=None))
    invoice = of(company)
    assert (invoice.due_on, invoice.is_paid, invoice.payment_method) == (None, False, None)
    assert invoice.ruled_fields == ["description"]
