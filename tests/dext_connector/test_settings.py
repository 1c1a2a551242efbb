"""« Paramétrer l’intégration » and « Paramètres du Compte Automatisés », from the API."""

from firms.models import Role
from tests.dext_connector.conftest import calling, item
from tests.factories.firms import CompanyFactory, MembershipFactory, member_of

FIVE = {
    "publish_destination": "achats",
    "vat_by_line": False,
    "use_supplier_vat_rate": True,
    "vat_marker": "TVA10",
    "no_vat_marker": "EXO",
}


def without_date(answer) -> dict:
    return {name: value for name, value in answer.json().items() if name != "updated_at"}


def test_a_new_company_has_its_firms_defaults(dext):
    assert without_date(dext.get(dext.on_company("settings/"))) == {
        "publish_destination": "achats",
        "vat_by_line": True,
        "use_supplier_vat_rate": False,
        "vat_marker": "TVA20",
        "no_vat_marker": "SANS",
    }


def test_the_five_settings_are_replaced(dext):
    answer = dext.call("put", dext.on_company("settings/"), FIVE)
    assert answer.status_code == 200, answer.json()
    assert without_date(dext.get(dext.on_company("settings/"))) == FIVE


def test_a_missing_required_setting_is_refused_naming_each(dext):
    answer = dext.call("put", dext.on_company("settings/"), {"vat_by_line": True})
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [
        "/publish_destination", "/vat_marker", "/no_vat_marker"
    ]  # fmt: skip
    assert "Marqueur TVA" in answer.json()["errors"][1]["message"]


def test_a_vat_code_serves_only_as_what_it_may(dext, company):
    company.vat_codes.filter(code="TVA5_5").update(is_active=False)
    for body in ({"vat_marker": "SANS"}, {"no_vat_marker": "TVA20"}, {"vat_marker": "TVA5_5"}, {"vat_marker": "XX"}):
        answer = dext.call("put", dext.on_company("settings/"), FIVE | body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{next(iter(body))}")


def test_a_reader_changes_nothing(company):
    reader = calling(member_of(company, Role.READER), company)
    assert reader.call("put", reader.on_company("settings/"), FIVE).status_code == 403
    assert reader.call("put", "account-settings/", FIVE).status_code == 403
    assert reader.get(reader.on_company("settings/")).status_code == 200


def test_the_firms_defaults_reach_companies_created_afterwards_only(dext, company):
    answer = dext.call("put", "account-settings/", FIVE)
    assert answer.status_code == 200, answer.json()
    assert without_date(dext.get("account-settings/")) == FIVE | {"firm": company.firm.code}
    assert without_date(dext.get(dext.on_company("settings/")))["vat_marker"] == "TVA20"
    later = CompanyFactory(firm=company.firm)
    assert without_date(calling(dext.user, later).get(f"companies/{later.pk}/settings/")) == FIVE


def test_a_default_code_that_no_company_could_use_is_refused(dext):
    answer = dext.call("put", "account-settings/", FIVE | {"vat_marker": "SANS"})
    assert answer.status_code == 422


def test_a_user_of_several_firms_names_the_one_meant(dext, company):
    other = CompanyFactory()
    MembershipFactory(user=dext.user, firm=other.firm)
    assert dext.get("account-settings/").status_code == 422
    assert dext.get(f"account-settings/?firm={other.firm.code}").json()["firm"] == other.firm.code
    assert dext.get("account-settings/?firm=NONE").status_code == 404


def test_settings_made_by_hand_apply_to_the_next_publish(dext, company):
    dext.call("put", dext.on_company("settings/"), FIVE)
    dext.publish(item())
    assert company.purchase_invoices.get().lines.get().vat_code.code == "TVA10"
