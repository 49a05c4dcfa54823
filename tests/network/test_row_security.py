"""Plain SQL as the web role: what belongs to Ben, the database shows to nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from coachhub.network.service.contacts import How, note_contact
from coachhub.network.service.drafts import Channel, Tone, keep_draft, mark_sent
from coachhub.network.service.friends import FriendEntry, add_friend
from coachhub.network.service.meetups import LogEntry, agree_meetup, log_meetup, move_meetup
from coachhub.network.service.sharing import share_all, share_friend
from coachhub.platform import embedded
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import Person, a_client
from tests.network.conftest import Acting

TABLES = (
    *("friends", "contacts", "invitations", "meetups", "meetup_moves", "logs", "plans", "choices"),
    *("free_hours", "imports", "import_rows"),
)
WITH_A_FRIEND = {"friends": 1, "contacts": 1, "meetups": 1, "meetup_moves": 1}


@contextmanager
def as_web(addresses: embedded.Addresses, practice_id: UUID, user_id: UUID) -> Iterator[psycopg.Connection]:
    """A plain connection of the web role, bound to a practice and a person until it is rolled back."""
    with psycopg.connect(addresses.database_url) as connection:
        connection.execute(
            "select set_config('app.practice_id', %s, true), set_config('app.user_id', %s, true)",
            (str(practice_id), str(user_id)),
        )
        yield connection
        connection.rollback()


def count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(SQL("select count(*) from {}").format(Identifier(table))).fetchone()
    assert row is not None
    return int(row[0])


def seen(addresses: embedded.Addresses, person: Person) -> dict[str, int]:
    with as_web(addresses, person.practice_id, person.user_id) as connection:
        return {table: count(connection, table) for table in TABLES}


@pytest.fixture
def history(acting: Acting, cast: Cast, clock: FixedClock, admin: psycopg.Connection) -> UUID:
    """One row of Ben's in each table; returns the meetup's id."""
    with acting() as ben:
        mark_sent(ben, keep_draft(ben, cast.dan_id, Tone.WARM, "Hi", "Between us"), Channel.COPY)
        meetup_id = agree_meetup(ben, cast.dan_id, NOW + timedelta(days=1))
        move_meetup(ben, meetup_id, NOW + timedelta(days=2), "The Bear")
    clock.instant = NOW + timedelta(days=3)
    with acting() as ben:
        log_meetup(ben, meetup_id, LogEntry(NOW + timedelta(days=2), 60, 3, learned="Between us"))
    _plan_and_choice(admin, cast)
    _hours_and_import(admin, cast)
    return meetup_id


def _plan_and_choice(admin: psycopg.Connection, cast: Cast) -> None:
    names = {"practice": cast.ben.practice_id, "client": cast.ben.client_id, "ben": cast.ben.user_id}
    names |= {"dan": cast.dan_id, "habit": uuid4(), "assignment": uuid4(), "now": NOW}
    for statement in (
        "insert into habits (practice_id, id, name, steps, created_at)"
        " values (%(practice)s, %(habit)s, 'One hour', array['a', 'b', 'c', 'd', 'e'], %(now)s)",
        "insert into assignments (practice_id, id, client_id, habit_id, from_month, target, minutes, created_at)"
        " values (%(practice)s, %(assignment)s, %(client)s, %(habit)s, '2026-03-01', 1, 60, %(now)s)",
        "insert into plans (practice_id, client_id, user_id, assignment_id, month, at, doing, created_at)"
        " values (%(practice)s, %(client)s, %(ben)s, %(assignment)s, '2026-03-01', %(now)s, 'write', %(now)s)",
        "insert into choices (practice_id, client_id, user_id, assignment_id, month, friend_id, chosen_at)"
        " values (%(practice)s, %(client)s, %(ben)s, %(assignment)s, '2026-03-01', %(dan)s, %(now)s)",
    ):
        admin.execute(statement, names)


def _hours_and_import(admin: psycopg.Connection, cast: Cast) -> None:
    names = {"practice": cast.ben.practice_id, "client": cast.ben.client_id, "ben": cast.ben.user_id, "id": uuid4()}
    for statement in (
        "insert into free_hours (practice_id, client_id, user_id, weekday, at)"
        " values (%(practice)s, %(client)s, %(ben)s, 3, '12:30')",
        "insert into imports (practice_id, id, client_id, user_id, file_name, created_at)"
        " values (%(practice)s, %(id)s, %(client)s, %(ben)s, 'Connections.csv', now())",
        "insert into import_rows (practice_id, import_id, user_id, line, name)"
        " values (%(practice)s, %(id)s, %(ben)s, 1, 'Eve')",
    ):
        admin.execute(statement, names)


@pytest.mark.usefixtures("history")
def test_it_shows_a_client_their_own_rows(cast: Cast, addresses: embedded.Addresses) -> None:
    assert seen(addresses, cast.ben) == dict.fromkeys(TABLES, 1)


@pytest.mark.usefixtures("history")
def test_it_shows_the_coach_nothing_that_is_not_shared(cast: Cast, addresses: embedded.Addresses) -> None:
    assert seen(addresses, cast.ana) == dict.fromkeys(TABLES, 0)


@pytest.mark.usefixtures("history")
def test_it_shows_a_fellow_client_nothing_though_all_is_shared(
    acting: Acting, cast: Cast, addresses: embedded.Addresses
) -> None:
    with acting() as ben:
        share_all(ben, True)
    fellow = a_client(cast.app, cast.ana, "Nell Nyström", "nell@example.com")
    assert seen(addresses, cast.ana)["friends"] == 1
    assert seen(addresses, fellow) == dict.fromkeys(TABLES, 0)


@pytest.mark.usefixtures("history")
def test_it_shows_the_coach_a_shared_friend_but_neither_messages_nor_logs(
    acting: Acting, cast: Cast, addresses: embedded.Addresses
) -> None:
    with acting() as ben:
        share_friend(ben, cast.dan_id)
    assert seen(addresses, cast.ana) == dict.fromkeys(TABLES, 0) | WITH_A_FRIEND
    with acting() as ben:
        share_friend(ben, cast.dan_id, flag=False)
    assert seen(addresses, cast.ana) == dict.fromkeys(TABLES, 0)


@pytest.mark.usefixtures("history")
def test_it_never_shares_messages_even_with_the_switch_for_all(
    acting: Acting, cast: Cast, addresses: embedded.Addresses
) -> None:
    with acting() as ben:
        share_all(ben, True)
    assert seen(addresses, cast.ana) == dict.fromkeys(TABLES, 0) | WITH_A_FRIEND | {"logs": 1}


@pytest.mark.usefixtures("history")
def test_it_shows_another_practice_nothing_at_all(acting: Acting, cast: Cast, addresses: embedded.Addresses) -> None:
    with acting() as ben:
        share_all(ben, True)
    assert seen(addresses, cast.cleo) == dict.fromkeys(TABLES, 0)
    ben_elsewhere = Person(cast.ben.user_id, cast.cleo.practice_id, cast.ben.email)
    assert seen(addresses, ben_elsewhere) == dict.fromkeys(TABLES, 0)


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("table", TABLES)
def test_it_lets_the_coach_change_and_delete_nothing_of_a_clients(
    acting: Acting, cast: Cast, addresses: embedded.Addresses, table: str
) -> None:
    with acting() as ben:
        share_all(ben, True)
    name = Identifier(table)
    with as_web(addresses, cast.ana.practice_id, cast.ana.user_id) as connection:
        assert connection.execute(SQL("update {} set shared = true").format(name)).rowcount == 0
        assert connection.execute(SQL("delete from {}").format(name)).rowcount == 0


def test_it_shows_the_coach_a_new_contact_with_a_shared_friend_alone(
    acting: Acting, cast: Cast, addresses: embedded.Addresses
) -> None:
    with acting() as ben:
        share_friend(ben, cast.dan_id)
        note_contact(ben, cast.dan_id, NOW.date(), How.CALL, "New job")
        note_contact(ben, add_friend(ben, FriendEntry("Eve")), NOW.date(), How.CALL, "Between us")
    assert seen(addresses, cast.ana)["contacts"] == 2  # the new one, and what Ben remembered of Dan
    assert seen(addresses, cast.cleo)["contacts"] == 0


def test_it_gives_a_contact_of_another_client_to_nobody(
    acting: Acting, cast: Cast, addresses: embedded.Addresses
) -> None:
    finn = a_client(cast.app, cast.ana, "Finn", "finn@example.com")
    with acting() as ben:
        note_contact(ben, cast.dan_id, NOW.date(), How.CALL)
    assert seen(addresses, finn)["contacts"] == 0


INSERT = (
    "insert into friends (practice_id, client_id, user_id, shared, name, created_at)"
    " values (%s, %s, %s, true, 'Planted', now())"
)


def test_it_lets_the_coach_plant_nothing_in_a_clients_network(cast: Cast, addresses: embedded.Addresses) -> None:
    ben = cast.ben
    with (
        as_web(addresses, ben.practice_id, cast.ana.user_id) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(INSERT, (ben.practice_id, ben.client_id, ben.user_id))


def test_it_lets_nobody_hang_a_row_on_another_person(cast: Cast, addresses: embedded.Addresses) -> None:
    ben, ana = cast.ben, cast.ana
    with (
        as_web(addresses, ben.practice_id, ana.user_id) as connection,
        pytest.raises(psycopg.errors.ForeignKeyViolation),
    ):
        connection.execute(INSERT, (ben.practice_id, ben.client_id, ana.user_id))


def test_it_lets_another_practice_insert_nothing_of_ours(cast: Cast, addresses: embedded.Addresses) -> None:
    ben, cleo = cast.ben, cast.cleo
    with (
        as_web(addresses, cleo.practice_id, ben.user_id) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(INSERT, (ben.practice_id, ben.client_id, ben.user_id))


def test_it_shows_nothing_before_a_practice_is_set(cast: Cast, addresses: embedded.Addresses) -> None:
    with psycopg.connect(addresses.database_url) as connection:
        assert {table: count(connection, table) for table in TABLES} == dict.fromkeys(TABLES, 0)
