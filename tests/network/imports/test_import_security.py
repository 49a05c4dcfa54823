"""Whose file it is: nobody else sees or touches it, by the pages or by plain SQL; hostile files are refused."""

import io
import zipfile
from uuid import UUID

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from coachhub.platform import embedded
from tests.cast import signed_in
from tests.factories import Person, a_client
from tests.network.imports.conftest import Importing, linkedin, somebody
from tests.network.test_row_security import as_web

TABLES = ("imports", "import_chunks", "import_rows")
DOORS = (
    ("GET", ""),
    ("POST", "/columns"),
    ("POST", "/ticks"),
    ("GET", "/undo"),
    ("POST", "/undo"),
    ("GET", "/left-out.csv"),
)


@pytest.fixture
def waiting(importing: Importing) -> UUID:
    """Ben has one file laid out, and another in pieces."""
    import_id = importing.bring_in(linkedin(somebody(1)))
    importing.upload(linkedin(somebody(2)))
    return import_id


def _others(importing: Importing) -> list[Person]:
    """Ana, Cleo, and another client of Ana's."""
    gus = a_client(importing.cast.app, importing.cast.ana, "Gus Gray", "gus@example.com")
    return [importing.cast.ana, importing.cast.cleo, gus]


def test_it_shows_the_pages_to_nobody_else(importing: Importing, waiting: UUID) -> None:
    for person in _others(importing):
        browser = signed_in(importing.cast.app, person)
        for method, path in DOORS:
            answer = browser.open(f"/friends/import/{waiting}{path}", method=method)
            assert answer.status_code == 404, (person.email, path)
        browser.post(f"/friends/import/{waiting}/discard")
    assert importing.state(waiting) == "preview"


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("table", TABLES)
def test_it_shows_the_rows_to_nobody_else(importing: Importing, addresses: embedded.Addresses, table: str) -> None:
    count, name = SQL("select count(*) from {}").format(Identifier(table)), Identifier(table)
    with as_web(addresses, importing.cast.ben.practice_id, importing.cast.ben.user_id) as connection:
        assert connection.execute(count).fetchone() != (0,)
    for person in _others(importing):
        with as_web(addresses, person.practice_id, person.user_id) as connection:
            assert connection.execute(count).fetchone() == (0,)
            assert connection.execute(SQL("delete from {}").format(name)).rowcount == 0
            assert connection.execute(SQL("update {} set shared = true").format(name)).rowcount == 0


def test_it_lets_nobody_slip_a_line_into_another_persons_import(
    importing: Importing, waiting: UUID, addresses: embedded.Addresses
) -> None:
    ben, ana = importing.cast.ben, importing.cast.ana
    query = "insert into import_rows (practice_id, import_id, user_id, line, name) values (%s, %s, %s, 99, 'Planted')"
    with as_web(addresses, ben.practice_id, ana.user_id) as connection, pytest.raises(psycopg.errors.IntegrityError):
        connection.execute(query, (ben.practice_id, waiting, ana.user_id))
    with (
        as_web(addresses, ben.practice_id, ana.user_id) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(query, (ben.practice_id, waiting, ben.user_id))


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("Connections.csv", b"0" * (64 * 1024 * 1024))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.zip", _bomb()),
        ("line.csv", b"Name,Company\n" + b"x" * 3_000_000),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(200)),
        ("book.xlsx", b"PK\x03\x04" + bytes(200)),
        ("nul.csv", b"First Name,Last Name,URL\n\x00\x00\x00,\x00,\x00\n" * 3),
        ("page.csv", b"<!doctype html><html><script>alert(1)</script></html>"),
        ("'; drop table friends; --.csv", b"%PDF-1.7 nothing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_refuses_a_hostile_file_in_words(importing: Importing, name: str, content: bytes) -> None:
    import_id = importing.bring_in(content, name)
    page = importing.page(import_id)
    assert "could not be read" in page
    assert "our mistake" not in page
    assert importing.lying_about() == (0, 0)
