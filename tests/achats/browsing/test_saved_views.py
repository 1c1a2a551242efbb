"""« Mes vues »: one's own, in one company."""

from django.test import Client
from django.urls import reverse

from achats.models import SavedView
from firms.models import Company, Role
from tests.achats.list_pages import invoice, names, page, text
from tests.factories.firms import member_of


def saved(client: Client, company: Company, name: str, query: str = "") -> SavedView:
    client.post(reverse("achats:save_view", args=[company.pk]) + query, {"nom": name})
    return SavedView.objects.get(company=company, name=name)


def test_a_view_keeps_the_filter_and_the_order_but_not_the_place(reader: Client, company: Company):
    invoice(company, "Orange")
    invoice(company, "EDF", account=None)
    view = saved(reader, company, "Sans compte", "?onglet=pas-pret&tri=fournisseur&compte=aucun&apres=x&autre=1")
    assert view.query == "compte=aucun&onglet=pas-pret&tri=fournisseur"
    html = page(reader, company)
    assert "?compte=aucun&amp;onglet=pas-pret&amp;tri=fournisseur" in html
    assert names(page(reader, company, f"?{view.query}")) == ["EDF"]


def test_a_view_of_the_same_name_is_overwritten(reader: Client, company: Company):
    saved(reader, company, "Août", "?q=a")
    assert saved(reader, company, "Août", "?q=b").query == "q=b"


def test_a_view_is_renamed_but_not_to_the_name_of_another(reader: Client, company: Company):
    view = saved(reader, company, "Août")
    saved(reader, company, "Juillet")
    place = reverse("achats:rename_view", args=[company.pk, view.pk])
    answer = reader.post(place, {"nom": "Juillet"}, follow=True)
    assert "s’appelle déjà" in text(answer.content.decode())
    reader.post(place, {"nom": "Août 2019"})
    view.refresh_from_db()
    assert view.name == "Août 2019"


def test_an_empty_name_is_refused(reader: Client, company: Company):
    answer = reader.post(reverse("achats:save_view", args=[company.pk]), {"nom": " "}, follow=True)
    assert "Donnez un nom" in answer.content.decode()


def test_a_view_of_another_person_is_neither_seen_renamed_nor_deleted(reader: Client, company: Company):
    view, client = saved(reader, company, "À moi"), Client()
    client.force_login(member_of(company, Role.READER))
    assert "À moi" not in page(client, company)
    client.post(reverse("achats:rename_view", args=[company.pk, view.pk]), {"nom": "Pris"})
    client.post(reverse("achats:delete_view", args=[company.pk, view.pk]))
    view.refresh_from_db()
    assert view.name == "À moi"


def test_a_view_is_deleted_by_who_made_it(reader: Client, company: Company):
    view = saved(reader, company, "À moi")
    reader.post(reverse("achats:delete_view", args=[company.pk, view.pk]))
    assert not SavedView.objects.filter(pk=view.pk).exists()
