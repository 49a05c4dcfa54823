"""Every page, found by itself: reachable for everybody, as wide as the window, light, without a complaint."""

from collections.abc import Callable, Collection, Iterable
from urllib.parse import urlsplit

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Error, Response

from tests.cast import make_cast
from tests.e2e.conftest import Opener
from tests.e2e.doors import Doors, page_rules, tell_everything
from tests.e2e.post import Post
from tests.e2e.window import DESKTOP_DARK, DESKTOP_LIGHT, PHONE_DARK, PHONE_LIGHT, Look, Window
from tests.emptying import Empty
from tests.factories import Person
from tests.fakes import OutboxMailer

pytestmark = [pytest.mark.browser, pytest.mark.lengthy]

WHO: dict[str, Callable[[Doors], Person | None]] = {
    "visitor": lambda doors: None,
    "coach": lambda doors: doors.cast.ana,
    "client": lambda doors: doors.cast.ben,
    "newcomer": lambda doors: doors.newcomer,
    "stranger": lambda doors: doors.cast.cleo,
}
WITHOUT_A_STORY = ("newcomer", "stranger")
MAIN_PAGES = ("/today", "/clients", "/habits", "/settings", "/month", "/friends", "/meetups", "/sign-in")


@pytest.fixture(scope="module")
def story(
    web: Flask, web_worker: Flask, mailer: OutboxMailer, admin: psycopg.Connection, empty: Empty, untried: Empty
) -> Doors:
    """Told once for all tests of this file: to look at a page changes nothing."""
    empty()
    untried()
    return tell_everything(make_cast(web), admin, Post(web_worker, mailer))


@pytest.fixture
def doors(story: Doors, untried: Empty) -> Doors:
    """The way to every page of the story; nobody's tries are counted yet."""
    untried()
    return story


def _opened(window: Window, path: str) -> Response | None:
    """The answer of the address; None where it leads elsewhere or is a file to keep: no page to be looked at."""
    try:
        answer = window.visit(path)
    except Error as error:
        if "Download is starting" in error.message:
            return None
        raise
    is_page = urlsplit(answer.url).path == path and "text/html" in answer.headers.get("content-type", "")
    return answer if is_page else None


def _find_no_fault(window: Window, paths: Iterable[str], looks: Iterable[Look], refused: Collection[int] = ()) -> None:
    """Each page is there for its person, or refused as one of `refused`, and nothing is wrong with it in any look.

    A page is loaded once and then shown in each look, as when a window is resized or the evening comes.
    """
    answered, faults = 0, list[str]()
    for path in paths:
        answer = _opened(window, path)
        if answer and answer.ok:
            answered += 1
            faults += [f"{path}, {fault}" for fault in window.faults_in(looks)]
        elif answer and answer.status not in refused:
            faults.append(f"{path}: answers {answer.status}")
    assert not faults, "\n".join(faults)
    assert answered >= 3


@pytest.mark.parametrize("who", WHO)
def test_it_finds_no_fault_with_any_page(doors: Doors, open_window: Opener, who: str) -> None:
    person, looks = WHO[who](doors), (PHONE_LIGHT, DESKTOP_DARK)
    refused = [404] if who in WITHOUT_A_STORY else []
    _find_no_fault(open_window(person, looks[0]), doors.of(person), looks, refused)


@pytest.mark.parametrize("who", ["coach", "client"])
def test_it_finds_no_fault_with_the_main_pages_in_the_other_looks(doors: Doors, open_window: Opener, who: str) -> None:
    person, looks = WHO[who](doors), (DESKTOP_LIGHT, PHONE_DARK)
    paths = [path for path in doors.of(person) if path in MAIN_PAGES]
    _find_no_fault(open_window(person, looks[0]), paths, looks)


def test_it_has_a_link_for_every_page_that_a_mail_leads_to(doors: Doors, open_window: Opener) -> None:
    window = open_window()
    for rule, _ in page_rules(doors.cast.app):
        if "token" in rule.arguments and not rule.rule.endswith(".ics"):
            path = doors.cast.app.url_map.bind("localhost").build(rule.endpoint, {"token": doors.tokens[rule.endpoint]})
            assert window.visit(path).status == 200, rule.endpoint
