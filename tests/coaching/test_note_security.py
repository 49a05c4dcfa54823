"""Plain SQL: the database itself shows a note by its level, and lets its author alone write it."""

from uuid import UUID

import psycopg
import pytest

from coachhub.platform import embedded
from tests.cast import Cast
from tests.coaching.noted import CLIENT, COACHES, ME, write
from tests.coaching.planned import planned
from tests.factories import Person, a_client, a_coach

TEXTS = {ME: "for Ana alone", COACHES: "for coaches", CLIENT: "for Ben, too"}
READ = "select text from session_notes"
CHANGE = "update session_notes set text = 'changed' where level = 'client'"


@pytest.fixture
def session_id(cast: Cast) -> UUID:
    """A session with Ben, of which Ana has written a note at each level."""
    session_id = planned(cast)
    for level, text in TEXTS.items():
        write(cast, session_id, text, level)
    return session_id


def _read(
    url: str, person: Person | None, practice_id: UUID, query: str = "select text from session_notes"
) -> set[str]:
    with psycopg.connect(url) as connection:
        connection.execute(
            "select set_config('app.practice_id', %s, true), set_config('app.user_id', %s, true)",
            (str(practice_id), str(person.user_id) if person else ""),
        )
        return {text for (text,) in connection.execute(query).fetchall()}


def _changed(addresses: embedded.Addresses, person: Person, statement: str = CHANGE) -> int:
    with psycopg.connect(addresses.database_url) as connection:
        connection.execute(
            "select set_config('app.practice_id', %s, true), set_config('app.user_id', %s, true)",
            (str(person.practice_id), str(person.user_id)),
        )
        return connection.execute(statement).rowcount


@pytest.mark.usefixtures("session_id")
def test_it_shows_each_level_to_whom_it_is_for(cast: Cast, addresses: embedded.Addresses) -> None:
    eve = a_coach(cast.app, cast.ana, "Eve Eriksen", "eve@example.com")
    fellow = a_client(cast.app, cast.ana, "Nell Nyström", "nell@example.com")
    readers = {cast.ana: set(TEXTS.values()), eve: {"for coaches", "for Ben, too"}}
    readers |= {cast.ben: {"for Ben, too"}, fellow: set(), cast.cleo: set()}
    for reader, texts in readers.items():
        assert _read(addresses.database_url, reader, cast.ana.practice_id) == texts, reader.email


@pytest.mark.usefixtures("session_id")
def test_it_shows_a_worker_nothing_but_what_the_client_reads(cast: Cast, addresses: embedded.Addresses) -> None:
    assert _read(addresses.worker_url, None, cast.ana.practice_id) == {"for Ben, too"}


@pytest.mark.usefixtures("session_id")
@pytest.mark.parametrize(
    "statement", [CHANGE, "delete from session_notes", "select text from session_note_versions"], ids=str.split
)
def test_it_lets_a_worker_write_no_note_and_read_no_history(
    cast: Cast, addresses: embedded.Addresses, statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _read(addresses.worker_url, None, cast.ana.practice_id, statement)


@pytest.mark.usefixtures("session_id")
def test_it_lets_the_author_alone_write(cast: Cast, addresses: embedded.Addresses) -> None:
    eve = a_coach(cast.app, cast.ana, "Eve Eriksen", "eve@example.com")
    assert [_changed(addresses, person) for person in (eve, cast.ben, cast.ana)] == [0, 0, 1]
    assert [_changed(addresses, person, "delete from session_notes") for person in (eve, cast.ben)] == [0, 0]


def test_it_lets_nobody_write_in_anothers_name(cast: Cast, addresses: embedded.Addresses, session_id: UUID) -> None:
    add = (
        "insert into session_notes (practice_id, session_id, client_id, author_id, level, text, version, created_at, "
        f"changed_at) select practice_id, id, client_id, '{cast.ana.user_id}', 'me', 'forged', 1, now(), now() "
        f"from coaching_sessions where id = '{session_id}'"
    )
    for person in (a_coach(cast.app, cast.ana, "Eve Eriksen", "eve@example.com"), cast.ben):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            _changed(addresses, person, add)


@pytest.mark.usefixtures("session_id")
def test_it_shows_the_history_to_the_author_alone(cast: Cast, addresses: embedded.Addresses) -> None:
    eve = a_coach(cast.app, cast.ana, "Eve Eriksen", "eve@example.com")
    query = "select text from session_note_versions"
    for reader, texts in {cast.ana: set(TEXTS.values()), eve: set(), cast.ben: set()}.items():
        assert _read(addresses.database_url, reader, cast.ana.practice_id, query) == texts


@pytest.mark.usefixtures("session_id")
def test_it_shows_nothing_to_an_author_who_works_there_no_more(
    cast: Cast, addresses: embedded.Addresses, admin: psycopg.Connection
) -> None:
    eve = a_coach(cast.app, cast.ana, "Eve Eriksen", "eve@example.com")
    admin.execute("update session_notes set author_id = %s", [eve.user_id])
    admin.execute("update memberships set role = 'client' where user_id = %s", [eve.user_id])
    assert _read(addresses.database_url, eve, cast.ana.practice_id) == set()


def test_it_forgets_notes_with_their_session(cast: Cast, session_id: UUID, admin: psycopg.Connection) -> None:
    with psycopg.connect(cast.app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")) as connection:
        connection.execute("select set_config('app.practice_id', %s, true)", [str(cast.ana.practice_id)])
        connection.execute("delete from coaching_sessions where id = %s", [session_id])
    assert admin.execute("select count(*) from session_notes").fetchone() == (0,)
    assert admin.execute("select count(*) from session_note_versions").fetchone() == (0,)
