"""Every route is guarded or public, and the stranger is refused everywhere."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from flask import Flask
from werkzeug.routing import Rule

from coachhub.platform.guards import Guard
from tests.cast import Cast
from tests.story import tell_story

WITHOUT_GUARD = {"static"}
TABLE_OF = {
    "client_id": "clients",
    "friend_id": "friends",
    "meetup_id": "meetups",
    "invitation_id": "invitations",
    "habit_id": "habits",
    "assignment_id": "assignments",
    "invite_id": "team_invites",
    "message_id": "outbox",
    "contact_id": "contacts",
    "import_id": "imports",
    "coaching_session_id": "coaching_sessions",
    "action_id": "actions",
    "offering_id": "offerings",
    "package_id": "packages",
    "dated_id": "dated_hours",
    "coupon_id": "coupons",
    "booking_id": "bookings",
    "block_id": "blocked_times",
    "purchase_id": "purchases",
    "holding_id": "holdings",
    "report_id": "reports",
    "batch_id": "report_batches",
    "template_id": "note_templates",
    "saved_id": "saved_filters",
}
OTHER = {
    **{"offering": "no-such-offering", "month": "2026-03", "token": "no-such-token", "number": 1, "kind": "new_month"},
    **{"level": "me"},
}


@dataclass(frozen=True)
class Door:
    """One address of the application, with the ids of practice A in it, and how to knock."""

    endpoint: str
    method: str
    path: str


def _rules(app: Flask) -> Iterator[tuple[Rule, Guard]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in WITHOUT_GUARD:
            yield rule, getattr(app.view_functions[rule.endpoint], "guard", None)


def test_it_guards_every_route_or_says_public(app: Flask) -> None:
    assert [rule.endpoint for rule, guard in _rules(app) if guard is None] == []


def _doors(cast: Cast, admin: psycopg.Connection, *, with_ids: bool) -> list[Door]:
    ids = {
        name: admin.execute(f"select id from {table} where practice_id = %s limit 1", [cast.ana.practice_id]).fetchone()
        for name, table in TABLE_OF.items()
    }
    doors = []
    with cast.app.test_request_context():
        for rule, guard in _rules(cast.app):
            if guard.is_public or bool(rule.arguments - OTHER.keys()) != with_ids:
                continue
            values = {name: OTHER.get(name) or ids[name][0] for name in rule.arguments}
            path = cast.app.url_map.bind("localhost").build(rule.endpoint, values, method=None)
            doors += [Door(rule.endpoint, method, path) for method in sorted(rule.methods & {"GET", "POST"})]
    return doors


@pytest.fixture
def told(cast: Cast) -> Cast:
    """The cast, with a row of every kind in practice A."""
    tell_story(cast)
    return cast


def test_it_answers_the_stranger_404_on_every_page_and_form_of_the_other_practice(
    told: Cast, admin: psycopg.Connection
) -> None:
    browser = told.browser(told.cleo)
    doors = _doors(told, admin, with_ids=True)
    assert len(doors) > 20
    open_doors = [(door, answer.status_code) for door in doors if (answer := _knock(browser, door)).status_code != 404]
    assert open_doors == []


def test_it_sends_a_visitor_to_sign_in_everywhere_else(told: Cast, admin: psycopg.Connection) -> None:
    browser = told.browser()
    doors = _doors(told, admin, with_ids=True) + _doors(told, admin, with_ids=False)
    for door in doors:
        answer = _knock(browser, door)
        assert answer.status_code == 302, door
        assert answer.location.startswith("/sign-in"), door


def test_it_keeps_clients_out_of_the_coach_area(told: Cast, admin: psycopg.Connection) -> None:
    browser = told.browser(told.ben)
    for rule, guard in _rules(told.app):
        if guard.roles and "client" not in guard.roles and not rule.arguments:
            method = "GET" if "GET" in rule.methods else "POST"
            assert _knock(browser, Door(rule.endpoint, method, rule.rule)).status_code == 404, rule.endpoint


def _knock(browser, door: Door):  # type: ignore[no-untyped-def]
    return browser.open(door.path, method=door.method)
