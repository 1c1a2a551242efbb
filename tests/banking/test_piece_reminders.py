"""« Relances »: a client who brought nothing is written to again, by week, never twice, until one says no more."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from banking.models import BankAccount, BankTransaction, PieceReminder, PieceRequest
from banking.pieces.reminding import AT_MOST, EVERY, due_requests, remind
from banking.pieces.requesting import VALID_FOR, RequestNotSent, request_pieces, revoke_request, switch_reminders
from banking.tasks import remind_of_pieces
from firms.models import Company, Event, Role, User
from tests.banking.test_reconciliation import a_line
from tests.factories.achats import PurchaseInvoiceFactory
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of

pytestmark = pytest.mark.django_db
SITE = "https://meg.test"
ASKED_AT = datetime(2019, 10, 1, 8, tzinfo=timezone.get_current_timezone())


@pytest.fixture(autouse=True)
def nobody_came_before() -> None:
    """What earlier tests sent from this address counts no more."""
    cache.clear()


@pytest.fixture
def account(db: None) -> BankAccount:
    return BankAccountFactory.create()


@pytest.fixture
def person(account: BankAccount) -> User:
    return member_of(account.company)


def line(account: BankAccount, amount: str = "-42.99") -> BankTransaction:
    return a_line(account, amount=Decimal(amount), label="CB LIBRAIRIE")


def asked(
    account: BankAccount, person: User, *, at: datetime = ASKED_AT, email: str = "c@x.test", **told
) -> PieceRequest:
    lines = [line(account).pk, line(account, "-9.00").pk]
    return request_pieces(
        company=account.company, line_ids=lines, recipient="Camille", email=email, by=person, at=at, site_url=SITE,
        **{"is_reminded": True, **told},
    )[0]  # fmt: skip


def told_again(request: PieceRequest, at: datetime) -> PieceReminder | None:
    return remind(request_id=request.pk, at=at, site_url=SITE)


def test_a_week_later_the_client_is_written_to_with_a_link_that_opens(account, person, mailoutbox):
    now = timezone.now()
    request = asked(account, person, at=now - EVERY)
    assert told_again(request, now).sent_at == now
    mail = mailoutbox[-1]
    assert (mail.to, mail.subject) == (["c@x.test"], f"Rappel\u00a0: pièces à envoyer pour {account.company.name}")
    assert "les pièces de 2 paiements" in mail.body
    for message in mailoutbox:
        path = re.search(rf"{SITE}(/pieces/[\w-]+/)", message.body)[1]
        assert Client().get(path).status_code == 200, "each link opens, the first too"
    assert path.split("/")[2] not in str(PieceReminder.objects.values().get()), "only the hash is kept"
    assert Event.objects.filter(kind="pieces.reminded", subject_id=request.pk).count() == 1


def test_reminders_are_a_week_apart_and_three_at_most(account, person, mailoutbox):
    request = asked(account, person)
    days = [day for day in range(30) if told_again(request, ASKED_AT + timedelta(days=day))]
    assert days == [7, 14, 21]
    assert len(mailoutbox) == 1 + AT_MOST
    assert list(request.reminders.values_list("number", flat=True)) == [1, 2, 3]


def bring_all(request: PieceRequest) -> None:
    request.lines.update(invoice=PurchaseInvoiceFactory.create(company=request.company))


def explain(request: PieceRequest) -> None:
    BankTransaction.objects.filter(company=request.company).update(is_ignored=True)


def revoke(request: PieceRequest) -> None:
    revoke_request(request=request, by=request.requested_by, at=ASKED_AT)


def switch_off(request: PieceRequest) -> None:
    switch_reminders(request=request, is_on=False, by=request.requested_by, at=ASKED_AT)


def close(request: PieceRequest) -> None:
    Company.objects.filter(pk=request.company_id).update(is_active=False)


@pytest.mark.parametrize("end", [bring_all, explain, revoke, switch_off, close])
def test_nothing_is_asked_again_once_it_came_or_was_withdrawn(account, person, mailoutbox, end):
    request = asked(account, person)
    assert due_requests(at=ASKED_AT + EVERY).get() == request
    end(request)
    assert told_again(request, ASKED_AT + EVERY) is None
    assert len(mailoutbox) == 1


def test_only_what_still_lacks_is_counted(account, person, mailoutbox):
    request = asked(account, person)
    one = request.lines.first()
    one.invoice = PurchaseInvoiceFactory.create(company=account.company)
    one.save()
    told_again(request, ASKED_AT + EVERY)
    assert "la pièce d’un paiement" in mailoutbox[-1].body


def test_without_an_address_or_after_the_link_ended_nobody_is_written_to(account, person, mailoutbox):
    silent, ended = asked(account, person, email=""), asked(account, person, at=ASKED_AT - VALID_FOR)
    assert not silent.is_reminded
    assert told_again(silent, ASKED_AT + EVERY) is None
    assert told_again(ended, ASKED_AT + EVERY) is None


def test_a_message_that_the_server_refuses_is_tried_another_time(account, person, settings):
    request = asked(account, person)
    memory = settings.MAILERS
    smtp = {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {"host": "127.0.0.1", "port": 1}}
    settings.MAILERS = {"default": smtp}
    with pytest.raises(RequestNotSent):
        told_again(request, ASKED_AT + EVERY)
    assert not request.reminders.exists()
    settings.MAILERS = memory
    assert told_again(request, ASKED_AT + EVERY + timedelta(hours=1))


def test_one_of_which_nobody_knows_whether_it_left_is_not_sent_again_and_says_so(account, person, client, mailoutbox):
    now = timezone.now()
    request = asked(account, person, at=now - EVERY)
    told_again(request, now)
    PieceReminder.objects.update(sent_at=None)
    assert told_again(request, now + timedelta(hours=1)) is None
    client.force_login(person)
    page = client.get(reverse("banking:pieces", args=[account.company_id])).content.decode()
    assert f"{timezone.localtime(now):%d/%m/%Y %H:%M} (départ incertain)" in page


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_message(account, person, mailoutbox):
    request = asked(account, person)

    def send(_: int) -> bool:
        try:
            return told_again(request, ASKED_AT + EVERY) is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [False, False, False, True]
    assert len(mailoutbox) == 2


def test_the_task_reminds_all_that_is_due_where_the_address_of_meg_is_known(account, person, settings, mailoutbox):
    at = timezone.now() - EVERY
    asked(account, person, at=at)
    asked(BankAccountFactory.create(), person, at=at)
    settings.BASE_URL = ""
    remind_of_pieces()
    assert len(mailoutbox) == 2
    settings.BASE_URL = f"{SITE}/"
    for _ in range(2):
        remind_of_pieces()
    assert len(mailoutbox) == 4
    assert f"{SITE}/pieces/" in mailoutbox[-1].body
    assert configured.CELERY_BEAT_SCHEDULE["remind-of-pieces"]["task"] == remind_of_pieces.name


def test_reminders_are_wanted_by_a_tick_and_shown_and_switched_off(account, person, client):
    client.force_login(person)
    company, sent = account.company, {"destinataire": "Camille", "adresse": "c@x.test"}
    for ticked in ({"relances": "oui"}, {}):
        client.post(reverse("banking:pieces_ask", args=[company.pk]), {"lignes": [line(account).pk], **sent, **ticked})
    plain, wanted = PieceRequest.objects.order_by("-pk")
    assert (wanted.is_reminded, plain.is_reminded) == (True, False)
    place = reverse("banking:pieces_switch", args=[company.pk, wanted.pk])
    page = client.get(reverse("banking:pieces", args=[company.pk])).content.decode()
    assert "Ne plus relancer" in page
    assert "Relancer chaque semaine</button>" in page
    assert "Camille ne sera plus relancé." in client.post(place, {"relances": "non"}, follow=True).content.decode()
    wanted.refresh_from_db()
    assert not wanted.is_reminded
    assert Event.objects.get(kind="pieces.reminders_changed").changes == {"is_reminded": [True, False]}


def test_a_reader_and_another_company_switch_nothing(account, person, client):
    request = asked(account, person)
    client.force_login(member_of(account.company, Role.READER))
    assert client.post(reverse("banking:pieces_switch", args=[account.company_id, request.pk])).status_code == 403
    other = CompanyFactory(firm=account.company.firm)
    client.force_login(person)
    assert client.post(reverse("banking:pieces_switch", args=[other.pk, request.pk])).status_code == 404
    request.refresh_from_db()
    assert request.is_reminded


def test_the_reminders_of_many_requests_are_read_at_once(account, person, client):
    client.force_login(person)

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            client.get(reverse("banking:pieces", args=[account.company_id]))
        return len(made)

    told_again(asked(account, person), ASKED_AT + EVERY)
    few = queries()
    for _ in range(5):
        told_again(asked(account, person), ASKED_AT + EVERY)
    assert queries() == few
