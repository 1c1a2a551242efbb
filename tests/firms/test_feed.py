"""The feed gives positions to what is committed, by one at a time, so that nobody ever skips anything."""

from threading import Thread

import pytest
from django.db import connection, transaction

from firms.events import record_event
from firms.feed import head_of_feed, place_events
from firms.models import Company, Event
from tests.factories.firms import CompanyFactory

KIND = "purchase.received"


@pytest.fixture
def other(transactional_db):
    """A second connection to the same database."""
    second = connection.copy()
    yield second
    second.close()


@pytest.fixture
def company(transactional_db) -> Company:
    company = CompanyFactory()
    place_events()
    return company


def record(company: Company) -> Event:
    return record_event(company=company, kind=KIND, subject_id=company.pk)


def read_after(position: int) -> list:
    place_events()
    rows = Event.objects.filter(position__gt=position).order_by("position")
    return list(rows.values_list("pk", flat=True))


def insert(second, company: Company) -> str:
    """An event by the other connection; its transaction stays as it is."""
    with second.cursor() as cursor:
        cursor.execute(
            "INSERT INTO firms_event (company_id, kind, subject_id, at, changes)"
            " VALUES (%s, %s, %s, now(), '{}') RETURNING id",
            [company.pk, KIND, company.pk],
        )
        return cursor.fetchone()[0]


def test_an_event_of_a_transaction_that_commits_late_is_read_after_those_that_were_read(company, other):
    cursor = head_of_feed()
    other.set_autocommit(False)
    late = insert(other, company)
    early = record(company)
    assert late < early.pk  # made first, committed last
    assert read_after(cursor) == [early.pk]
    cursor = head_of_feed()
    assert read_after(cursor) == []
    other.commit()
    assert read_after(cursor) == [late]


def test_what_is_rolled_back_is_never_told_and_leaves_nothing_behind(company, other):
    cursor = head_of_feed()
    other.set_autocommit(False)
    insert(other, company)
    other.rollback()
    kept = record(company)
    assert read_after(cursor) == [kept.pk]


def test_while_one_gives_positions_another_gives_none(company, other):
    event = record(company)
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('firms.feed', 0))")
    assert place_events() == 0
    other.rollback()
    assert place_events() == 1
    event.refresh_from_db()
    assert event.position == head_of_feed()


def test_many_writers_and_readers_together_lose_nothing_and_tell_nothing_twice(company):
    cursor, seen, written = head_of_feed(), [], []

    def write() -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    written.extend([record(company).pk, record(company).pk])
        finally:
            connection.close()

    writers = [Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers) or len(seen) < len(written):
        place_events()
        found = list(Event.objects.filter(position__gt=cursor).order_by("position"))
        seen += [event.pk for event in found]
        cursor = found[-1].position if found else cursor
    assert sorted(seen) == sorted(written)


def test_a_burst_is_placed_in_steps_in_the_order_in_which_it_was_made(company):
    made = [record(company).pk for _ in range(5)]
    cursor = head_of_feed()
    assert [place_events(most=2), place_events(most=2), place_events(most=2), place_events(most=2)] == [2, 2, 1, 0]
    assert read_after(cursor) == made
