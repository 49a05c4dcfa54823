"""Erasing a friend everywhere: no table holds a trace, and months that are over keep what was done in them."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask
from psycopg.sql import SQL, Identifier

from coachhub.habits.service.cycles import refresh_cycles
from coachhub.network.service.contacts import How, note_contact
from coachhub.network.service.drafts import Channel, Tone, keep_draft, mark_sent
from coachhub.network.service.erasing import Losses, erase_friend, losses_of, take_back
from coachhub.network.service.friends import FriendEntry, add_friend, edit_friend, list_friends
from coachhub.network.service.meetups import LogEntry, agree_meetup, edit_log, log_meetup, move_meetup, note_meetup
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import NotFound
from tests.cast import Cast
from tests.conftest import NOW
from tests.habits.facts import MARCH, give_habit, utc
from tests.network.conftest import Acting
from tests.reminders.rows import Office


@pytest.fixture
def office(worker_app: Flask, admin: psycopg.Connection) -> Office:
    """The worker's side of the test."""
    return Office(worker_app, admin)


DAN = FriendEntry(
    "Zebulon Quick",
    company="Acme",
    email="zebulon@example.net",
    phone="+447700900123",
    profile="linkedin.com/in/zebulon",
    title="Head of Zebulonics",
    notes="Zebulon likes chess",
    last_contact_on=date(2025, 3, 1),
)
TRACES = ("zebulon", "7700900123", "quick")


def traces(admin: psycopg.Connection, tables: list[str]) -> list[str]:
    """The tables of which a row holds any word of the friend."""
    found = []
    for table in tables:
        rows = admin.execute(SQL("select t::text from {} t").format(Identifier(table))).fetchall()
        found += [table for (row,) in rows if any(trace in row.lower() for trace in TRACES)]
    return found


@pytest.fixture
def tables(admin: psycopg.Connection) -> list[str]:
    """Every table of the database."""
    rows = admin.execute("select tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')")
    return [name for (name,) in rows.fetchall()]


@pytest.fixture
def lived(acting: Acting, cast: Cast, clock: FixedClock, office: Office, admin: psycopg.Connection) -> UUID:
    """Dan is written about in every way there is, and a mail about a meetup with him is due; returns its id."""
    give_habit(cast, MARCH)
    with acting() as ben:
        edit_friend(ben, cast.dan_id, DAN)
        mark_sent(ben, keep_draft(ben, cast.dan_id, Tone.WARM, "Zebulon!", "Hello Zebulon"), Channel.COPY)
        keep_draft(ben, cast.dan_id, Tone.WARM, "Again, Zebulon", "Hello")
        note_contact(ben, cast.dan_id, NOW.date(), How.CALL, "Zebulon moves")
        meetup_id = agree_meetup(ben, cast.dan_id, NOW + timedelta(hours=1), place="Zebulon's")
        move_meetup(ben, meetup_id, NOW + timedelta(hours=2), "Zebulon's office")
        unlogged = agree_meetup(ben, cast.dan_id, NOW + timedelta(hours=5))
    clock.instant = NOW + timedelta(hours=4)
    with acting() as ben:
        log_meetup(ben, meetup_id, LogEntry(NOW + timedelta(hours=2), 60, 3, "Zebulon", follow_up="Call Zebulon"))
    _stage(admin, cast)
    clock.instant = NOW + timedelta(days=1)
    office.plan(cast.ben, clock.now())
    return unlogged


def _stage(admin: psycopg.Connection, cast: Cast) -> None:
    """A file with Dan in it, on its way in: matched, by his address alone, and on a line that was left out."""
    import_id = uuid4()
    own = (cast.ben.practice_id, import_id, cast.ben.user_id)
    admin.execute(
        "insert into imports (practice_id, id, user_id, client_id, file_name, state, created_at)"
        " values (%s, %s, %s, %s, 'Connections.csv', 'preview', now())",
        (*own, cast.ben.client_id),
    )
    for line, kind, friend_id, name, email in (
        (1, "like", cast.dan_id, "Zeb Quick", ""),
        (2, "new", None, "Z. Q.", "zebulon@example.net"),
        (3, "left", None, "Zebulon Quick,Acme,,", ""),
        (4, "new", None, "Eve", "eve@example.net"),
    ):
        admin.execute(
            "insert into import_rows (practice_id, import_id, user_id, line, kind, friend_id, name, email)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s)",
            (*own, line, kind, friend_id, name, email),
        )


@pytest.mark.usefixtures("lived")
def test_it_leaves_no_trace_in_any_table(
    acting: Acting, cast: Cast, admin: psycopg.Connection, tables: list[str]
) -> None:
    assert set(traces(admin, tables)) >= {
        "friends",
        "invitations",
        "meetups",
        "meetup_moves",
        "logs",
        "contacts",
        "import_rows",
    }
    with acting() as ben:
        assert losses_of(ben, cast.dan_id) == Losses(messages=2, meetups=2, logs=1, contacts=1)
        erase_friend(ben, cast.dan_id)
    assert traces(admin, tables) == []
    assert admin.execute("select name from import_rows").fetchall() == [("Eve",)]
    for table in ("friends", "contacts", "invitations", "meetups", "meetup_moves", "logs", "choices"):
        assert admin.execute(SQL("select count(*) from {}").format(Identifier(table))).fetchone() == (0,), table


@pytest.mark.usefixtures("lived")
def test_it_sends_no_mail_about_an_erased_friend(acting: Acting, cast: Cast, office: Office) -> None:
    assert office.states(cast.ben)["after_meetup"] == ("due", None)
    with acting() as ben:
        erase_friend(ben, cast.dan_id)
    office.deliver(cast.ben)
    assert office.states(cast.ben)["after_meetup"][0] == "dropped"


def months(admin: psycopg.Connection) -> list[tuple[int, int, bool]]:
    """Meetups held, minutes and whether something was agreed, month by month."""
    rows = admin.execute("select held, minutes, agreed_at is not null from cycles order by month")
    return rows.fetchall()


def test_it_keeps_what_was_done_in_months_that_are_over(
    acting: Acting, cast: Cast, clock: FixedClock, admin: psycopg.Connection
) -> None:
    give_habit(cast, MARCH)
    clock.instant = utc(3, 31)
    with acting() as ben:
        eve = add_friend(ben, FriendEntry("Eve"))
        note_meetup(ben, cast.dan_id, LogEntry(utc(3, 4), 60, 3))
        meetup_id = note_meetup(ben, eve, LogEntry(utc(3, 9), 30, 3))
    clock.instant = utc(4, 10)
    with acting() as ben:
        note_meetup(ben, cast.dan_id, LogEntry(utc(4, 9), 45, 3))
        erase_friend(ben, cast.dan_id)
    assert months(admin) == [(2, 90, True), (0, 0, True)]  # April runs: it counts anew
    with acting() as ben:
        refresh_cycles(ben, frozenset({utc(3, 15)}))
        edit_log(ben, meetup_id, LogEntry(utc(3, 9), 20, 3))  # what is corrected still follows the facts
    assert months(admin)[0] == (2, 80, True)
    with acting() as ben:
        erase_friend(ben, eve)
        refresh_cycles(ben, frozenset({utc(3, 15)}))
    assert months(admin)[0] == (2, 80, True)
    assert admin.execute("select last_held_at from cycles order by month").fetchall()[0] == (utc(3, 9),)


def test_it_erases_once_and_only_ones_own(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        erase_friend(ben, cast.dan_id)
        with pytest.raises(NotFound):
            erase_friend(ben, cast.dan_id)


def test_it_takes_back_somebody_just_added(acting: Acting, clock: FixedClock) -> None:
    with acting() as ben:
        eve = add_friend(ben, FriendEntry("Eve", last_contact_on=date(2025, 3, 1)))
        assert take_back(ben, eve)
        fay, gus = (add_friend(ben, FriendEntry(name)) for name in ("Fay", "Gus"))
        note_contact(ben, fay, NOW.date())
        assert not take_back(ben, fay)
    clock.advance(timedelta(hours=2))
    with acting() as ben:
        assert not take_back(ben, gus)
        assert {friend.first_name for friend in list_friends(ben)} == {"Dan", "Fay", "Gus"}
