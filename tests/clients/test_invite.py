"""Invitations: sent once, replaced by newer ones, five by mail until the coach's own address is confirmed."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from coachhub.clients.service.inviting import mails_left
from coachhub.platform.clock import FixedClock
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.clients.conftest import AddInvited, LinkOf


def ask_again(cast: Cast, client_ids: Iterable[UUID], do: str = "mail") -> int:
    return cast.browser(cast.ana).post("/clients/invite", data={"client_ids": list(client_ids), "do": do}).status_code


def links(admin: psycopg.Connection) -> list[tuple[bool, bool]]:
    """Of each invitation, oldest first: by mail, still open."""
    return admin.execute(
        "select by_mail, expires_at > created_at + interval '29 days' from client_invites order by created_at"
    ).fetchall()


@pytest.fixture
def unverified(cast: Cast, admin: psycopg.Connection) -> None:
    """Ana has not confirmed her address."""
    admin.execute("update users set email_verified_at = null where id = %s", [cast.ana.user_id])


def test_it_replaces_the_link_before(cast: Cast, add_invited: AddInvited, link_of: LinkOf, clock: FixedClock) -> None:
    client_id = add_invited()
    old = link_of(client_id)
    clock.advance(timedelta(days=4))
    assert ask_again(cast, [client_id]) == 303
    browser = cast.browser()
    assert browser.get(old).status_code == 410
    assert browser.get(link_of(client_id)).status_code == 200


def test_it_writes_once_on_a_second_click(cast: Cast, add_invited: AddInvited, admin: psycopg.Connection) -> None:
    client_id = add_invited()
    ask_again(cast, [client_id])
    assert links(admin) == [(True, True)]


def test_it_makes_a_link_to_copy_and_closes_the_mailed_one(
    cast: Cast, add_invited: AddInvited, admin: psycopg.Connection, clock: FixedClock
) -> None:
    client_id = add_invited()
    clock.advance(timedelta(seconds=5))
    ask_again(cast, [client_id], do="link")
    assert links(admin) == [(True, False), (False, True)]


def test_it_leaves_out_who_has_started(cast: Cast, admin: psycopg.Connection) -> None:
    assert ask_again(cast, [cast.ben.client_id or cast.ben.user_id]) == 303
    assert links(admin) == []


def test_it_sends_five_by_mail_until_the_coach_has_confirmed_their_address(
    cast: Cast, unverified: None, admin: psycopg.Connection
) -> None:
    people = "\n".join(f"p{n}@example.com" for n in range(7))
    place = {"coach_id": cast.ana.user_id, "time_zone": "Europe/London"}
    browser = cast.browser(cast.ana)
    assert (
        "5 more invitations can go by mail" in browser.post("/clients/preview", data={"people": people, **place}).text
    )
    answer = browser.post("/clients/add-all", data={"people": people, "do": "mail", **place}, follow_redirects=True)
    assert "5 invitations are on their way" in answer.text
    assert "2 could not go by mail" in answer.text
    assert admin.execute("select by_mail, count(*) from client_invites group by 1 order by 1").fetchall() == [
        (False, 2),
        (True, 5),
    ]


def test_it_counts_right_when_two_requests_come_at_once(
    cast: Cast, unverified: None, add_invited: AddInvited, admin: psycopg.Connection
) -> None:
    ids = [add_invited(f"p{n}@example.com", by_mail=False) for n in range(8)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda part: ask_again(cast, part), [ids[:2], ids[2:4], ids[4:6], ids[6:]]))
    assert admin.execute("select count(*) from client_invites where by_mail").fetchone() == (5,)


def test_it_sends_any_number_once_the_address_is_confirmed(cast: Cast) -> None:
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        assert mails_left() is None


def test_it_asks_for_somebody_to_be_ticked(cast: Cast) -> None:
    assert ask_again(cast, []) == 422
