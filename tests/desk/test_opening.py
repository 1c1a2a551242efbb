"""How firms and companies start."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from desk.firm_opening import FirmCodeTaken, open_firm
from desk.opening import USUAL_PAYMENT_METHODS, CompanyCodeTaken, open_company
from firms.models import Company, Event
from ledger.models import Account
from tests.factories.firms import CompanyFactory, FirmFactory, UserFactory

VALID_SIREN = "732829320"


@pytest.mark.django_db
def test_a_new_company_has_all_that_it_needs_to_receive_purchases():
    user = UserFactory()
    company = open_company(firm=FirmFactory(), code="NEUF", name="Boulangerie", siren="732 829 320", by=user)
    assert company.siren == VALID_SIREN
    assert company.accounts.filter(code="62570000", is_purchase_allowed=True).exists()
    assert {method.label for method in company.payment_methods.all()} == set(USUAL_PAYMENT_METHODS)
    assert company.bookkeeping.locked_until is None
    years = [year.starts_on.year for year in company.fiscal_years.all()]
    assert years == [timezone.localdate().year - 1, timezone.localdate().year]
    event = Event.objects.get(company=company)
    assert (event.kind, event.subject_id, event.by) == ("company.opened", company.pk, user)


@pytest.mark.django_db
def test_a_new_company_publishes_with_its_firm_s_default_settings():
    firm = FirmFactory()
    firm.integration_defaults.vat_by_line = False
    firm.integration_defaults.vat_marker_code = "TVA10"
    firm.integration_defaults.save()
    settings = CompanyFactory(firm=firm).integration_settings
    assert (settings.publish_destination, settings.vat_by_line, settings.use_supplier_vat_rate) == (
        "achats",
        False,
        False,
    )
    assert (settings.vat_marker.code, settings.no_vat_marker.code) == ("TVA10", "SANS")
    assert settings.vat_marker.company_id == settings.company_id


@pytest.mark.django_db
def test_later_changes_of_the_defaults_do_not_touch_a_company_that_exists():
    company = CompanyFactory()
    company.firm.integration_defaults.vat_marker_code = "TVA10"
    company.firm.integration_defaults.save()
    company.integration_settings.refresh_from_db()
    assert company.integration_settings.vat_marker.code == "TVA20"


@pytest.mark.django_db
def test_a_default_code_that_the_company_lacks_is_left_to_choose():
    firm = FirmFactory()
    firm.integration_defaults.vat_marker_code = "INCONNU"
    firm.integration_defaults.save()
    assert CompanyFactory(firm=firm).integration_settings.vat_marker is None


@pytest.mark.django_db
def test_a_code_is_taken_once_in_a_firm_and_nothing_is_left_of_the_second():
    company = CompanyFactory(code="PRIS")
    accounts = Account.objects.count()
    with pytest.raises(CompanyCodeTaken, match=r"PRIS.+est déjà pris dans ce cabinet"):
        open_company(firm=company.firm, code="PRIS", name="Autre")
    assert Account.objects.count() == accounts
    assert open_company(firm=FirmFactory(), code="PRIS", name="Ailleurs")


@pytest.mark.django_db(transaction=True)
def test_of_two_that_open_the_same_code_at_once_one_is_refused():
    firm, outcomes, start = FirmFactory(), [], threading.Barrier(2)

    def open_it() -> None:
        start.wait()
        try:
            outcomes.append(type(open_company(firm=firm, code="COURSE", name="Course")))
        except CompanyCodeTaken:
            outcomes.append(CompanyCodeTaken)
        finally:
            connection.close()

    threads = [threading.Thread(target=open_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == sorted([Company, CompanyCodeTaken], key=str)
    assert Company.objects.get(code="COURSE").accounts.filter(code="62570000").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "name", "siren"),
    [
        ("", "Sans code", ""),
        ("A B", "Espace", ""),
        ("OK", "", ""),
        ("OK", "Faux SIREN", "732829321"),
        ("OK", "Court", "73"),
    ],
)
def test_what_is_no_code_no_name_or_no_siren_is_refused(code: str, name: str, siren: str):
    with pytest.raises(ValidationError):
        open_company(firm=FirmFactory(), code=code, name=name, siren=siren)


@pytest.mark.django_db
def test_a_new_firm_has_sensible_defaults():
    defaults = open_firm(code="NEUF", name="Cabinet neuf").integration_defaults
    assert (defaults.publish_destination, defaults.vat_by_line, defaults.use_supplier_vat_rate) == (
        "achats",
        True,
        False,
    )
    assert (defaults.vat_marker_code, defaults.no_vat_marker_code) == ("TVA20", "SANS")


@pytest.mark.django_db
def test_a_firm_code_is_taken_once():
    open_firm(code="NEUF", name="Cabinet neuf")
    with pytest.raises(FirmCodeTaken, match=r"NEUF.+est déjà pris"):
        open_firm(code="NEUF", name="Autre")
