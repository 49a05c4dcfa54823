"""The list as a file: everybody whom the filter finds, or who is ticked."""

import csv
import io

import psycopg
import pytest

from tests.cast import Cast
from tests.coaching.planned import planned
from tests.conftest import NOW
from tests.factories import a_client
from tests.habits.facts import MARCH, give_habit
from tests.reports.conftest import AddMany


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_it_exports_all_pages_of_what_the_filter_finds(cast: Cast, add_many: AddMany) -> None:
    add_many(70)
    answer = cast.browser(cast.ana).get("/clients/export?q=client")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="clients.csv"'
    found = rows(answer.data)
    assert len(found) == 70
    assert (found[0]["Name"], found[0]["Months met of the last twelve"]) == ("Client 0001", "11")


def test_it_exports_who_is_ticked(cast: Cast) -> None:
    a_client(cast.app, cast.ana, "Eva Ek", "eva@example.com")
    give_habit(cast, MARCH)
    answer = cast.browser(cast.ana).post("/clients/export", data={"client_ids": cast.ben.client_id})
    (ben,) = rows(answer.data)
    assert (ben["Name"], ben["Status"], ben["This month"]) == ("Ben Berger", "On track", "Not begun")


def test_it_tells_of_the_archive_what_the_list_tells(cast: Cast) -> None:
    give_habit(cast, MARCH.plus(-2))
    ana = cast.browser(cast.ana)
    ana.post("/clients/archive", data={"client_ids": str(cast.ben.client_id)})
    (ben,) = rows(ana.get("/clients/export?status=archived").data)
    assert (ben["Status"], ben["Why"], ben["This month"], ben["Strength"]) == ("Archived", "", "", "")


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "＝1＋1", "-1", "@SUM(A1)"])
def test_it_writes_no_formula(cast: Cast, name: str) -> None:
    a_client(cast.app, cast.ana, name, "eve@example.com")
    found = rows(cast.browser(cast.ana).get("/clients/export").data)
    assert f"'{name}" in [row["Name"] for row in found]


def test_it_tells_the_days_that_the_list_tells(cast: Cast, admin: psycopg.Connection) -> None:
    """Half past eleven in the evening is the next day for Ana, who is in Tokyo."""
    planned(cast, NOW.replace(hour=23, minute=30))
    admin.execute("update users set time_zone = 'Asia/Tokyo' where id = %s", (cast.ana.user_id,))
    ana = cast.browser(cast.ana)
    assert 'data-label="Next session">6 Mar' in ana.get("/clients").text
    assert rows(ana.get("/clients/export").data)[0]["Next session"] == "2026-03-06"


def test_it_exports_nobody_of_another_practice(cast: Cast) -> None:
    cleo = cast.browser(cast.cleo)
    assert rows(cleo.get("/clients/export").data) == []
    assert cleo.post("/clients/export", data={"client_ids": cast.ben.client_id}).status_code == 404
