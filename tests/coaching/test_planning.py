"""Planning a coaching session, changing it, calling it off: each once, and never what is past."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from uuid import UUID, uuid4

import psycopg
import pytest

from coachhub.clients.models import Client
from coachhub.coaching.models import CoachingSessionStatus
from coachhub.coaching.rules import day_before, hour_before
from coachhub.coaching.service.planning import cancel_session, change_session, note_held, plan_session
from coachhub.coaching.service.reading import (
    CoachingSessionRow,
    coaching_session_of,
    coaching_sessions_of,
    sessions_between,
)
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.coaching.planned import IN_A_WEEK, an_entry, planned
from tests.conftest import NOW
from tests.factories import a_client
from tests.fakes import KeptQueue
from tests.reminders.rows import change


@contextmanager
def _as_ana(cast: Cast) -> Iterator[UUID]:
    assert cast.ben.client_id is not None
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        yield cast.ben.client_id


def _read(cast: Cast, planned_id: UUID) -> CoachingSessionRow:
    with _as_ana(cast) as ben:
        return coaching_session_of(ben, planned_id)


def test_it_plans_a_session_and_rings_for_the_mail(cast: Cast, queue: KeptQueue) -> None:
    found = _read(cast, planned(cast))
    assert (found.starts_at, found.minutes, found.coach_name) == (IN_A_WEEK, 60, "Ana Alvarez")
    assert (found.status, found.sequence) == (CoachingSessionStatus.SCHEDULED, 0)
    assert [ring.job for ring in queue.rings] == ["workers.jobs.deliver_asked_for"]


def test_it_has_reminders_look_at_both_instants(cast: Cast, admin: psycopg.Connection) -> None:
    planned(cast)
    looks = admin.execute("select at from wakes where not is_urgent order by at").fetchall()
    assert [at for (at,) in looks] == [day_before(IN_A_WEEK), hour_before(IN_A_WEEK)]


def test_it_plans_one_session_for_two_clicks(cast: Cast) -> None:
    assert planned(cast) == planned(cast, agenda="typed again")


def test_it_plans_one_session_for_two_clicks_at_once(cast: Cast, admin: psycopg.Connection) -> None:
    threads = [Thread(target=planned, args=(cast,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert admin.execute("select count(*) from coaching_sessions").fetchone() == (1,)


def test_it_moves_a_session_and_remembers_from_when(cast: Cast, clock: FixedClock) -> None:
    planned_id = planned(cast)
    later = IN_A_WEEK + timedelta(hours=3)
    for _ in range(2):
        clock.advance(timedelta(minutes=1))
        with _as_ana(cast) as ben:
            change_session(ben, planned_id, an_entry(cast, later))
    found = _read(cast, planned_id)
    assert (found.starts_at, found.moved_from, found.sequence) == (later, IN_A_WEEK, 1)


def test_it_makes_the_file_newer_for_the_agenda_but_tells_of_it_only_in_the_reminder(
    cast: Cast, admin: psycopg.Connection
) -> None:
    planned_id = planned(cast)
    with _as_ana(cast) as ben:
        change_session(ben, planned_id, an_entry(cast, agenda="Something else"))
    numbers = admin.execute("select sequence, news_sequence, changed_at, news_at from coaching_sessions").fetchone()
    assert numbers == (1, 0, NOW, NOW)


@pytest.mark.parametrize("more", [{"place": "At the office"}, {"minutes": 30}])
def test_it_tells_of_another_place_or_length(
    cast: Cast, clock: FixedClock, admin: psycopg.Connection, more: dict[str, object]
) -> None:
    planned_id = planned(cast)
    clock.advance(timedelta(hours=1))
    with _as_ana(cast) as ben:
        change_session(ben, planned_id, an_entry(cast, **more))
    numbers = admin.execute("select news_sequence, changed_at, news_at from coaching_sessions").fetchone()
    assert numbers == (1, NOW, clock.now())


def test_it_cancels_once(cast: Cast) -> None:
    planned_id = planned(cast)
    for _ in range(2):
        with _as_ana(cast) as ben:
            cancel_session(ben, planned_id)
    found = _read(cast, planned_id)
    assert (found.status, found.sequence, found.cancelled_at) == (CoachingSessionStatus.CANCELLED, 1, NOW)


def test_it_notes_that_it_took_place_once_it_has_begun(cast: Cast, clock: FixedClock) -> None:
    planned_id = planned(cast)
    with _as_ana(cast) as ben, pytest.raises(Refused):
        note_held(ben, planned_id)
    clock.instant = IN_A_WEEK
    for _ in range(2):
        with _as_ana(cast) as ben:
            note_held(ben, planned_id)
    assert _read(cast, planned_id).status is CoachingSessionStatus.HELD


def test_it_leaves_alone_what_has_ended(cast: Cast, clock: FixedClock) -> None:
    held, off = planned(cast), planned(cast, IN_A_WEEK + timedelta(days=1))
    with _as_ana(cast) as ben:
        cancel_session(ben, off)
    clock.instant = IN_A_WEEK
    with _as_ana(cast) as ben:
        note_held(ben, held)
        for act in (lambda: cancel_session(ben, held), lambda: note_held(ben, off)):
            with pytest.raises(Refused):
                act()
        for ended in (held, off):
            with pytest.raises(Refused):
                change_session(ben, ended, an_entry(cast, IN_A_WEEK + timedelta(days=2)))


def test_it_plans_nothing_in_the_past_or_for_the_archive(cast: Cast) -> None:
    with pytest.raises(Refused):
        planned(cast, NOW)
    assert cast.ben.client_id is not None
    change(cast.app, cast.ana, Client, cast.ben.client_id, status="archived")
    with pytest.raises(Refused):
        planned(cast)


def test_it_takes_no_client_for_a_coach(cast: Cast) -> None:
    planned_id = planned(cast)
    entry = replace(an_entry(cast), coach_id=cast.ben.user_id)
    with _as_ana(cast) as ben:
        for act in (lambda: plan_session(ben, entry), lambda: change_session(ben, planned_id, entry)):
            with pytest.raises(Refused):
                act()


def test_it_finds_no_session_under_another_client(cast: Cast) -> None:
    zoe = a_client(cast.app, cast.ana, "Zoe Ziegler", "zoe@example.com")
    planned_id = planned(cast)
    with _as_ana(cast):
        assert zoe.client_id is not None
        for act in (coaching_session_of, cancel_session, note_held):
            with pytest.raises(NotFound):
                act(zoe.client_id, planned_id)
        with pytest.raises(NotFound):
            change_session(zoe.client_id, planned_id, an_entry(cast))
        with pytest.raises(NotFound):
            plan_session(uuid4(), an_entry(cast))


def test_it_keeps_practices_apart(cast: Cast) -> None:
    planned_id = planned(cast)
    assert cast.ben.client_id is not None
    with cast.app.app_context(), as_practice(cast.cleo.practice_id, cast.cleo.user_id):
        assert sessions_between(None, NOW, IN_A_WEEK + timedelta(days=1)) == ()
        with pytest.raises(NotFound):
            coaching_session_of(cast.ben.client_id, planned_id)


def test_it_lists_those_ahead_soonest_first_and_the_past_newest_first(cast: Cast) -> None:
    days = [planned(cast, IN_A_WEEK + timedelta(days=n)) for n in (2, 0, 1, 3)]
    with _as_ana(cast) as ben:
        for off in (days[1], days[3]):
            cancel_session(ben, off)
        found = coaching_sessions_of(ben)
    assert [each.id for each in found.open] == [days[2], days[0]]
    assert [each.id for each in found.past] == [days[3], days[1]]


def test_it_lists_a_coachs_sessions_from_one_instant_until_before_another(cast: Cast) -> None:
    ids = [planned(cast, IN_A_WEEK + timedelta(days=n)) for n in range(4)]
    with _as_ana(cast) as ben:
        cancel_session(ben, ids[1])
        found = sessions_between(cast.ana.user_id, IN_A_WEEK, IN_A_WEEK + timedelta(days=3))
        assert sessions_between(cast.ben.user_id, NOW, IN_A_WEEK + timedelta(days=9)) == ()
    assert [each.id for each in found] == [ids[0], ids[2]]
