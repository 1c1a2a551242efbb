"""« Réceptions Dext »: tabs, search, what is new, an opened row, the export, « Rejouer »."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dext_connector.models import Fate, InboxItem, ReceptionVisit
from dext_connector.receptions.exporting import lines_of
from firms.models import Role
from tests.dext_connector.conftest import calling, item
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture
def client(dext) -> Client:
    client = Client()
    client.force_login(dext.user)
    return client


def page(client: Client, company, **query: str) -> str:
    answer = client.get(f"/dossiers/{company.pk}/receptions/", query)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def references(text: str) -> list[str]:
    return re.findall(r'title="(RB-[^"]+)"', text)


def some(dext, company) -> None:
    dext.publish(item(external_id="RB-1"))
    dext.publish(item(external_id="RB-1"))
    dext.publish(item(external_id="RB-2", account="99999999", supplier={"name": "Électricité de France"}))


def archive(company, *, is_active: bool = False) -> None:
    company.accounts.filter(code="62570000").update(is_active=is_active)


def test_tabs_say_how_many_each_fate_has_under_the_same_search(client, dext, company):
    some(dext, company)
    counts = re.findall(r"(\w+) <span class=\"count\">(\d+)<", page(client, company))
    assert counts == [
        ("Toutes", "3"),
        ("Créées", "1"),
        ("Republiées", "0"),
        ("Rejouées", "1"),
        ("Refusées", "1"),
        ("Échecs", "0"),
    ]
    searched = re.findall(r"<span class=\"count\">(\d+)<", page(client, company, q="electricite"))
    assert searched == ["1", "0", "0", "0", "1", "0"]


def test_the_page_costs_the_same_queries_whatever_it_shows(client, dext, company, django_assert_max_num_queries):
    for number in range(60):
        dext.publish(item(external_id=f"RB-{number}", account="62570000" if number % 3 else "99999999"))
    with django_assert_max_num_queries(8):
        page(client, company)
    with django_assert_max_num_queries(6):
        page(client, company, sort="refused", q="starbucks")


def test_an_opened_refusal_costs_a_bounded_number_of_queries(client, dext, company, django_assert_max_num_queries):
    some(dext, company)
    row = InboxItem.objects.get(fate=Fate.REFUSED)
    page(client, company)
    with django_assert_max_num_queries(16):
        page(client, company, ouverte=str(row.pk))


def test_refusals_that_came_since_the_last_visit_come_first(client, dext, company):
    dext.publish(item(external_id="RB-OLD", account="99999999"))
    assert "Nouveau" in page(client, company)
    ReceptionVisit.objects.update(visited_at=timezone.now() - timedelta(hours=1))
    InboxItem.objects.update(received_at=timezone.now() - timedelta(hours=2))
    dext.publish(item(external_id="RB-NEW", account="99999999"))
    for number in range(60):
        dext.publish(item(external_id=f"RB-{number}"))
    text = page(client, company)
    assert references(text)[:2] == ["RB-NEW", "RB-59"]
    assert text.count("Nouveau</span>") == 1
    assert references(text).count("RB-NEW") == 1
    # Another load is the same visit.
    assert references(page(client, company))[0] == "RB-NEW"


def test_what_is_new_is_new_to_each_person(client, dext, company):
    dext.publish(item(external_id="RB-1", account="99999999"))
    page(client, company)
    ReceptionVisit.objects.update(visited_at=timezone.now() - timedelta(hours=1))
    InboxItem.objects.update(received_at=timezone.now() - timedelta(hours=2))
    assert "Nouveau" not in page(client, company)
    other = Client()
    other.force_login(member_of(company))
    assert "Nouveau" in page(other, company)


def test_a_refusal_that_was_published_since_asks_for_nothing(client, dext, company):
    dext.publish(item(external_id="RB-1", account="99999999"))
    dext.publish(item(external_id="RB-1"))
    text = page(client, company)
    assert "publiée depuis" in text
    assert "badge error" not in text


@pytest.mark.parametrize("search", ["rb-88213", "88213", "RB88213", "starb", "4,85", "4.85 €", "F-2019"])
def test_what_is_looked_for_is_found_by_reference_supplier_number_or_amount(client, dext, company, search):
    dext.publish(item(reference="F-2019-118"))
    assert references(page(client, company, q=search)) == ["RB-88213"]
    assert references(page(client, company, q="5,85")) == []


def test_a_search_that_finds_nothing_names_the_other_company_that_has_it(client, dext, company):
    other = CompanyFactory(firm=company.firm, name="Épicerie Durand")
    calling(dext.user, other).publish(item(external_id="RB-7777"))
    hidden = CompanyFactory(name="Dossier d’un autre cabinet")
    calling(member_of(hidden), hidden).publish(item(external_id="RB-7777"))
    text = page(client, company, q="7777")
    assert "Dext n’a rien envoyé pour « 7777 » à ce dossier" in text
    assert "Épicerie Durand" in text
    assert "un autre cabinet" not in text


def test_pages_follow_one_another_without_a_gap(client, dext, company):
    for number in range(60):
        dext.publish(item(external_id=f"RB-{number:02}"))
    first = page(client, company)
    after = re.search(r"apres=([^&\"]+)", first)
    second = page(client, company, apres=after[1].replace("%7E", "~"))
    assert references(first) + references(second) == [f"RB-{number:02}" for number in reversed(range(60))]


def test_an_opened_row_shows_what_came_without_what_opens_a_door(client, dext, company):
    dext.publish(item(source_url="https://moi:motdepasse@dext.test/a?page=2&token=abc123", account="9"), key="cle-1")
    text = page(client, company, ouverte=str(InboxItem.objects.get().pk))
    assert "&quot;RB-88213&quot;" in text
    assert "page=2" in text
    assert "abc123" not in text
    assert "motdepasse" not in text
    assert "cle-1" in text
    assert "unknown_account" in text
    assert " ms" in text
    assert str(dext.user) in text


def test_a_body_that_is_no_item_is_shown_as_it_came(client, dext, company):
    dext.publish("{<b>oups")
    text = page(client, company, ouverte=str(InboxItem.objects.get().pk))
    assert "{&lt;b&gt;oups" in text
    assert "n’est pas lisible" in text


def test_a_row_of_another_company_does_not_open(client, dext, company):
    other = CompanyFactory()
    calling(member_of(other), other).publish(item(external_id="RB-SECRET"))
    assert "RB-SECRET" not in page(client, company, ouverte=str(InboxItem.objects.get().pk))
    assert 'class="under"' not in page(client, company, ouverte="nimporte")


def test_one_replays_from_the_row_once_the_cause_is_mended(client, dext, company):
    archive(company)
    dext.publish(item())
    row = InboxItem.objects.get()
    assert "Ce qui bloque encore" in page(client, company, ouverte=str(row.pk))
    archive(company, is_active=True)
    assert "Le compte 62570000 est de nouveau actif : rejouer." in page(client, company, ouverte=str(row.pk))
    answer = client.post(f"/dossiers/{company.pk}/receptions/{row.pk}/rejouer/?sort=refused", follow=True)
    assert answer.redirect_chain[-1][0].endswith(f"/receptions/?sort=refused&ouverte={row.pk}#r-{row.pk}")
    assert "Rejouée : Starbucks" in answer.content.decode().replace("\u00a0", " ")
    assert company.purchase_invoices.count() == 1


def test_a_replay_that_is_still_blocked_says_why(client, dext, company):
    archive(company)
    dext.publish(item())
    row = InboxItem.objects.get()
    answer = client.post(f"/dossiers/{company.pk}/receptions/{row.pk}/rejouer/", follow=True)
    assert "est archivé" in answer.content.decode()
    assert not company.purchase_invoices.exists()


def test_all_that_is_mended_is_replayed_from_the_tab(client, dext, company):
    archive(company)
    for number in range(3):
        dext.publish(item(external_id=f"RB-{number}"))
    dext.publish(item(external_id="RB-9", account="99999999"))
    archive(company, is_active=True)
    assert "Rejouer les refus corrigés" in page(client, company, sort="refused")
    answer = client.post(f"/dossiers/{company.pk}/receptions/rejouer/?sort=refused", follow=True)
    assert "3 refus rejoués. 1 reste à corriger." in answer.content.decode().replace("\u00a0", " ")
    assert company.purchase_invoices.count() == 3


def test_a_reader_sees_all_and_replays_nothing(dext, company):
    archive(company)
    dext.publish(item())
    archive(company, is_active=True)
    row = InboxItem.objects.get()
    client = Client()
    client.force_login(member_of(company, Role.READER))
    text = page(client, company, ouverte=str(row.pk), sort="refused")
    assert "est de nouveau actif" in text
    assert '<button class="button main small"' not in text
    assert "Rejouer les refus corrigés" not in text
    assert client.post(f"/dossiers/{company.pk}/receptions/{row.pk}/rejouer/").status_code == 403
    assert client.post(f"/dossiers/{company.pk}/receptions/rejouer/").status_code == 403


def test_the_document_of_a_refusal_is_saved_and_never_shown(client, dext, company):
    send = {"Authorization": f"Bearer {dext.token}"}
    html = SimpleUploadedFile("facture.html", b"<script>alert(1)</script>")
    body = {"item": '{"external_id": "RB-1"}', "document": html}
    dext.client.post("/api/dext/v1/" + dext.on_company("publish/"), body, headers=send)
    row = InboxItem.objects.get()
    answer = client.get(f"/dossiers/{company.pk}/receptions/{row.pk}/piece/")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    row.is_document_kept = False
    row.save()
    assert client.get(f"/dossiers/{company.pk}/receptions/{row.pk}/piece/").status_code == 404


def test_the_export_holds_exactly_what_is_filtered(client, dext, company):
    some(dext, company)
    answer = client.get(f"/dossiers/{company.pk}/receptions/export/", {"sort": "refused"})
    data = b"".join(answer.streaming_content)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert [(row["Référence Dext"], row["Fournisseur"], row["Total"], row["Sort"]) for row in rows] == [
        ("RB-2", "Électricité de France", "4,85", "Refusée")
    ]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+33 1", "'+33 1"),
        ("@moi", "'@moi"),
        ("-2+3", "'-2+3"),
        ("-212,40", "-212,40"),
        ("\t=1", "'\t=1"),
        ("RB-1", "RB-1"),
        ("", ""),
    ],
)
def test_a_cell_of_the_export_is_never_a_formula(cell, written):
    line = list(lines_of(["a", "b"], [[cell, "x"]]))[1].decode()
    assert next(csv.reader([line], delimiter=";"))[0] == written
