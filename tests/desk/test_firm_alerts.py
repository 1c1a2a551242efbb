"""What presses in the companies of a firm is told by name, three at most, each with its exact place."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from banking.accounts.freshness import LATE_AFTER
from banking.models import ImportState, StatementImport
from desk.counting import count_companies
from desk.models import CompanyCounters
from dext_connector.models import DextConnection
from firms.keys import first_key_at
from firms.models import Company, Firm, Membership
from tests.factories.firms import CompanyFactory, FirmFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(client: Client) -> Membership:
    seat = MembershipFactory()
    client.force_login(seat.user)
    return seat


def dossier(firm: Firm, name: str, **numbers) -> Company:
    company = Company.objects.create(firm=firm, code=name.upper()[:20], name=name)
    now = timezone.now()
    CompanyCounters.objects.create(company=company, counted_at=now, seen_until=first_key_at(now), **numbers)
    return company


def connect(company: Company, seat: Membership, *, ends: datetime) -> None:
    now = timezone.now()
    DextConnection.objects.create(company=company, connected_at=now, connected_by=seat.user, expires_at=ends)


def told(client: Client, **asked: str) -> list[str]:
    return [f"{one.company} {one.sentence}" for one in client.get("/cabinet/", asked).context["alerts"]]


def test_each_alert_names_its_company_and_leads_to_the_exact_place(client: Client, seat: Membership):
    ending = dossier(seat.firm, "Martin")
    connect(ending, seat, ends=timezone.now() + timedelta(days=3))
    failed = dossier(seat.firm, "Garage", imports_to_mend=1)
    refused = dossier(seat.firm, "Lilas", refused=2)
    page = client.get("/cabinet/").content.decode()
    for company, path, sentence in (
        (ending, "dext/", "Martin\xa0: la connexion Dext finit dans 3\xa0jours"),
        (failed, "banque/imports/", "Garage\xa0: 1\xa0import de relevé à reprendre"),
        (refused, "receptions/?sort=refused", "Lilas\xa0: 2\xa0refus de Dext cette semaine"),
    ):
        assert f'<li><a href="/dossiers/{company.pk}/{path}">{sentence}</a></li>' in page
    assert "et 1\xa0autre" not in page


def test_after_three_the_rest_is_a_number_that_opens_the_companies(client: Client, seat: Membership):
    known = timezone.localdate() - LATE_AFTER - timedelta(days=2)
    for at in range(12):
        dossier(seat.firm, f"Dossier {at:02}", bank_known_until=known - timedelta(days=at))
    answer = client.get("/cabinet/", {"vue": "tous"})
    assert [one.company for one in answer.context["alerts"]] == ["Dossier 11", "Dossier 10", "Dossier 09"]
    assert "un relevé manque depuis 44\xa0jours" in answer.content.decode()
    assert '<a href="/cabinet/?vue=alertes">et 9\xa0autres</a>' in answer.content.decode()
    assert len(client.get("/cabinet/", {"vue": "alertes"}).context["rows"]) == 12


def test_what_ends_first_is_told_first_and_a_connection_that_ended_says_when(client: Client, seat: Membership):
    now = timezone.now()
    for name, ends in {"Huit": 8, "Deux": 2, "Finie": -1}.items():
        connect(dossier(seat.firm, name), seat, ends=now + timedelta(days=ends))
    day = timezone.localdate(now - timedelta(days=1))
    assert told(client) == [
        f"Finie la connexion Dext est finie depuis le {day:%d/%m/%Y}",
        "Deux la connexion Dext finit dans 2\xa0jours",
    ]


def test_nothing_of_another_firm_or_of_a_company_that_one_may_not_see_is_told(client: Client, seat: Membership):
    dossier(FirmFactory(), "Ailleurs", refused=3)
    seen = dossier(seat.firm, "Vu", refused=1)
    dossier(seat.firm, "Caché", refused=1)
    client.force_login(MembershipFactory(firm=seat.firm, chosen=[seen]).user)
    assert told(client) == ["Vu 1\xa0refus de Dext cette semaine"]


def test_in_ones_own_companies_only_their_alerts_are_told(client: Client, seat: Membership):
    mine = dossier(seat.firm, "Mien", refused=1)
    dossier(seat.firm, "Collègue", refused=9)
    seat.entrusted.add(mine)
    assert told(client) == ["Mien 1\xa0refus de Dext cette semaine"]
    assert len(told(client, vue="tous")) == 2


def test_a_calm_firm_has_no_alert(client: Client, seat: Membership):
    dossier(seat.firm, "Calme", not_ready=3)
    assert 'aria-label="Alertes"' not in client.get("/cabinet/").content.decode()


def brought(company: Company, state: str, *, days_ago: int = 0) -> None:
    one = StatementImport.objects.create(company=company, filename="a.ofx", sha256="0" * 64, state=state)
    StatementImport.objects.filter(pk=one.pk).update(at=timezone.now() - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("states", "number"),
    [
        ([ImportState.REFUSED], 1),
        ([ImportState.REFUSED, ImportState.DONE], 0),
        ([ImportState.DONE, ImportState.REFUSED], 1),
        ([ImportState.NEEDS_ACCOUNT, ImportState.DONE], 1),
        ([ImportState.WAITING], 0),
    ],
)
def test_a_refused_statement_is_to_be_mended_until_one_is_imported(states: list[str], number: int):
    company = CompanyFactory()
    for state in states:
        brought(company, state)
    count_companies(company_ids=[company.pk], at=timezone.now())
    assert company.counters.imports_to_mend == number


def test_a_refusal_of_last_month_is_no_alert_any_more():
    company = CompanyFactory()
    brought(company, ImportState.REFUSED, days_ago=8)
    count_companies(company_ids=[company.pk], at=timezone.now())
    assert company.counters.imports_to_mend == 0
