"""One cast for all tests, and how to look at the application through the eyes of one of them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

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


def signed_in(app: Flask, person: Person | None) -> FlaskClient:
    """A browser, signed in as the person where one is given."""
    browser = app.test_client()
    if person is not None:
        with app.app_context(), as_visitor():
            token = start_login(person.user_id, person.practice_id)
        browser.set_cookie(app.config["SIGN_IN_COOKIE"], token)
    return browser
