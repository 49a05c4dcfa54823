"""The list of clients: found, filtered and sorted by its address, with as many statements for 1,000 as for 20."""

import re
from html import unescape

import pytest

from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import a_client, a_coach
from tests.habits.facts import MARCH, give_habit, utc
from tests.reports.conftest import AddMany
from tests.statements import asked


def names(cast: Cast, address: str) -> list[str]:
    """Whom Ana's list shows, in order."""
    page = cast.browser(cast.ana).get(address)
    assert page.status_code == 200
    return re.findall(r'<th scope="row"><a href="[^"]+"><bdi>([^<]+)', page.text)


@pytest.fixture
def three(cast: Cast, clock: FixedClock) -> None:
    """Beside Ben, at risk: Émile, off track; Zoë, archived; and Wang, paused."""
    emile = a_client(cast.app, cast.ana, "Émile Zola", "emile@example.com")
    a_client(cast.app, cast.ana, "Zoë Young", "zoe@example.com", status="archived")
    a_client(cast.app, cast.ana, "王小明", "wang@example.com", status="paused")
    give_habit(cast, MARCH)
    give_habit(cast, MARCH.plus(-3), client=emile)
    clock.instant = utc(3, 12)


def test_it_lists_all_but_the_archived_by_name(cast: Cast, three: None) -> None:
    assert names(cast, "/clients") == ["Ben Berger", "Émile Zola", "王小明"]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/clients?status=at_risk", ["Ben Berger"]),
        ("/clients?status=off_track", ["Émile Zola"]),
        ("/clients?status=paused", ["王小明"]),
        ("/clients?status=archived", ["Zoë Young"]),
        ("/clients?status=invited", []),
        ("/clients?q=EMILE", ["Émile Zola"]),
        ("/clients?q=zola+em", ["Émile Zola"]),
        ("/clients?q=小", ["王小明"]),
        ("/clients?q=wang@", ["王小明"]),
        ("/clients?sort=-name", ["王小明", "Émile Zola", "Ben Berger"]),
        ("/clients?sort=status", ["Émile Zola", "Ben Berger", "王小明"]),
        ("/clients?sort=nonsense&status=nonsense&page=x&coach=x", ["Ben Berger", "Émile Zola", "王小明"]),
        ("/clients?page=2", []),
    ],
)
def test_it_has_an_address_for_each_view(cast: Cast, three: None, address: str, shown: list[str]) -> None:
    assert names(cast, address) == shown


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *(("soren", "Søren Łukasik"), ("ŁUKASIK", "Søren Łukasik"), ("Søren", "Søren Łukasik")),
        *(("strauss aebel", "Strauß Æbel"), ("muller", "Jürgen Müller"), ("احمد", "أحمد")),
        *(("0%", "Otto 100%"), ("x_y", "Max_Yves"), ("c\\d", "C\\D"), ('"dot', 'Rob "Dot" Roe'), ("{o", "{O}")),
    ],
)
def test_it_finds_a_name_as_it_is_typed(cast: Cast, typed: str, name: str) -> None:
    for number, each in enumerate((name, "Maxwell Yale", "Otto 1000", "Cd Dcd", "Dot Roe")):
        a_client(cast.app, cast.ana, each, f"c{number}@example.com")
    page = cast.browser(cast.ana).get("/clients", query_string={"q": typed}).text
    assert [unescape(found) for found in re.findall(r"<bdi>([^<]+)</bdi></a></th>", page)] == [name]


def test_it_leads_from_a_page_that_is_no_more_to_the_first(cast: Cast, add_many: AddMany) -> None:
    add_many(50)
    ana = cast.browser(cast.ana)
    last = re.findall(r'name="client_ids" value="([^"]+)"', ana.get("/clients?page=2").text)
    sent = {"client_ids": last, "next": "/clients?page=2"}
    page = ana.post("/clients/archive", data=sent, follow_redirects=True).text
    assert "50 clients" in page
    assert "Nobody on this page" in page
    assert "No client fits this filter" not in page
    assert re.search(r'href="/clients"[^>]*>See its first page', page)
    assert re.search(r'href="/clients\?q=client"[^>]*>See its first page', ana.get("/clients?q=client&page=9").text)


def test_it_filters_by_coach(cast: Cast, three: None) -> None:
    bob = a_coach(cast.app, cast.ana, "Bob Bell", "bob@example.com")
    a_client(cast.app, bob, "Hal Hill", "hal@example.com")
    assert names(cast, f"/clients?coach={bob.user_id}") == ["Hal Hill"]


def test_it_keeps_the_filter_while_searching_and_sorting(cast: Cast, three: None) -> None:
    page = cast.browser(cast.ana).get("/clients?status=off_track&q=e").text
    assert 'href="/clients?status=off_track&amp;q=e&amp;sort=-strength"' in page
    assert '<input type="hidden" name="status" value="off_track">' in page
    assert 'hx-target="#list"' in page


def test_it_shows_fifty_a_page(cast: Cast, add_many: AddMany) -> None:
    add_many(120)
    assert [len(names(cast, f"/clients?q=client&page={page}")) for page in (1, 2, 3)] == [50, 50, 20]
    assert 'href="/clients?q=client&amp;page=2"' in cast.browser(cast.ana).get("/clients?q=client").text


@pytest.mark.parametrize("address", ["/clients?sort=-strength", "/today"])
def test_it_asks_as_much_for_a_thousand_as_for_twenty(cast: Cast, add_many: AddMany, address: str) -> None:
    """Eight statements at most, also where everybody's standing has to be made anew first."""
    ana, counts = cast.browser(cast.ana), []
    ana.get(address)  # makes the habit
    for many in (20, 1000):
        add_many(many)
        for _look in ("the first", "the second"):
            with asked(cast.app) as statements:
                assert ana.get(address).status_code == 200
            counts.append(len(statements))
    assert counts[:2] == counts[2:]
    assert counts[1] < counts[0] <= 8


def test_it_writes_counts_as_the_reader_does_and_leads_to_what_they_mean(cast: Cast, add_many: AddMany) -> None:
    give_habit(cast, MARCH)
    add_many(1000)
    page = cast.browser(cast.ana).get("/clients").text
    assert "1,001 clients" in page
    assert '<span class="num">1,001</span>' in page
    assert 'href="/reports/definitions#standing"' in page
    assert 'href="/reports/definitions#strength"' in cast.browser(cast.ana).get(f"/clients/{cast.ben.client_id}").text


def test_it_shows_nothing_of_another_practice(cast: Cast) -> None:
    page = cast.browser(cast.cleo).get("/clients?q=ben").text
    assert "Ben Berger" not in page
    assert "No clients yet" in page


def test_it_assigns_the_habit_to_all_that_are_ticked(cast: Cast, three: None) -> None:
    page = cast.browser(cast.ana).get("/clients").text
    ids = re.findall(r'name="client_ids" value="([^"]+)"', page)
    habit = re.findall(r'name="habit_id" value="([^"]+)"', page)[0]
    sent = {"client_ids": ids, "habit_id": habit, "from_month": "2026-03", "next": "/clients"}
    answer = cast.browser(cast.ana).post("/habits/assign", data=sent, follow_redirects=True)
    assert "1 client begins" in answer.text
    again = cast.browser(cast.ana).post("/habits/assign", data=sent, follow_redirects=True)
    assert "begins" not in again.text
