"""The pages of the reports: whom they are about, what each shows, and the files behind them."""

import csv
import io
import re

import psycopg
import pytest

from coachhub.habits.rules import Month
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import Person, a_client, a_coach
from tests.habits.facts import MARCH, give_habit, meet, owning, utc
from tests.reports.conftest import AddMany
from tests.statements import asked

PAGES = ("/reports", "/reports/steps", "/reports/adoption", "/reports/networks", "/reports/hours")
FILES = (
    *("/reports/cohort.csv", "/reports/steps.csv", "/reports/adoption.csv", "/reports/adoption-cohorts.csv"),
    *("/reports/networks.csv", "/reports/hours.csv", "/reports/coaches.csv"),
)
MOST_STATEMENTS = 16


@pytest.fixture
def lived(cast: Cast, clock: FixedClock) -> None:
    """Ben has the habit since January, missed January and met in February for 50 minutes; it is 5 March."""
    give_habit(cast, Month(2026, 1))
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(2, 10), agreed_at=utc(2, 3), status="held", minutes=50)


def _table(cast: Cast, address: str, person: Person | None = None) -> list[list[str]]:
    answer = cast.browser(person or cast.ana).get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.parametrize("page", PAGES)
def test_it_shows_a_greyed_example_where_nobody_has_begun(cast: Cast, page: str) -> None:
    shown = cast.browser(cast.cleo).get(page).text
    assert "Nobody has begun yet" in shown
    assert "An example" in shown
    assert "is-example" in shown


@pytest.mark.parametrize("page", PAGES)
def test_it_has_a_definition_and_a_file_on_every_page(cast: Cast, lived: None, page: str) -> None:
    shown = cast.browser(cast.ana).get(page).text
    assert "An example" not in shown
    anchors = set(re.findall(r'href="/reports/definitions#(\w+)"', shown))
    assert anchors
    known = set(
        re.findall(r'<section class="stack-s" id="(\w+)"', cast.browser(cast.ana).get("/reports/definitions").text)
    )
    assert anchors <= known
    file = re.findall(r'href="(/reports/[\w-]+\.csv[^"]*)"', shown)[0]
    assert cast.browser(cast.ana).get(file.replace("&amp;", "&")).mimetype == "text/csv"


def test_it_draws_each_client_as_a_line_of_months(cast: Cast, lived: None) -> None:
    shown = cast.browser(cast.ana).get("/reports").text
    assert re.search(r"<bdi>Ben Berger</bdi>.*?1 of 2 months done", shown)
    assert re.findall(r'<path class="k-(\w+)" d="M(\d+)', shown.split("</thead>")[1]) == [
        *(("missed", "224"), ("done", "242"), ("now", "266")),
    ]


def test_it_shows_the_same_as_numbers(cast: Cast, lived: None) -> None:
    shown = cast.browser(cast.ana).get("/reports?as=table").text
    assert re.findall(r'data-label="(?:Jan|Feb|Mar) 2026">([^<]+)', shown) == ["missed", "1", "now"]
    head, ben = _table(cast, "/reports/cohort.csv")
    told = dict(zip(head, ben, strict=True))
    assert (told["Client"], told["Began"], told["2026-01"], told["2026-02"]) == ("Ben Berger", "2026-01", "missed", "1")
    assert (told["Months done"], told["Months counted"], told["2025-12"]) == ("1", "2", "")


def test_it_pages_back_through_the_years(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast, Month(2024, 12))
    shown = cast.browser(cast.ana).get("/reports").text
    earlier = re.findall(r'href="(/reports\?until=2025-03)"', shown)[0]
    before = cast.browser(cast.ana).get(earlier).text
    assert "from April 2024 to March 2025" in before
    assert re.search(r'href="/reports"[^>]*>.*?Later', before)
    assert cast.browser(cast.ana).get("/reports?until=2099-01").text.count("Later") == 0


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/reports/cohort.csv", ["Ben Berger", "Eva Ek"]),
        ("/reports/cohort.csv?sort=-begun", ["Eva Ek", "Ben Berger"]),
        ("/reports/cohort.csv?begun=2026-01", ["Ben Berger"]),
        ("/reports/cohort.csv?begun=2026", ["Ben Berger", "Eva Ek"]),
        ("/reports/cohort.csv?begun=2025", []),
        ("/reports/cohort.csv?archived=yes", ["Ben Berger", "Eva Ek", "Old Otto"]),
        ("/reports/cohort.csv?coach={bob}", ["Eva Ek"]),
        ("/reports/cohort.csv?coach={ana}", ["Ben Berger"]),
        ("/reports/cohort.csv?coach=x&habit=x&begun=x&until=x&page=x&sort=x&as=x", ["Ben Berger", "Eva Ek"]),
        ("/reports/cohort.csv?habit={ana}", []),
        ("/reports/cohort.csv?begun=0000-13", ["Ben Berger", "Eva Ek"]),
    ],
)
def test_it_is_about_whom_the_address_names(cast: Cast, lived: None, address: str, names: list[str]) -> None:
    bob = a_coach(cast.app, cast.ana, "Bob Bell", "bob@example.com")
    give_habit(cast, MARCH, a_client(cast.app, bob, "Eva Ek", "eva@example.com"))
    otto = a_client(cast.app, bob, "Old Otto", "otto@example.com", status="active")
    give_habit(cast, Month(2025, 11), otto)
    a_client(cast.app, cast.ana, "No Habit", "no@example.com")
    cast.browser(cast.ana).post("/clients/archive", data={"client_ids": str(otto.client_id)})
    table = _table(cast, address.format(ana=cast.ana.user_id, bob=bob.user_id))
    assert [row[0] for row in table[1:]] == names


def test_it_shows_a_coach_their_own_clients_first(cast: Cast, lived: None) -> None:
    bob = a_coach(cast.app, cast.ana, "Bob Bell", "bob@example.com")
    give_habit(cast, MARCH, a_client(cast.app, bob, "Eva Ek", "eva@example.com"))
    assert [row[0] for row in _table(cast, "/reports/cohort.csv", bob)[1:]] == ["Eva Ek"]
    assert len(_table(cast, "/reports/cohort.csv?coach=all", bob)) == 3
    shown = cast.browser(bob).get("/reports?coach=all").text
    assert 'href="/reports/steps?coach=all"' in shown


def test_it_keeps_the_coaches_for_the_owner(cast: Cast) -> None:
    bob = a_coach(cast.app, cast.ana, "Bob Bell", "bob@example.com")
    assert cast.browser(bob).get("/reports/coaches").status_code == 404
    assert cast.browser(bob).get("/reports/coaches.csv").status_code == 404
    assert "/reports/coaches" not in cast.browser(bob).get("/reports").text
    assert "Bob Bell" in cast.browser(cast.ana).get("/reports/coaches").text


@pytest.mark.parametrize("address", [*PAGES, *FILES, "/reports/coaches", "/reports/definitions"])
def test_it_shows_nothing_of_another_practice(cast: Cast, lived: None, address: str) -> None:
    answer = cast.browser(cast.cleo).get(f"{address}?coach={cast.ana.user_id}")
    assert answer.status_code == 200
    assert "Ben Berger" not in answer.text
    assert "Ana Alvarez" not in answer.text


def test_it_tells_where_months_stop(cast: Cast, lived: None, clock: FixedClock) -> None:
    shown = cast.browser(cast.ana).get("/reports/steps").text
    assert "Most that stop, stop before “planned”: 1 of 2 months" in shown
    steps = {row[0]: row[1:] for row in _table(cast, "/reports/steps.csv")[1:]}
    assert steps["Planned"] == ["1", "50", "1", ""]
    assert steps["Met"] == ["1", "50", "0", "7.0"]
    assert re.search(r"<dt>Takes longest</dt><dd>\w+<p class=\"hint\">[\d.]+ days? since the step before", shown)
    now = cast.browser(cast.ana).get("/reports/steps?span=now").text
    assert "Most wait before “planned” now: 1 client" in now


def test_it_tells_who_has_adopted_the_habit(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast, Month(2025, 10))
    with owning(cast, cast.ben) as ben:
        for at in (utc(1, 9).replace(year=2025, month=month) for month in (10, 11, 12)):
            meet(ben, cast.dan_id, at, agreed_at=at, status="held")
    rows = {row[0]: row[1:] for row in _table(cast, "/reports/adoption.csv")[1:]}
    assert (rows["2"], rows["3"], rows["5"], rows["6"]) == (
        *(["1", "0", "0"], ["1", "1", "100"], ["1", "0", "0"]),
        ["0", "0", ""],
    )
    assert _table(cast, "/reports/adoption-cohorts.csv")[1] == ["Q4 2025", "1", "100", "", ""]
    assert "100% of 1 client had the habit after 3 months" in cast.browser(cast.ana).get("/reports/adoption").text


def test_it_adds_up_hours(cast: Cast, lived: None) -> None:
    rows = {row[0]: row[1:] for row in _table(cast, "/reports/hours.csv")[1:]}
    assert rows["2026-02"] == ["1", "1", "0.83", "1.0", "83", "50.0"]
    assert rows["2026-01"] == ["1", "0", "0.0", "1.0", "0", "0.0"]
    assert rows["2025-12"] == ["0", "0", "0.0", "0.0", "", ""]
    page = cast.browser(cast.ana).get("/reports/hours").text
    assert "0.8 hours in 1 meetup; 3 were asked" in page
    assert re.search(r"<dt>Hours in a year</dt><dd>0\.8\s*<p[^>]*>of 3 asked", page)


def test_it_never_writes_a_formula_into_a_file(cast: Cast) -> None:
    evil = a_client(cast.app, cast.ana, "=1+1", "evil@example.com")
    give_habit(cast, MARCH, evil)
    assert _table(cast, "/reports/cohort.csv")[1][0] == "'=1+1"


def test_it_shows_two_hundred_clients_a_page(cast: Cast, add_many: AddMany) -> None:
    add_many(230)
    first, second = (cast.browser(cast.ana).get(f"/reports?page={page}").text for page in (1, 2))
    assert (first.count('class="strip" viewBox="0 0 288 20"'), second.count("<bdi>Client ")) == (200, 30)
    assert len(_table(cast, "/reports/cohort.csv")) == 231
    assert " · 200 of 230 clients<" in first
    assert " · 30 of 230 clients<" in second
    third = cast.browser(cast.ana).get("/reports?page=3&sort=-begun").text
    assert "Nobody on this page" in third
    assert re.search(r'href="/reports\?sort=-begun"[^>]*>See its first page', third)


@pytest.mark.parametrize("address", [*PAGES, *FILES, "/reports/coaches", "/today", "/clients", "/clients/export"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_it_is_there_while_it_is_another_month_for_some(
    cast: Cast, lived: None, clock: FixedClock, admin: psycopg.Connection, address: str, zone: str
) -> None:
    """It is April in Tokyo and March in London, where Ben is."""
    clock.instant = utc(3, 31, 20)
    admin.execute("update users set time_zone = %s where id = %s", (zone, cast.ana.user_id))
    assert cast.browser(cast.ana).get(address).status_code == 200


@pytest.mark.parametrize("address", [*PAGES, "/reports/coaches"])
def test_it_asks_as_much_for_many_as_for_twenty(cast: Cast, add_many: AddMany, address: str) -> None:
    ana, counts = cast.browser(cast.ana), []
    ana.get(address)  # makes the habit
    for many in (20, 190):
        add_many(many)
        ana.get(address)  # makes the standings
        with asked(cast.app) as statements:
            assert ana.get(address).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= MOST_STATEMENTS


def test_it_changes_nothing_by_being_looked_at(cast: Cast, lived: None, admin: psycopg.Connection) -> None:
    ana = cast.browser(cast.ana)
    ana.get("/reports")
    tables = ("cycles", "assignments", "coach_months", "standings")
    before = [admin.execute(f"select * from {table}").fetchall() for table in tables]
    for address in (*PAGES, *FILES):
        ana.get(address)
    assert before == [admin.execute(f"select * from {table}").fetchall() for table in tables]
