"""Every page, found by itself: reachable for everybody, as wide as the window, light, without a complaint."""

from collections.abc import Callable, Iterable, Iterator

import psycopg
import pytest

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
MAIN_PAGES = ("/today", "/clients", "/habits", "/settings", "/month", "/friends", "/meetups", "/sign-in")


@pytest.fixture
def doors(people: Cast, admin: psycopg.Connection, post: Post) -> Doors:
    """The story told, and the way to every page of it."""
    return tell_everything(people, admin, post)


def _pages(window: Window, paths: Iterator[str]) -> Iterator[str]:
    """Those of the addresses that are pages: what leads elsewhere or is a file to keep is not looked at."""
    for path in paths:
        answer = window.page.context.request.get(f"{window.base_url}{path}", max_redirects=0)
        if answer.status != 302 and "text/html" in answer.headers.get("content-type", ""):
            yield path


def _find_no_fault(window: Window, paths: Iterable[str]) -> None:
    faults = []
    for path in paths:
        if (status := window.visit(path).status) >= 500:
            faults.append(f"{path}: answers {status}")
        faults += [f"{path}: {fault}" for fault in window.faults()]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("look", [PHONE_LIGHT, DESKTOP_DARK], ids=lambda look: look.name)
@pytest.mark.parametrize("who", WHO)
def test_it_finds_no_fault_with_any_page(doors: Doors, open_window: Opener, who: str, look: Look) -> None:
    person = WHO[who](doors)
    window = open_window(person, look)
    paths = list(_pages(window, doors.of(person)))
    assert len(paths) > 4
    _find_no_fault(window, paths)


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
        if "token" in rule.arguments:
            path = doors.cast.app.url_map.bind("localhost").build(rule.endpoint, {"token": doors.tokens[rule.endpoint]})
            assert window.visit(path).status == 200, rule.endpoint
