"""« Dext demande l’accès à MEG »: what it says, which companies it offers, and how it is kept safe."""

import re

import pytest
from django.test import Client

from dext_connector.access.clients import register_client
from dext_connector.models import DextAuthorization
from firms.models import Role
from tests.dext_connector.oauth import RETURN, challenge_of
from tests.factories.firms import CompanyFactory, FirmFactory, MembershipFactory, member_of

ASKED = {
    "response_type": "code",
    "client_id": "dext",
    "redirect_uri": RETURN,
    "code_challenge": challenge_of("v" * 64),
    "code_challenge_method": "S256",
}


@pytest.fixture(autouse=True)
def _dext_is_registered(db):
    register_client(client_id="dext", name="Dext", redirect_uris=[RETURN, "https://app.dext.example/fin"])


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(client: Client, **changes: str):
    return client.get("/oauth/authorize/", ASKED | changes)


def decide(client: Client, deed: str, *companies, **fields: str):
    body = {"geste": deed, "dossiers": [str(row.pk) for row in companies]} | fields
    return client.post("/oauth/authorize/", body, query_params=ASKED)


def words(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def offered(answer) -> dict[str, bool]:
    boxes = re.findall(r'name="dossiers" value="([^"]+)"( checked)?', answer.content.decode())
    return {pk: bool(ticked) for pk, ticked in boxes}


def test_it_says_what_dext_may_do_and_may_not_and_until_when(company):
    page = words(ask(signed_in(member_of(company)), scope="reference:read purchases:write"))
    assert "Dext demande l’accès à MEG" in page
    assert "Publier des factures d’achat" in page
    assert "Lire les opérations bancaires non rapprochées" not in page
    assert "Modifier une facture comptabilisée" in page
    assert re.search(r"Jusqu’au \d\d/\d\d/\d{4}", page)
    assert "<strong>dext.example</strong>" in page
    assert "Autoriser 1 dossier" in page.replace("\u00a0", " ")


def test_a_lone_company_is_ticked_and_of_several_none(company):
    user = member_of(company)
    assert offered(ask(signed_in(user))) == {str(company.pk): True}
    other = CompanyFactory(firm=company.firm)
    page = ask(signed_in(user))
    assert offered(page) == {str(company.pk): False, str(other.pk): False}
    assert "Autoriser les dossiers cochés" in words(page)


def test_a_search_keeps_what_is_ticked(company):
    other = CompanyFactory(firm=company.firm, name="Épicerie Durand")
    CompanyFactory(firm=company.firm, name="Garage Petit")
    client = signed_in(member_of(company))
    page = decide(client, "chercher", company, q="epicerie")
    assert (page.status_code, offered(page)) == (200, {str(company.pk): True, str(other.pk): False})
    nothing = decide(client, "chercher", company, q="zzz")
    assert offered(nothing) == {str(company.pk): True}
    assert "Aucun autre dossier ne répond à «\u00a0zzz\u00a0»" in nothing.content.decode()
    assert not DextAuthorization.objects.exists()


def test_fifty_are_shown_and_the_others_are_searched_for_at_the_same_cost(django_assert_max_num_queries):
    firm = FirmFactory()
    companies = [CompanyFactory(firm=firm) for _ in range(51)]
    client = signed_in(member_of(companies[0]))
    with django_assert_max_num_queries(6):
        page = ask(client)
    assert len(offered(page)) == 50
    assert "Seuls les 50 premiers sont affichés" in words(page)


@pytest.mark.parametrize("role", [Role.READER])
def test_who_may_publish_nowhere_can_only_refuse(company, role):
    page = words(ask(signed_in(member_of(company, role))))
    assert "Aucun dossier où vous puissiez publier" in page
    assert 'value="autoriser"' not in page
    assert 'value="refuser"' in page


def test_a_company_that_was_closed_or_that_was_not_given_is_not_offered(company):
    closed, given, other = (CompanyFactory(firm=company.firm) for _ in range(3))
    closed.is_active = False
    closed.save()
    user = MembershipFactory(firm=company.firm, chosen=[given, closed]).user
    assert set(offered(ask(signed_in(user)))) == {str(given.pk)}
    assert decide(signed_in(user), "autoriser", other).status_code == 422


@pytest.mark.parametrize("sent", ["pas-un-dossier", "", "00000000-0000-0000-0000-000000000000"])
def test_what_is_no_company_is_refused_in_words(company, sent):
    client = signed_in(member_of(company))
    answer = client.post("/oauth/authorize/", {"geste": "autoriser", "dossiers": [sent]}, query_params=ASKED)
    assert answer.status_code == 422
    assert "dossiers cochés" in words(answer)


def test_its_form_may_lead_to_dext_and_nowhere_else_and_no_page_may_frame_it(company):
    page = ask(signed_in(member_of(company)))
    policy = dict(part.strip().split(" ", 1) for part in page["Content-Security-Policy"].split(";"))
    assert policy["form-action"] == "'self' https://app.dext.example https://dext.example"
    assert policy["frame-ancestors"] == "'none'"
    assert (page["X-Frame-Options"], "no-store" in page["Cache-Control"]) == ("DENY", True)
    other = signed_in(member_of(company)).get("/dossiers/")
    assert "form-action 'self';" in other["Content-Security-Policy"] + ";"


def test_a_post_from_another_site_is_refused(company):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member_of(company))
    assert decide(client, "autoriser", company).status_code == 403
    assert not DextAuthorization.objects.exists()


def test_an_unregistered_address_gets_a_page_in_french(company):
    answer = ask(signed_in(member_of(company)), redirect_uri="https://voleur.example/")
    assert answer.status_code == 400
    assert "Cette demande d’accès n’est pas valable" in words(answer)


def test_an_unknown_scope_goes_back_to_dext(company):
    answer = ask(signed_in(member_of(company)), scope="purchases:write tout")
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{RETURN}?error=invalid_scope")
