"""One cast for all tests, and how to look at the application through the eyes of one of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from psycopg.sql import SQL, Identifier, Literal

from coachhub.accounts.service.logins import start_login
from coachhub.platform.tenancy import as_visitor
from tests.factories import Person, a_client, a_friend, a_practice


@dataclass(frozen=True)
class Cast:
    """Ana, coach (and owner) of practice A; Ben, her client; Cleo, coach of practice B; Dan, Ben's friend."""

    app: Flask
    ana: Person
    ben: Person
    cleo: Person
    dan_id: UUID

    def browser(self, person: Person | None = None) -> FlaskClient:
        """A browser in which the person is signed in; nobody is where none is named."""
        return signed_in(self.app, person)


def make_cast(app: Flask) -> Cast:
    """The four, in two practices."""
    ana = a_practice(app, "Ana Coaching", "Ana Alvarez", "ana@example.com")
    ben = a_client(app, ana, "Ben Berger", "ben@example.com")
    cleo = a_practice(app, "Cleo Careers", "Cleo Chen", "cleo@example.com")
    dan_id = a_friend(app, ben, "Dan Dorsey", date(2025, 3, 1), company="Acme", email="dan@example.net")
    return Cast(app, ana, ben, cleo, dan_id)


_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WRITTEN_BY_HAND = "select column_name from information_schema.columns where table_name = %s and is_generated = 'NEVER'"


class Casting:
    """Gives each test the four anew, under ids that nobody has seen.

    The first ones of a process are made as everything is, by the web role under its policies. What they left in the
    database, triggers and all, is laid down again for the others in one statement: a tenth of the work, thousands of
    times.
    """

    def __init__(self, admin: psycopg.Connection, tables: Sequence[str]) -> None:
        self._admin = admin
        self._tables = tables
        self._first: Cast | None = None
        self._rows = ""

    def __call__(self, app: Flask) -> Cast:
        """The four in an empty database."""
        if self._first is None:
            self._first = make_cast(app)
            self._rows = "".join(["set local session_replication_role = replica", *self._inserts()])
            return self._first
        new_ids = {str(known): uuid4() for known in _ids(self._first)}
        rows = _ID.sub(lambda found: str(new_ids.get(found[0], found[0])), self._rows)
        for practice_id in (self._first.ana.practice_id, self._first.cleo.practice_id):
            rows = rows.replace(f"-{practice_id.hex[:6]}'", f"-{new_ids[str(practice_id)].hex[:6]}'")  # in its address
        self._admin.execute(rows.encode())
        return _under(new_ids, self._first, app)

    def _inserts(self) -> Iterator[str]:
        for table in self._tables:
            columns = [Identifier(name) for (name,) in self._admin.execute(_WRITTEN_BY_HAND, [table])]
            texts = SQL(", ").join(SQL("{}::text").format(column) for column in columns)
            for row in self._admin.execute(SQL("select {} from {}").format(texts, Identifier(table))).fetchall():
                values = SQL(", ").join(Literal(value) for value in row)
                into = SQL("; insert into {} ({}) overriding system value values ({})")
                yield into.format(Identifier(table), SQL(", ").join(columns), values).as_string(self._admin)


def _ids(cast: Cast) -> list[UUID]:
    of_people = [(each.user_id, each.practice_id, each.client_id) for each in (cast.ana, cast.ben, cast.cleo)]
    return [cast.dan_id, *(known for ids in of_people for known in ids if known)]


def _under(new_ids: dict[str, UUID], cast: Cast, app: Flask) -> Cast:
    def renewed(person: Person) -> Person:
        client_id = new_ids[str(person.client_id)] if person.client_id else None
        return Person(new_ids[str(person.user_id)], new_ids[str(person.practice_id)], person.email, client_id)

    return Cast(app, renewed(cast.ana), renewed(cast.ben), renewed(cast.cleo), new_ids[str(cast.dan_id)])


def signed_in(app: Flask, person: Person | None) -> FlaskClient:
    """A browser, signed in as the person where one is given."""
    browser = app.test_client()
    if person is not None:
        with app.app_context(), as_visitor():
            token = start_login(person.user_id, person.practice_id)
        browser.set_cookie(app.config["SIGN_IN_COOKIE"], token)
    return browser
