"""Every page, found by itself: reachable for everybody, as wide as the window, light, without a complaint."""

from collections.abc import Callable, Collection, Iterable
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Error, Response

from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.doors import Doors, page_rules, tell_everything
from tests.e2e.post import Post
from tests.e2e.window import DESKTOP_DARK, DESKTOP_LIGHT, PHONE_DARK, PHONE_LIGHT, Look, Window
from tests.factories import Person

pytestmark = pytest.mark.browser

WHO: dict[str, Callable[[Doors], Person | None]] = {
    "visitor": lambda doors: None,
    "coach": lambda doors: doors.cast.ana,
    "client": lambda doors: doors.cast.ben,
    "newcomer": lambda doors: doors.newcomer,
    "stranger": lambda doors: doors.cast.cleo,
}
WITHOUT_A_STORY = ("newcomer", "stranger")
MAIN_PAGES = ("/today", "/clients", "/habits", "/settings", "/month", "/friends", "/meetups", "/sign-in")


@pytest.fixture
def doors(people: Cast, admin: psycopg.Connection, post: Post) -> Doors:
    """The story told, and the way to every page of it."""
    return tell_everything(people, admin, post)


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


def _find_no_fault(window: Window, paths: Iterable[str], refused: Collection[int] = ()) -> None:
    """Each page is there for its person, or refused as one of `refused`, and nothing is wrong with it."""
    answered, faults = 0, list[str]()
    for path in paths:
        answer = _opened(window, path)
        if answer and answer.ok:
            answered += 1
            faults += [f"{path}: {fault}" for fault in window.faults()]
        elif answer and answer.status not in refused:
            faults.append(f"{path}: answers {answer.status}")
    assert not faults, "\n".join(faults)
    assert answered >= 3


@pytest.mark.parametrize("look", [PHONE_LIGHT, DESKTOP_DARK], ids=lambda look: look.name)
@pytest.mark.parametrize("who", WHO)
def test_it_finds_no_fault_with_any_page(doors: Doors, open_window: Opener, who: str, look: Look) -> None:
    person = WHO[who](doors)
    _find_no_fault(open_window(person, look), doors.of(person), refused=[404] if who in WITHOUT_A_STORY else [])


@pytest.mark.parametrize("look", [PHONE_DARK, DESKTOP_LIGHT], ids=lambda look: look.name)
@pytest.mark.parametrize("who", ["coach", "client"])
def test_it_finds_no_fault_with_the_main_pages_in_the_other_looks(
    doors: Doors, open_window: Opener, who: str, look: Look
) -> None:
    person = WHO[who](doors)
    _find_no_fault(open_window(person, look), [path for path in doors.of(person) if path in MAIN_PAGES])


def test_it_has_a_link_for_every_page_that_a_mail_leads_to(doors: Doors, open_window: Opener) -> None:
    window = open_window()
    for rule, _ in page_rules(doors.cast.app):
        if "token" in rule.arguments and not rule.rule.endswith(".ics"):
            path = doors.cast.app.url_map.bind("localhost").build(rule.endpoint, {"token": doors.tokens[rule.endpoint]})
            assert window.visit(path).status == 200, rule.endpoint
