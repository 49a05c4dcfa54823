"""Meetups: agreed, moved, called off, logged; each second click changes nothing."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import psycopg
import pytest

from coachhub.network.service.changes import CHANGED
from coachhub.network.service.friends import Losses, erase_friend, friend_of, losses_of, share_friend, suggest
from coachhub.network.service.meetups import (
    LogEntry,
    MeetupStatus,
    agree_meetup,
    cancel_meetup,
    edit_log,
    list_meetups,
    log_meetup,
    meetup_of,
    move_meetup,
    note_meetup,
)
from coachhub.network.service.owner import Owner
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import Refused
from tests.cast import Cast
from tests.conftest import NOW
from tests.network.conftest import Acting

THURSDAY = datetime(2026, 3, 12, 12, 30, tzinfo=UTC)


@pytest.fixture
def lunch(acting: Acting, cast: Cast) -> UUID:
    """A meetup of Ben's with Dan, agreed for Thursday."""
    with acting() as ben:
        return agree_meetup(ben, cast.dan_id, THURSDAY, 60, "The Bear")


def test_it_agrees_once_however_often_it_is_clicked(acting: Acting, cast: Cast, lunch: UUID) -> None:
    with acting() as ben:
        assert agree_meetup(ben, cast.dan_id, THURSDAY, 60, "The Bear") == lunch
        assert [meetup.id for meetup in list_meetups(ben).ahead] == [lunch]


def test_it_refuses_to_agree_on_the_past(acting: Acting, cast: Cast) -> None:
    with acting() as ben, pytest.raises(Refused, match="already passed"):
        agree_meetup(ben, cast.dan_id, NOW - timedelta(hours=1))


def test_it_keeps_the_history_of_any_number_of_moves(acting: Acting, lunch: UUID) -> None:
    for week in range(1, 13):
        with acting() as ben:
            move_meetup(ben, lunch, THURSDAY + timedelta(weeks=week), f"Place {week}")
    with acting() as ben:
        page = meetup_of(ben, lunch)
    assert [move.sequence for move in page.moves] == list(range(1, 13))
    assert all(later.from_starts_at == earlier.to_starts_at for earlier, later in pairwise(page.moves))
    assert (page.moves[0].from_place, page.meetup.place) == ("The Bear", "Place 12")
    assert page.meetup.starts_at == THURSDAY + timedelta(weeks=12)


def test_it_writes_no_move_where_nothing_changes(acting: Acting, lunch: UUID) -> None:
    with acting() as ben:
        move_meetup(ben, lunch, THURSDAY, " The Bear ")
        assert meetup_of(ben, lunch).moves == ()


def test_it_refuses_a_move_into_the_past(acting: Acting, lunch: UUID) -> None:
    with acting() as ben, pytest.raises(Refused, match="write down how it was"):
        move_meetup(ben, lunch, NOW - timedelta(days=1), "The Bear")


def test_it_calls_off_once_and_then_moves_no_more(acting: Acting, lunch: UUID) -> None:
    with acting() as ben:
        cancel_meetup(ben, lunch)
        cancel_meetup(ben, lunch)
        assert meetup_of(ben, lunch).meetup.status is MeetupStatus.CANCELLED
        with pytest.raises(Refused, match="called off"):
            move_meetup(ben, lunch, THURSDAY + timedelta(days=7), "")


def test_it_logs_once_and_wakes_the_friendship(acting: Acting, cast: Cast, lunch: UUID, clock: FixedClock) -> None:
    clock.instant = THURSDAY + timedelta(days=1)
    with acting() as ben:
        log_meetup(ben, lunch, LogEntry(THURSDAY, 45, 3, learned="Dan moves to Leeds"))
        log_meetup(ben, lunch, LogEntry(THURSDAY, 45, 1, learned="a second click"))
        page, dan = meetup_of(ben, lunch), friend_of(ben, cast.dan_id)
        meetups = list_meetups(ben)
    assert page.log is not None
    assert (page.log.learned, page.log.feeling, page.meetup.status) == ("Dan moves to Leeds", 3, MeetupStatus.HELD)
    assert dan.last_contact_on == date(2026, 3, 12)
    assert (meetups.minutes_this_year, meetups.held_this_year) == (45, 1)


def test_it_refuses_to_log_what_is_ahead(acting: Acting, lunch: UUID) -> None:
    with acting() as ben, pytest.raises(Refused, match="still ahead"):
        log_meetup(ben, lunch, LogEntry(THURSDAY, 60, 3))


def test_it_moves_a_meetup_to_the_day_on_which_it_was_held(acting: Acting, lunch: UUID, clock: FixedClock) -> None:
    clock.instant = THURSDAY + timedelta(days=5)
    held_at = THURSDAY + timedelta(days=2)
    with acting() as ben:
        log_meetup(ben, lunch, LogEntry(held_at, 60, 2))
        page = meetup_of(ben, lunch)
    assert [(move.from_starts_at, move.to_starts_at) for move in page.moves] == [(THURSDAY, held_at)]
    assert page.meetup.starts_at == held_at


def test_it_corrects_the_last_contact_with_the_log(acting: Acting, cast: Cast, lunch: UUID, clock: FixedClock) -> None:
    clock.instant = THURSDAY + timedelta(days=5)
    with acting() as ben:
        log_meetup(ben, lunch, LogEntry(THURSDAY, 60, 2))
        edit_log(ben, lunch, LogEntry(THURSDAY - timedelta(days=1), 50, 3, follow_up="Send the book"))
        page, dan = meetup_of(ben, lunch), friend_of(ben, cast.dan_id)
    assert page.log is not None
    assert (page.log.minutes, page.log.follow_up, dan.last_contact_on) == (50, "Send the book", date(2026, 3, 11))


def test_it_notes_a_meetup_nobody_had_planned(acting: Acting, cast: Cast) -> None:
    entry = LogEntry(NOW - timedelta(days=1), 30, 3)
    with acting() as ben:
        noted = note_meetup(ben, cast.dan_id, entry, "On the train")
        assert note_meetup(ben, cast.dan_id, entry) == noted
        assert [(meetup.id, meetup.place) for meetup in list_meetups(ben).past] == [(noted, "On the train")]


def test_it_asks_how_it_was_once_the_time_has_come(acting: Acting, lunch: UUID, clock: FixedClock) -> None:
    clock.instant = THURSDAY
    with acting() as ben:
        meetups = list_meetups(ben)
    assert ([meetup.id for meetup in meetups.to_log], meetups.ahead) == ([lunch], ())


def test_it_counts_the_year_in_the_clients_zone(acting: Acting, cast: Cast, clock: FixedClock) -> None:
    with acting() as ben:
        note_meetup(ben, cast.dan_id, LogEntry(datetime(2025, 12, 31, 23, 30, tzinfo=UTC), 60, 2))
        assert list_meetups(ben).minutes_this_year == 0
        elsewhere = Owner(ben.client_id, ben.user_id, type(ben.zone)("Pacific/Kiritimati"))
        assert list_meetups(elsewhere).minutes_this_year == 60


def test_it_shares_meetups_as_their_friend_is_shared(acting: Acting, cast: Cast, lunch: UUID) -> None:
    with acting() as ben:
        share_friend(ben, cast.dan_id)
        assert meetup_of(ben, lunch).meetup.shared
        again = agree_meetup(ben, cast.dan_id, THURSDAY + timedelta(days=30))
        assert meetup_of(ben, again).meetup.shared


def test_it_does_not_suggest_whom_one_meets_anyway(acting: Acting, lunch: UUID) -> None:
    with acting() as ben:
        assert suggest(ben, ben.today()) == []


def test_it_erases_meetups_moves_and_logs_with_the_friend(
    acting: Acting, cast: Cast, lunch: UUID, clock: FixedClock, admin: psycopg.Connection
) -> None:
    clock.instant = THURSDAY + timedelta(days=2)
    with acting() as ben:
        log_meetup(ben, lunch, LogEntry(THURSDAY + timedelta(hours=1), 60, 2))
        assert losses_of(ben, cast.dan_id) == Losses(messages=0, meetups=1, logs=1)
        erase_friend(ben, cast.dan_id)
    for table in ("friends", "meetups", "meetup_moves", "logs"):
        assert admin.execute(f"select count(*) from {table}").fetchone() == (0,)


def test_it_tells_those_above_which_months_are_touched(
    acting: Acting, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[frozenset[datetime]] = []
    monkeypatch.setattr(CHANGED, "_listeners", [])
    CHANGED.reach(lambda _owner, instants: heard.append(instants))
    with acting() as ben:
        meetup_id = agree_meetup(ben, cast.dan_id, THURSDAY)
        move_meetup(ben, meetup_id, THURSDAY + timedelta(days=30), "")
    assert heard == [frozenset({NOW, THURSDAY}), frozenset({NOW, THURSDAY, THURSDAY + timedelta(days=30)})]


def test_it_leaves_months_that_are_over_alone_when_a_friend_is_erased(
    acting: Acting, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[frozenset[datetime]] = []
    with acting() as ben:
        note_meetup(ben, cast.dan_id, LogEntry(NOW - timedelta(days=40), 60, 3))
        note_meetup(ben, cast.dan_id, LogEntry(NOW - timedelta(days=1), 60, 3))
    monkeypatch.setattr(CHANGED, "_listeners", [lambda _owner, instants: heard.append(instants)])
    with acting() as ben:
        erase_friend(ben, cast.dan_id)
    assert heard == [frozenset({NOW - timedelta(days=1)})]
