"""A message names its task: a name that nobody answers to would wait for ever."""

import re

import pytest
from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from firms.sending import send, send_on_commit
from tests.test_house import modules
from tests.worker import messages

NAME = re.compile(r'"((?:\w+\.)?\w+\.tasks\.\w+)"')


def names_sent() -> set[str]:
    return {name for path in modules() for name in NAME.findall(path.read_text())}


def test_every_task_that_is_named_anywhere_is_one_of_the_workers():
    assert names_sent() > {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    current_app.loader.import_default_modules()
    assert names_sent() - set(current_app.tasks) == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_worker")
def test_a_message_leaves_with_the_commit_and_not_before_it_nor_after_a_rollback():
    with transaction.atomic():
        send_on_commit("banking.tasks.sweep_unmatched")
        assert messages() == 0
    assert messages() == 1
    with transaction.atomic():
        send_on_commit("banking.tasks.sweep_unmatched")
        transaction.set_rollback(True)
    assert messages() == 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_stops_who_sends_now_and_not_who_sends_on_commit(monkeypatch: pytest.MonkeyPatch):
    def fail(*args, **kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr("celery.canvas.Signature.apply_async", fail)
    send_on_commit("banking.tasks.sweep_unmatched")
    with pytest.raises(OperationalError):
        send("banking.tasks.sweep_unmatched", {})
