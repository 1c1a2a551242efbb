"""The pages of what goes wrong."""

import logging
import re

import pytest
from django.test import Client, RequestFactory

from desk.errors import server_error


@pytest.mark.django_db
def test_an_unknown_page_says_the_same_as_one_that_is_not_ours_to_see(client: Client):
    answer = client.get("/nulle-part/")
    assert answer.status_code == 404
    assert "Cette page n’existe pas, ou vous n’y avez pas accès." in answer.content.decode()


def test_an_error_of_ours_has_a_reference_that_is_in_the_log(caplog):
    with caplog.at_level(logging.ERROR):
        answer = server_error(RequestFactory().get("/dossiers/"))
    assert answer.status_code == 500
    reference = re.search(r"Référence\xa0: <strong>([0-9A-F]{6})</strong>", answer.content.decode())[1]
    assert reference in caplog.text


@pytest.mark.django_db
def test_a_form_without_its_token_says_that_nothing_was_written():
    answer = Client(enforce_csrf_checks=True).post("/connexion/", {})
    assert answer.status_code == 403
    assert "Rien n’a été enregistré" in answer.content.decode()


def test_an_error_is_told_even_where_no_page_can_be_written(monkeypatch):
    def broken(*args: object) -> str:
        raise ImportError

    monkeypatch.setattr("desk.errors.render_to_string", broken)
    answer = server_error(RequestFactory().get("/dossiers/"))
    assert answer.status_code == 500
    assert re.search(r"Rien n’a été enregistré\. Référence\xa0: [0-9A-F]{6}\.", answer.content.decode())
