"""Changes of a practice's lists are counted as they are made: none is hidden behind another, and nobody waits."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from threading import Event
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from coachhub.platform import embedded
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import Person, a_client
from tests.habits.facts import MARCH, give_habit

Writer = Callable[[], psycopg.Connection]
Stamp = Callable[[], str | None]

_RENAME = "update standings set name = name || 'x' where client_id = %s"
_KEEP = "insert into saved_filters (practice_id, user_id, name, query, created_at) values (%s, %s, %s, '', now())"
_BOTH = (
    "select lookup.clients_stamp(%s, %s), (select string_agg(f.name, ',' order by f.name) from saved_filters f "
    "where f.practice_id = %s)"
)
WRITERS, TURNS = 4, 20


@pytest.fixture
def emil(cast: Cast, admin: psycopg.Connection) -> Person:
    """Another client of Ana's; and every standing is good for a while."""
    person = a_client(cast.app, cast.ana, "Emil Zola", "emil@example.com")
    give_habit(cast, MARCH)
    admin.execute(_KEEP, [cast.ana.practice_id, cast.ana.user_id, "Mine"])
    admin.execute("update standings set fresh_until = 'infinity'")
    return person


@pytest.fixture
def stamp(cast: Cast, emil: Person, admin: psycopg.Connection, clock: FixedClock) -> Stamp:
    """What the version of Ana's lists is now."""

    def ask() -> str | None:
        asked = [cast.ana.practice_id, clock.now()]
        return admin.execute("select lookup.clients_stamp(%s, %s)", asked).fetchone()[0]  # type: ignore[index]

    return ask


@pytest.fixture
def writer(addresses: embedded.Addresses) -> Iterator[Writer]:
    """A transaction of its own, as often as it is asked for; it fails where it would have to wait."""
    with ExitStack() as opened:

        def another() -> psycopg.Connection:
            connection = opened.enter_context(psycopg.connect(addresses.admin_url, options="-c lock_timeout=1s"))
            opened.callback(connection.rollback)
            return connection

        yield another


def _rows(admin: psycopg.Connection, person: Person) -> int:
    asked = "select count(*) from list_changes where practice_id = %s"
    return int(admin.execute(asked, [person.practice_id]).fetchone()[0])  # type: ignore[index]  # (it has a row)


def test_it_hides_no_change_that_began_earlier_and_ends_later(
    cast: Cast, emil: Person, stamp: Stamp, writer: Writer
) -> None:
    early, late, seen = writer(), writer(), [stamp()]
    early.execute(_RENAME, [cast.ben.client_id])
    seen.append(stamp())
    late.execute(_RENAME, [emil.client_id])  # waits for nobody, though it is of the same practice
    late.commit()
    seen.append(stamp())
    early.commit()
    seen.append(stamp())
    assert seen[0] == seen[1]
    assert len(set(seen)) == 3
    assert [int(each or 0) for each in seen] == sorted(int(each or 0) for each in seen)


def test_it_lets_writers_of_two_practices_cross(cast: Cast, stamp: Stamp, writer: Writer) -> None:
    one, other, seen = writer(), writer(), [stamp()]
    for connection, person in ((one, cast.ana), (other, cast.cleo), (one, cast.cleo), (other, cast.ana)):
        name = "one" if connection is one else "other"
        connection.execute(_KEEP, [person.practice_id, person.user_id, name])
    for connection in (one, other):
        connection.commit()
        seen.append(stamp())
    assert len(set(seen)) == 3


def test_it_has_no_two_lists_under_one_version(
    cast: Cast, admin: psycopg.Connection, emil: Person, writer: Writer, clock: FixedClock
) -> None:
    writers, done = [writer() for _ in range(WRITERS)], Event()

    def write(number: int) -> None:
        for turn in range(TURNS):
            for person in (cast.ana, cast.cleo) if number % 2 else (cast.cleo, cast.ana):
                writers[number].execute(_KEEP, [person.practice_id, person.user_id, f"{number} {turn}"])
            writers[number].commit()

    def read() -> set[Any]:
        return set(admin.execute(_BOTH, [cast.ana.practice_id, clock.now(), cast.ana.practice_id]))

    def read_on() -> set[Any]:
        return set().union(*iter(lambda: None if done.is_set() else read(), None))

    before = read()
    with ThreadPoolExecutor(WRITERS + 1) as threads:
        reading = threads.submit(read_on)
        try:
            deque(threads.map(write, range(WRITERS)), maxlen=0)
        finally:
            done.set()
        seen = before | reading.result() | read()
    assert len({version for version, _ in seen}) == len({content for _, content in seen}) == len(seen) > 1


def test_it_forgets_what_was_taken_back(emil: Person, stamp: Stamp, writer: Writer) -> None:
    connection, before = writer(), stamp()
    connection.execute(_RENAME, [emil.client_id])
    connection.rollback()
    assert stamp() == before
    connection.execute("savepoint tried")
    connection.execute(_RENAME, [emil.client_id])
    connection.execute("rollback to tried")
    connection.execute(_RENAME, [emil.client_id])
    connection.commit()
    assert stamp() != before


def test_it_counts_in_as_many_rows_as_there_are_writers_at_a_time(
    cast: Cast, admin: psycopg.Connection, emil: Person, writer: Writer
) -> None:
    before = _rows(admin, cast.ana)
    for _ in range(5):
        connection = writer()
        for client in (emil, cast.ben):
            connection.execute(_RENAME, [client.client_id])
        connection.commit()
    assert _rows(admin, cast.ana) == before
    together = [writer() for _ in range(before + 2)]
    for number, connection in enumerate(together):
        connection.execute(_KEEP, [cast.ana.practice_id, cast.ana.user_id, f"Number {number}"])
    for connection in together:
        connection.commit()
    assert _rows(admin, cast.ana) == before + 2


CHANGES: dict[str, LiteralString] = {
    "a standing": "update standings set strength = 3 where name = (select max(name) from standings)",
    "a client less": "delete from clients where name = 'Emil Zola'",
    "a client more": "insert into clients (practice_id, coach_id, name, email, time_zone, status, created_at) "
    "select practice_id, coach_id, 'Zoe', 'zoe@example.com', 'UTC', 'invited', now() from clients limit 1",
    "a filter more": "insert into saved_filters (practice_id, user_id, name, query, created_at) "
    "select practice_id, user_id, 'Another', '', now() from saved_filters",
    "a filter": "update saved_filters set name = 'Ours'",
    "a filter less": "delete from saved_filters",
    "a role": "update memberships set role = 'coach' where role = 'owner'",
    "a habit": "update habits set retired_at = now()",
    "a coach's name": "update users set name = 'Anna Alvarez' where name = 'Ana Alvarez'",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.usefixtures("emil")
def test_it_counts_whatever_a_list_is_made_of(admin: psycopg.Connection, stamp: Stamp, change: LiteralString) -> None:
    before = stamp()
    admin.execute(change)
    admin.execute("update standings set fresh_until = 'infinity' where fresh_until = 'epoch'")
    assert None not in (before, stamp())
    assert stamp() != before


def test_it_watches_every_table_that_the_list_reads(admin: psycopg.Connection) -> None:
    read = "clients_in_lines", "named_lines", "standings_tallied", "standings_counted"
    texts = admin.execute("select prosrc from pg_proc where proname = any (%s)", [list(read)]).fetchall()
    named = {name for (text,) in texts for name in re.findall(r"\b(?:from|join) (\w+)", text)}
    tables = {name for (name,) in admin.execute("select tablename from pg_tables where schemaname = 'public'")}
    watched = "select tgrelid::regclass::text from pg_trigger where tgname like 'list_changes_%'"
    assert len(texts) == len(read)
    assert named & tables == {name for (name,) in admin.execute(watched)}


@pytest.mark.usefixtures("emil")
def test_it_says_nothing_once_time_alone_has_made_a_standing_old(
    admin: psycopg.Connection, stamp: Stamp, clock: FixedClock
) -> None:
    soon = clock.now() + timedelta(minutes=5)
    admin.execute("update standings set fresh_until = %s where name = (select max(name) from standings)", [soon])
    assert stamp() is not None
    clock.advance(timedelta(minutes=5))
    assert stamp() is None


def test_it_counts_nothing_of_another_practice(cast: Cast, admin: psycopg.Connection, stamp: Stamp) -> None:
    before = stamp()
    admin.execute(_KEEP, [cast.cleo.practice_id, cast.cleo.user_id, "Theirs"])
    assert stamp() == before


def test_it_counts_nothing_where_a_client_renames_themselves(admin: psycopg.Connection, stamp: Stamp) -> None:
    before = stamp()
    admin.execute("update users set locale = 'de_DE' where name = 'Ben Berger'")
    assert stamp() == before


@pytest.mark.parametrize("statement", ["select from list_changes", "update list_changes set changes = 0"])
def test_it_lets_nobody_count_by_hand(addresses: embedded.Addresses, statement: LiteralString) -> None:
    for address in (addresses.database_url, addresses.worker_url):
        with psycopg.connect(address) as connection, pytest.raises(InsufficientPrivilege):
            connection.execute(statement)
