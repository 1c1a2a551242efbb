"""The life of a company's connection: opened, told of before it ends, ended, closed, opened again."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oauth2_provider.models import AccessToken

from dext_connector.connections.ends import tell_of_ends
from dext_connector.connections.opening import open_connections
from dext_connector.models import ConnectionNotice, DextAuthorization, DextConnection
from dext_connector.tasks import tell_of_connection_ends
from firms.models import Event, Role
from tests.dext_connector.conftest import BASE, HTTP, calling, item
from tests.factories.firms import PASSWORD, CompanyFactory, member_of

ENDED = "Reconnectez-vous dans Dext : les règles et paramètres sont conservés."


def kinds(company) -> list[str]:
    return list(
        Event.objects.filter(company=company, kind__startswith="connection.")
        .order_by("id")
        .values_list("kind", flat=True)
    )


def words(answer) -> str:
    return answer.content.decode().replace("\u00a0", " ")


def log_in(user) -> dict:
    body = {"email": user.email, "password": PASSWORD}
    return HTTP.post(f"{BASE}login/", body, content_type="application/json").json()


def page_of(user, company, path: str = "dext/") -> str:
    client = Client()
    client.force_login(user)
    return words(client.get(f"/dossiers/{company.pk}/{path}"))


def end_in(company, **length: int) -> datetime:
    ends = timezone.now() + timedelta(**length)
    DextConnection.objects.filter(company=company).update(expires_at=ends)
    return ends


def test_a_login_opens_it_for_365_days_once_and_renews_it_without_opening_again(company):
    user = member_of(company)
    first = log_in(user)
    assert datetime.fromisoformat(first["connection_expires_at"]) - timezone.now() > timedelta(days=364, hours=23)
    DextConnection.objects.update(expires_at=timezone.now() + timedelta(days=2))
    log_in(user)
    assert company.dext_connection.expires_at - timezone.now() > timedelta(days=364)
    assert kinds(company) == ["connection.opened"]


def test_a_publish_opens_it(dext, company):
    dext.publish(item())
    assert kinds(company) == ["connection.opened"]


def test_disconnecting_closes_every_call_on_this_company_and_none_on_another(dext, company):
    other = CompanyFactory(firm=company.firm)
    log_in(dext.user)
    assert dext.call("delete", dext.on_company("connection/")).status_code == 204
    assert dext.call("delete", dext.on_company("connection/")).status_code == 204
    for path in ("", "accounts/", "settings/", "items/RB-1/"):
        answer = dext.get(dext.on_company(path))
        assert (answer.status_code, answer.json()["code"]) == (401, "connection_ended")
        assert answer.json()["message"].replace("\u00a0", " ").endswith(ENDED)
    assert dext.publish(item()).status_code == 401
    assert dext.get(f"companies/{other.pk}/accounts/").status_code == 200
    listed = {row["id"]: row["connected"] for row in dext.get("companies/").json()["items"]}
    assert listed == {str(company.pk): False, str(other.pk): True}
    assert kinds(company) == ["connection.opened", "connection.closed"]
    assert kinds(other) == ["connection.opened"]


def test_connecting_again_keeps_settings_and_rules_and_what_was_published(dext, company):
    dext.publish(item())
    company.integration_settings.vat_by_line = False
    company.integration_settings.save()
    dext.call("delete", dext.on_company("connection/"))
    log_in(dext.user)
    assert dext.get(dext.on_company("settings/")).json()["vat_by_line"] is False
    assert dext.get(dext.on_company("items/RB-88213/")).status_code == 200
    assert kinds(company) == ["connection.opened", "connection.closed", "connection.opened"]


def test_an_expired_connection_answers_nothing_but_a_login(dext, company):
    dext.publish(item())
    end_in(company, seconds=-1)
    answer = dext.get(dext.on_company("accounts/"))
    assert (answer.status_code, answer.json()["code"]) == (401, "connection_ended")
    log_in(dext.user)
    assert dext.get(dext.on_company("accounts/")).status_code == 200
    assert kinds(company) == ["connection.opened", "connection.opened"]


def test_a_token_outlives_its_year_no_more_than_its_authorization(dext):
    DextAuthorization.objects.update(
        given_at=timezone.now() - timedelta(days=366), expires_at=timezone.now() - timedelta(days=1)
    )
    assert dext.get("me/").json()["code"] == "token_refused"


def test_a_token_without_authorization_reaches_nothing(dext):
    DextAuthorization.objects.all().delete()
    assert AccessToken.objects.exists()
    assert dext.get("companies/").status_code == 401


def test_its_end_is_told_at_30_7_and_1_days_and_when_it_comes_once_each(dext, company):
    dext.publish(item())
    ends = company.dext_connection.expires_at
    moments = [31, 30, 29.5, 8, 7, 6, 1.5, 1, 0.5, 0, -1]
    told = {days: tell_of_ends(at=ends - timedelta(days=days)) for days in moments for _ in range(2)}
    assert set(told.values()) == {0}
    events = Event.objects.filter(kind__in=["connection.expiring", "connection.expired"]).order_by("id")
    assert [(row.kind, row.changes["days_left"][1]) for row in events] == [
        ("connection.expiring", 30),
        ("connection.expiring", 7),
        ("connection.expiring", 1),
        ("connection.expired", 0),
    ]
    assert {row.subject_id for row in events} == {company.dext_connection.pk}


def test_after_a_renewal_its_end_is_told_of_anew(dext, company):
    dext.publish(item())
    for _ in range(2):
        assert tell_of_ends(at=company.dext_connection.expires_at - timedelta(days=5)) == 1
        open_connections(companies=[company], user=dext.user, at=timezone.now() + timedelta(days=1))
        company.dext_connection.refresh_from_db()


def test_a_missed_day_is_made_up_for_with_what_is_still_true(dext, company):
    dext.publish(item())
    assert tell_of_ends(at=company.dext_connection.expires_at - timedelta(hours=6)) == 1
    assert Event.objects.get(kind="connection.expiring").changes["days_left"] == [None, 1]


def test_nothing_is_told_of_a_connection_that_was_closed(dext, company):
    dext.publish(item())
    dext.call("delete", dext.on_company("connection/"))
    end_in(company, days=3)
    tell_of_connection_ends()
    assert not ConnectionNotice.objects.exists()


def test_the_database_lets_a_notice_be_told_once(dext, company):
    dext.publish(item())
    row = {"company": company, "connection": company.dext_connection, "kind": 7, "ends_at": timezone.now()}
    ConnectionNotice.objects.create(**row, told_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        ConnectionNotice.objects.create(**row, told_at=timezone.now())


@pytest.mark.parametrize(
    ("length", "said"),
    [
        ({"days": 31}, None),
        ({"days": 30}, "finit dans 30 jours, le"),
        ({"days": 7}, "finit dans 7 jours, le"),
        ({"days": 1}, "finit demain, le"),
        ({"days": -1}, None),
    ],
)
def test_a_banner_on_every_page_says_to_who_may_act_that_it_ends(dext, company, length, said):
    dext.publish(item())
    end_in(company, **length)
    for path in ("", "achats/", "dext/", "receptions/"):
        page = page_of(dext.user, company, path)
        assert ("La connexion Dext de ce dossier" in page) is (said is not None)
        assert (said or "") in page
        assert "La connexion Dext de ce dossier" not in page_of(member_of(company, Role.READER), company, path)


def test_the_banner_costs_one_query_and_none_where_the_page_knows(dext, company, django_assert_num_queries):
    dext.publish(item())
    reader, writer = Client(), Client()
    reader.force_login(member_of(company, Role.READER))
    writer.force_login(dext.user)
    address = f"/dossiers/{company.pk}/receptions/"
    with CaptureQueriesContext(connection) as read:
        reader.get(address)
    with django_assert_num_queries(len(read) + 1):
        writer.get(address)


def test_the_page_says_expired_revoked_closed_and_never_connected(dext, company):
    assert "Choisir le logiciel › MEG" in page_of(dext.user, company)
    dext.publish(item())
    assert "Connecté" in page_of(dext.user, company)
    HTTP.post("/oauth/revoke_token/", {"token": dext.token, "client_id": "dext"})
    assert f"a été révoquée : Dext n’a plus accès au dossier. {ENDED}" in page_of(dext.user, company)
    ends = end_in(company, seconds=-5)
    assert f"La connexion a expiré le {timezone.localtime(ends):%d/%m/%Y}. {ENDED}" in page_of(dext.user, company)


def test_another_companys_tokens_do_not_make_it_look_connected(company):
    user, colleague = member_of(company), member_of(CompanyFactory())
    open_connections(companies=[company], user=user, at=timezone.now())
    calling(colleague, company)
    assert "a été révoquée" in page_of(user, company)
    calling(user, company)
    assert "a été révoquée" not in page_of(user, company)


def test_disconnecting_from_the_page_asks_once_naming_the_deed(dext, company):
    dext.publish(item())
    page = page_of(dext.user, company)
    assert "Déconnecter Boulangerie Martin de Dext</button>" in page
    client = Client()
    client.force_login(dext.user)
    answer = client.post(f"/dossiers/{company.pk}/dext/deconnexion/", follow=True)
    assert "Boulangerie Martin est déconnecté de Dext." in words(answer)
    assert f"par {dext.user}. {ENDED}" in words(answer)
    assert "Se déconnecter</summary>" not in words(answer)
    assert dext.get(dext.on_company("accounts/")).status_code == 401


def test_a_reader_does_not_disconnect(dext, company):
    dext.publish(item())
    reader = member_of(company, Role.READER)
    client = Client()
    client.force_login(reader)
    assert client.post(f"/dossiers/{company.pk}/dext/deconnexion/").status_code == 403
    assert "Se déconnecter</summary>" not in page_of(reader, company)
    assert company.dext_connection.disconnected_at is None
