"""A second click does nothing twice: with JavaScript the button rests, without it the server sees both clicks."""

from datetime import timedelta

import psycopg
import pytest

from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.post import Post
from tests.e2e.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])]


def _press_twice(window: Window, name: str) -> None:
    """Two clicks as fast as a nervous finger; then whatever page they lead to."""
    # Without JavaScript the second click gives up the first one's answer: an event waits for what arrives.
    with window.page.expect_event("framenavigated"):
        window.page.get_by_role("button", name=name).first.dblclick(no_wait_after=True)
    window.page.wait_for_load_state("networkidle")


def _count(admin: psycopg.Connection, table: str) -> int:
    row = admin.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    count: int = row[0]
    return count


def test_it_opens_one_practice(fresh: None, open_window: Opener, admin: psycopg.Connection, javascript: bool) -> None:
    window = open_window(javascript=javascript)
    window.visit("/sign-up")
    window.fill("Name of your practice", "Alvarez & Partners")
    window.fill("E-mail", "ana@example.com")
    window.fill("Password", "three or four words")
    _press_twice(window, "Start your practice")
    assert (_count(admin, "practices"), _count(admin, "users")) == (1, 1)


def test_it_invites_once(
    people: Cast, post: Post, open_window: Opener, admin: psycopg.Connection, javascript: bool
) -> None:
    clients = _count(admin, "clients")
    window = open_window(people.ana, javascript=javascript)
    window.visit("/clients/add")
    window.fill("Name", "Eva Ek")
    window.fill("E-mail", "eva@example.com")
    _press_twice(window, "Send invitation")
    post.send()
    assert _count(admin, "clients") == clients + 1
    assert len(post.texts("eva@example.com")) == 1


def test_it_invites_a_list_once(
    people: Cast, post: Post, open_window: Opener, admin: psycopg.Connection, javascript: bool
) -> None:
    clients = _count(admin, "clients")
    window = open_window(people.ana, javascript=javascript)
    window.visit("/clients/add?by=list")
    window.fill("Your clients", "Eva Ek, eva@example.com")
    window.press("Look at the list")
    _press_twice(window, "Add 1 and send")
    post.send()
    assert _count(admin, "clients") == clients + 1
    assert len(post.texts("eva@example.com")) == 1


def test_it_marks_one_message_as_sent(
    people: Cast, open_window: Opener, admin: psycopg.Connection, javascript: bool
) -> None:
    window = open_window(people.ana)
    window.visit("/clients")
    window.page.get_by_role("row", name="Ben Berger").get_by_role("checkbox").check()
    window.press("Give “One hour")
    window = open_window(people.ben, javascript=javascript)
    window.visit("/month?ask=choose")
    window.press("Write to Dan")
    _press_twice(window, "I sent it")
    assert _count(admin, "invitations where sent_at is not null") == 1
    assert _count(admin, "invitations") == 1


def test_it_logs_a_meetup_once(people: Cast, open_window: Opener, admin: psycopg.Connection, javascript: bool) -> None:
    window = open_window(people.ben, javascript=javascript)
    window.visit(f"/friends/{people.dan_id}/met")
    window.page.get_by_role("radio").first.check()
    _press_twice(window, "Write it down")
    assert (_count(admin, "meetups"), _count(admin, "logs")) == (1, 1)


def test_it_keeps_one_log_of_an_agreed_meetup(
    people: Cast, open_window: Opener, clock: FixedClock, admin: psycopg.Connection, javascript: bool
) -> None:
    window = open_window(people.ben, javascript=javascript)
    window.visit(f"/friends/{people.dan_id}/agree")
    window.fill("Day", "2026-03-06")
    window.fill("Time", "12:30")
    _press_twice(window, "It is agreed")
    clock.advance(timedelta(days=2))
    window.visit("/meetups")
    window.follow("Dan Dorsey")
    window.follow("Say how it was")
    window.page.get_by_role("radio").first.check()
    _press_twice(window, "Write it down")
    assert (_count(admin, "meetups"), _count(admin, "logs")) == (1, 1)
