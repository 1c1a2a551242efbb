"""« Relancer maintenant »: a person has a client written to again, once a day at most, and six times in all."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from banking.models import BankAccount, PieceRequest
from banking.pieces.reminding import AT_MOST_IN_ALL, EVERY, ReminderHeldBack, remind_now
from firms.models import Event, Role, User
from tests.banking.test_piece_reminders import ASKED_AT, SITE, asked, bring_all, explain, revoke, told_again
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(db: None) -> BankAccount:
    return BankAccountFactory.create()


@pytest.fixture
def person(account: BankAccount) -> User:
    return member_of(account.company)


def reminding(client: Client, request: PieceRequest) -> str:
    place = reverse("banking:pieces_remind", args=[request.company_id, request.pk])
    return client.post(place, follow=True).content.decode()


def test_a_person_has_a_client_reminded_at_once_and_only_once_a_day(account, person, client, mailoutbox):
    client.force_login(person)
    request = asked(account, person, at=timezone.now() - timedelta(hours=25), is_reminded=False)
    assert "Relancer maintenant" in client.get(reverse("banking:pieces", args=[account.company_id])).content.decode()
    told = reminding(client, request)
    assert "La relance est partie à c@x.test." in told
    assert "Relancer maintenant" not in told
    assert f"{timezone.localtime(request.reminders.get().begun_at):%d/%m/%Y %H:%M}" in told
    assert "relance possible le" in reminding(client, request)
    assert (len(mailoutbox), request.reminders.count()) == (2, 1)
    assert Event.objects.get(kind="pieces.reminded").by == person


def test_a_reminder_by_hand_puts_off_the_weekly_one(account, person, mailoutbox):
    request = asked(account, person)
    remind_now(request=request, by=person, at=ASKED_AT + timedelta(days=5), site_url=SITE)
    assert told_again(request, ASKED_AT + EVERY) is None
    assert told_again(request, ASKED_AT + timedelta(days=12))


def test_six_reminders_are_enough(account, person, mailoutbox):
    request = asked(account, person)
    for day in range(1, AT_MOST_IN_ALL + 1):
        remind_now(request=request, by=person, at=ASKED_AT + timedelta(days=day), site_url=SITE)
    with pytest.raises(ReminderHeldBack, match="Déjà 6 relances"):
        remind_now(request=request, by=person, at=ASKED_AT + timedelta(days=20), site_url=SITE)
    assert len(mailoutbox) == 1 + AT_MOST_IN_ALL


@pytest.mark.parametrize(
    ("end", "words"),
    [(bring_all, "Plus rien ne manque"), (explain, "Plus rien ne manque"), (revoke, "Ce lien est fini")],
)
def test_nobody_is_reminded_of_what_came_or_ended(account, person, client, mailoutbox, end, words):
    client.force_login(person)
    request = asked(account, person, at=timezone.now() - timedelta(days=2))
    end(request)
    assert words in reminding(client, request)
    assert len(mailoutbox) == 1


def test_a_request_without_an_address_is_not_reminded(account, person, client, mailoutbox):
    client.force_login(person)
    request = asked(account, person, at=timezone.now() - timedelta(days=2), email="", is_reminded=False)
    assert (
        "Relancer maintenant" not in client.get(reverse("banking:pieces", args=[account.company_id])).content.decode()
    )
    assert "n’a pas d’adresse" in reminding(client, request)
    assert not mailoutbox


def test_a_reader_and_another_company_remind_nobody(account, person, client, mailoutbox):
    request = asked(account, person, at=timezone.now() - timedelta(days=2))
    other = CompanyFactory(firm=account.company.firm)
    client.force_login(person)
    assert client.post(reverse("banking:pieces_remind", args=[other.pk, request.pk])).status_code == 404
    client.force_login(member_of(account.company, Role.READER))
    assert client.post(reverse("banking:pieces_remind", args=[account.company_id, request.pk])).status_code == 403
    assert len(mailoutbox) == 1
