"""Further coaches: inviting, accepting, roles."""

from datetime import timedelta

import psycopg
import pytest

from coachhub.platform.clock import FixedClock
from tests.accounts.mailbox import how_many, newest_invitation
from tests.cast import Cast
from tests.factories import a_coach

PASSWORD = "late bus green moon"
ERA = {"name": "Era Ek", "email": "era@example.com"}
JOIN = {"name": "Era Ek", "password": PASSWORD}


@pytest.fixture
def link(cast: Cast, admin: psycopg.Connection) -> str:
    """The path in the mail with which Ana has invited Era, who has no account."""
    assert cast.browser(cast.ana).post("/settings/team", data=ERA).status_code == 303
    return newest_invitation(cast.app, admin)


def _role(admin: psycopg.Connection, cast: Cast, email: str) -> str | None:
    row = admin.execute(
        "select m.role from memberships m join users u on u.id = m.user_id where u.email = %s and m.practice_id = %s",
        [email, cast.ana.practice_id],
    ).fetchone()
    return row[0] if row else None


def test_it_lets_an_invited_coach_in_once(cast: Cast, link: str, admin: psycopg.Connection) -> None:
    browser = cast.browser()
    assert "Ana Coaching" in browser.get(link).text
    assert browser.post(link, data=JOIN).status_code == 303
    assert _role(admin, cast, "era@example.com") == "coach"
    assert cast.browser().get(link).status_code == 410
    assert cast.browser().post(link, data=JOIN).status_code == 410


def test_it_takes_a_mailed_link_as_proof_of_the_address_and_a_copied_one_not(
    cast: Cast, link: str, admin: psycopg.Connection
) -> None:
    page = cast.browser(cast.ana).get("/settings/team").text
    copied = page.split('data-copy="http://localhost', 1)[1].split('"', 1)[0]
    assert copied != link
    cast.browser().post(copied, data=JOIN)
    assert admin.execute("select email_verified_at from users where email = 'era@example.com'").fetchone() == (None,)


def test_it_shows_pending_invitations_and_withdraws_them(cast: Cast, link: str, admin: psycopg.Connection) -> None:
    browser = cast.browser(cast.ana)
    assert "era@example.com" in browser.get("/settings/team").text
    invite = admin.execute("select id from team_invites").fetchone()
    assert invite is not None
    assert browser.post(f"/settings/team/{invite[0]}/revoke").status_code == 303
    assert cast.browser().get(link).status_code == 410
    assert "era@example.com" not in browser.get("/settings/team").text


def test_it_ends_the_older_link_when_somebody_is_invited_again(
    cast: Cast, link: str, admin: psycopg.Connection
) -> None:
    cast.browser(cast.ana).post("/settings/team", data=ERA | {"email": "ERA@example.com"})
    assert cast.browser().get(link).status_code == 410
    assert cast.browser().get(newest_invitation(cast.app, admin)).status_code == 200


def test_it_lets_nobody_in_after_two_weeks(cast: Cast, link: str, clock: FixedClock) -> None:
    clock.advance(timedelta(days=14))
    assert cast.browser().post(link, data=JOIN).status_code == 410


def test_it_has_an_existing_user_join_as_themselves(cast: Cast, admin: psycopg.Connection) -> None:
    cast.browser(cast.ana).post("/settings/team", data={"name": "Cleo", "email": "cleo@example.com"})
    link = newest_invitation(cast.app, admin)
    assert "Sign in to join" in cast.browser().get(link).text
    assert cast.browser().post(link, data=JOIN).status_code == 409
    assert cast.browser(cast.ben).post(link).status_code == 404
    assert cast.browser(cast.cleo).post(link).status_code == 303
    assert _role(admin, cast, "cleo@example.com") == "coach"


def test_it_invites_nobody_who_is_in_the_practice(cast: Cast) -> None:
    answer = cast.browser(cast.ana).post("/settings/team", data={"name": "Ben", "email": "ben@example.com"})
    assert answer.status_code == 422
    assert "already belongs" in answer.text


def test_it_lets_an_unproven_owner_write_to_five(cast: Cast, admin: psycopg.Connection) -> None:
    admin.execute("update users set email_verified_at = null where email = 'ana@example.com'")
    browser = cast.browser(cast.ana)
    for number in range(6):
        browser.post("/settings/team", data={"name": "Somebody", "email": f"coach{number}@example.com"})
    assert how_many(admin, "team_invites") == 5


def test_it_hides_the_team_from_strangers_clients_and_coaches(cast: Cast, link: str, admin: psycopg.Connection) -> None:
    era = a_coach(cast.app, cast.ana, "Eve Ellis", "eve@example.com")
    invite = admin.execute("select id from team_invites").fetchone()
    assert invite is not None
    assert cast.browser(cast.cleo).post(f"/settings/team/{invite[0]}/revoke").status_code == 404
    assert "era@example.com" not in cast.browser(cast.cleo).get("/settings/team").text
    for person in (cast.ben, era):
        assert cast.browser(person).get("/settings/team").status_code == 404
        assert cast.browser(person).post("/settings/team", data=ERA).status_code == 404


def test_it_changes_roles_but_never_takes_the_last_owner(cast: Cast, admin: psycopg.Connection) -> None:
    eve = a_coach(cast.app, cast.ana, "Eve Ellis", "eve@example.com")
    browser = cast.browser(cast.ana)
    step_down = {"user_id": cast.ana.user_id, "role": "coach"}
    assert browser.post("/settings/team/role", data=step_down).status_code == 409
    assert browser.post("/settings/team/role", data={"user_id": eve.user_id, "role": "owner"}).status_code == 303
    assert browser.post("/settings/team/role", data=step_down).status_code == 303
    assert _role(admin, cast, "eve@example.com") == "owner"
    assert _role(admin, cast, "ana@example.com") == "coach"


def test_it_gives_no_client_or_stranger_a_role(cast: Cast) -> None:
    for person in (cast.ben, cast.cleo):
        change = {"user_id": person.user_id, "role": "owner"}
        assert cast.browser(cast.ana).post("/settings/team/role", data=change).status_code == 404


def test_it_notes_who_invited_and_who_came(cast: Cast, link: str, admin: psycopg.Connection) -> None:
    cast.browser().post(link, data=JOIN)
    rows = admin.execute(
        "select a.action, u.email from audit_entries a join users u on u.id = a.actor_id order by a.id"
    ).fetchall()
    assert rows == [("coach_invited", "ana@example.com"), ("coach_joined", "era@example.com")]
