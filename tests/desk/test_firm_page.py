"""The dashboard of a firm: what waits in each company that one may see, whatever their number."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from banking.accounts.freshness import LATE_AFTER
from desk.counting import count_companies
from desk.firm_board import SORTS, VIEWS
from desk.models import CompanyCounters
from dext_connector.models import DextConnection, InboxItem
from firms.keys import first_key_at
from firms.models import Company, Firm, Role, User
from tests.factories.achats import PurchaseInvoiceFactory
from tests.factories.banking import BankAccountFactory, BankStatementFactory
from tests.factories.firms import CompanyFactory, FirmFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Firm:
    return FirmFactory()


@pytest.fixture
def person(firm: Firm, client: Client) -> User:
    user = MembershipFactory(firm=firm).user
    client.force_login(user)
    return user


def dossier(firm: Firm, name: str, **numbers) -> Company:
    """A company without books, with these counters."""
    company = Company.objects.create(firm=firm, code=name.upper()[:20], name=name)
    now = timezone.now()
    CompanyCounters.objects.create(company=company, counted_at=now, seen_until=first_key_at(now), **numbers)
    return company


def many(firm: Firm, number: int) -> None:
    companies = Company.objects.bulk_create(
        Company(firm=firm, code=f"C{at:04}", name=f"Dossier {at:04}") for at in range(number)
    )
    now = timezone.now()
    CompanyCounters.objects.bulk_create(
        CompanyCounters(
            company=company,
            counted_at=now,
            seen_until=first_key_at(now),
            not_ready=at % 7,
            refused=at % 3,
            waiting_since=now - timedelta(days=at) if at % 2 else None,
        )
        for at, company in enumerate(companies)
    )


def names(client: Client, **asked: str) -> list[str]:
    return [row.company.name for row in client.get("/cabinet/", asked).context["rows"]]


def connect(company: Company, user: User, *, days: int, **fields) -> None:
    now = timezone.now()
    ends = now + timedelta(days=days)
    DextConnection.objects.create(company=company, connected_at=now, connected_by=user, expires_at=ends, **fields)


def test_each_number_is_a_link_to_the_rows_behind_it(client: Client, firm: Firm, person: User):
    company = dossier(firm, "Boulangerie", not_ready=12, ready=31, to_match=47, unread=5, refused=3, failed=2)
    page = client.get("/cabinet/").content.decode()
    for path, number in {
        "achats/?onglet=pas-pret": 12,
        "achats/?onglet=pret": 31,
        "achats/?onglet=a-rapprocher": 47,
        "rapprochement/?onglet=a-relire": 5,
        "receptions/?sort=refused": 3,
    }.items():
        assert re.search(rf'href="/dossiers/{company.pk}/{re.escape(path)}">{number}</a>', page), path
    assert f'href="/dossiers/{company.pk}/receptions/?sort=failed">+ 2\u00a0échecs</a>' in page


def test_only_the_companies_that_one_may_see_are_listed_counted_and_summed(client: Client, firm: Firm):
    mine, other = dossier(firm, "Mien", not_ready=2), dossier(firm, "Collègue", not_ready=40)
    foreign = dossier(FirmFactory(), "Ailleurs", not_ready=400)
    client.force_login(MembershipFactory(firm=firm, chosen=[mine]).user)
    answer = client.get("/cabinet/")
    page = answer.content.decode()
    assert "Mien" in page
    assert other.name not in page
    assert foreign.name not in page
    assert (answer.context["sums"]["in_tous"], answer.context["sums"]["not_ready"]) == (1, 2)
    assert client.get("/cabinet/", {"cabinet": foreign.firm.code}).status_code == 404
    assert client.post(f"/cabinet/comptage/?cabinet={foreign.firm.code}").status_code == 404


def test_who_works_for_two_firms_goes_from_one_to_the_other(client: Client, firm: Firm, person: User):
    second = MembershipFactory(user=person).firm
    dossier(firm, "Ici")
    there = dossier(second, "Là-bas")
    assert f"?cabinet={second.code}" in client.get("/cabinet/", {"cabinet": firm.code}).content.decode()
    assert names(client, cabinet=second.code) == [there.name]


@pytest.mark.parametrize("number", [10, 400])
def test_the_page_asks_five_questions_however_many_companies_there_are(
    client: Client, firm: Firm, person: User, number: int, django_assert_num_queries
):
    many(firm, number)
    with django_assert_num_queries(5):
        answer = client.get("/cabinet/")
    assert answer.context["sums"]["in_tous"] == number
    assert answer.context["sums"]["refused"] == sum(at % 3 for at in range(number))


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{name}" for name in SORTS)])
def test_every_sort_walks_over_all_companies_once_by_pages(client: Client, firm: Firm, person: User, sort: str):
    many(firm, 120)
    seen, after = [], ""
    while True:
        page = client.get("/cabinet/", {"tri": sort, "apres": after}).context["page"]
        seen += [row.name for row in page.rows]
        if not (after := page.after):
            break
    assert len(seen) == len(set(seen)) == 120
    back = client.get("/cabinet/", {"tri": sort, "avant": page.before}).context["page"]
    assert [row.name for row in back.rows] == seen[50:100]


def test_what_waits_longest_comes_first_and_what_does_not_wait_last(client: Client, firm: Firm, person: User):
    now = timezone.now()
    dossier(firm, "Hier", waiting_since=now - timedelta(days=1))
    dossier(firm, "Rien")
    dossier(firm, "Printemps", waiting_since=now - timedelta(days=200))
    answer = client.get("/cabinet/")
    assert [row.company.name for row in answer.context["rows"]] == ["Printemps", "Hier", "Rien"]
    assert [number for _, number in answer.context["ages"]] == [1, 0, 0, 1]


def test_a_column_sorts_by_its_number_then_the_other_way(client: Client, firm: Firm, person: User):
    for name, number in {"A": 3, "B": 9, "C": 0}.items():
        dossier(firm, name, not_ready=number)
    assert names(client, tri="-pas-pret") == ["B", "A", "C"]
    assert names(client, tri="pas-pret") == ["C", "A", "B"]
    assert 'aria-sort="descending"' in client.get("/cabinet/", {"tri": "-pas-pret"}).content.decode()


def test_each_view_keeps_what_it_says(client: Client, firm: Firm, person: User):
    dossier(firm, "Calme")
    dossier(firm, "Travail", to_match=1)
    dossier(firm, "Refus", refused=1)
    dossier(firm, "Échec", failed=1)
    late = timezone.localdate() - LATE_AFTER - timedelta(days=1)
    dossier(firm, "Retard", bank_known_until=late)
    for days, name in ((6, "Finit"), (90, "Loin"), (-3, "Finie")):
        connect(dossier(firm, name), person, days=days)
    connect(dossier(firm, "Fermée"), person, days=6, disconnected_at=timezone.now(), disconnected_by=person)
    kept = {name: set(names(client, vue=name)) for name in VIEWS if name not in {"tous", "alertes"}}
    assert kept == {
        "a-moi": set(),
        "a-faire": {"Travail"},
        "refus": {"Refus", "Échec"},
        "connexions": {"Finit", "Finie"},
        "releves": {"Retard"},
    }
    numbers = {name: number for name, _, number in client.get("/cabinet/").context["tabs"]}
    assert numbers == {"a-moi": 0, "alertes": 5, "tous": 9, "a-faire": 1, "refus": 2, "connexions": 2, "releves": 1}


def test_connections_and_banks_say_how_long_they_hold(client: Client, firm: Firm, person: User):
    today = timezone.localdate()
    connect(dossier(firm, "Finit", bank_account_count=1, bank_known_until=today - timedelta(days=3)), person, days=6)
    connect(dossier(firm, "Finie", bank_account_count=1), person, days=-3)
    dossier(firm, "Jamais", bank_account_count=1, bank_known_until=today - timedelta(days=33))
    page = client.get("/cabinet/").content.decode()
    for words in ("finit dans 6\u00a0j", "finie le", "non connecté", "à jour", "aucun relevé", "il y a 33 jours"):
        assert words in page, words


def test_a_company_is_searched_by_name_code_or_siren_whatever_the_accents(client: Client, firm: Firm, person: User):
    dossier(firm, "Épicerie des Lilas")
    dossier(firm, "Garage")
    assert names(client, q="EPICERIE") == ["Épicerie des Lilas"]
    assert "Aucun dossier pour «\u00a0zzz\u00a0»" in client.get("/cabinet/", {"q": "zzz"}).content.decode()


def test_the_page_says_when_it_was_counted_and_counts_anew_on_demand(client: Client, firm: Firm, person: User):
    company = CompanyFactory(firm=firm)
    assert "pas encore compté" in client.get("/cabinet/").content.decode()
    then = timezone.now() - timedelta(minutes=50)
    count_companies(company_ids=[company.pk], at=then)
    PurchaseInvoiceFactory.create(company=company, account=None)
    assert f"compté à {timezone.localtime(then):%H:%M} ou après" in client.get("/cabinet/").content.decode()
    answer = client.post("/cabinet/comptage/?vue=a-faire", follow=True)
    assert answer.redirect_chain[-1][0] == "/cabinet/?vue=a-faire"
    assert [row.counters.not_ready for row in answer.context["rows"]] == [1]
    assert "1\u00a0dossier recompté" in answer.content.decode()


def test_a_count_of_another_day_says_which(client: Client, firm: Firm, person: User):
    dossier(firm, "Vieux")
    CompanyCounters.objects.update(counted_at=timezone.now() - timedelta(days=2))
    day = timezone.localdate() - timedelta(days=2)
    assert f"compté le {day:%d/%m/%Y} à" in client.get("/cabinet/").content.decode()


def test_closed_companies_are_left_out(client: Client, firm: Firm, person: User):
    company = dossier(firm, "Parti")
    Company.objects.filter(pk=company.pk).update(is_active=False)
    assert "Aucun dossier ne vous est confié" in client.get("/cabinet/").content.decode()


@pytest.mark.parametrize("asked", [{"tri": "n’importe"}, {"vue": "x"}, {"apres": "a~b"}, {"apres": "~"}, {"q": "\0"}])
def test_what_the_address_says_wrongly_counts_as_absent(client: Client, firm: Firm, person: User, asked: dict):
    dossier(firm, "Seul")
    assert client.get("/cabinet/", asked).status_code == 200


def test_the_firms_settings_are_offered_to_administrators_alone(client: Client, firm: Firm, person: User):
    assert "/cabinet/membres/" not in client.get("/cabinet/").content.decode()
    client.force_login(MembershipFactory(firm=firm, role=Role.ADMINISTRATOR).user)
    assert f"/cabinet/membres/?cabinet={firm.code}" in client.get("/cabinet/").content.decode()


def test_real_rows_end_in_the_page(client: Client, firm: Firm, person: User):
    company = CompanyFactory(firm=firm)
    PurchaseInvoiceFactory.create(company=company, account=None)
    BankStatementFactory.create(account=BankAccountFactory(company=company), closing_on=date(2019, 10, 31))
    InboxItem.objects.create(
        company=company, fate="refused", body_sha256="0" * 64, http_status=422, received_at=timezone.now()
    )
    client.post("/cabinet/comptage/")
    (row,) = client.get("/cabinet/").context["rows"]
    assert (row.counters.not_ready, row.counters.refused, row.bank[0]) == (1, 1, "todo")
    assert client.get(f"/cabinet/?cabinet={firm.code}").status_code == 200


def test_the_companies_entrusted_to_one_open_first_and_all_are_one_click_away(client: Client, firm: Firm, person: User):
    mine, other = dossier(firm, "Mien"), dossier(firm, "Collègue")
    person.memberships.get().entrusted.add(mine)
    MembershipFactory(firm=firm).entrusted.add(other)
    answer = client.get("/cabinet/")
    assert [row.company for row in answer.context["rows"]] == [mine]
    assert answer.context["tabs"][:2] == [("a-moi", "À moi", 1), ("tous", "Tous", 2)]
    assert sorted(names(client, vue="tous")) == ["Collègue", "Mien"]


def test_companies_chosen_one_by_one_are_ones_own(client: Client, firm: Firm):
    mine = dossier(firm, "Mien")
    client.force_login(MembershipFactory(firm=firm, chosen=[mine]).user)
    assert client.get("/cabinet/").context["board"].view == "a-moi"
    assert names(client) == ["Mien"]


def test_what_is_entrusted_without_being_seen_stays_hidden(client: Client, firm: Firm):
    seat = MembershipFactory(firm=firm, chosen=[])
    seat.entrusted.add(dossier(firm, "Caché"), dossier(FirmFactory(), "Ailleurs"))
    client.force_login(seat.user)
    assert names(client, vue="a-moi") == names(client, vue="tous") == []


def test_who_has_none_of_his_own_is_led_to_all(client: Client, firm: Firm, person: User):
    dossier(firm, "Un"), dossier(firm, "Deux")
    page = client.get("/cabinet/", {"vue": "a-moi"}).content.decode()
    assert "<h2>Aucun dossier ne vous est confié.</h2>" in page
    assert "Voir les 2\u00a0dossiers" in page
