"""The list as a file: everybody whom the filter finds, or who is ticked."""

import csv
import io

from tests.cast import Cast
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


def test_it_writes_no_formula(cast: Cast) -> None:
    a_client(cast.app, cast.ana, "=HYPERLINK(1)", "eve@example.com")
    found = rows(cast.browser(cast.ana).get("/clients/export").data)
    assert "'=HYPERLINK(1)" in [row["Name"] for row in found]


def test_it_exports_nobody_of_another_practice(cast: Cast) -> None:
    cleo = cast.browser(cast.cleo)
    assert rows(cleo.get("/clients/export").data) == []
    assert cleo.post("/clients/export", data={"client_ids": cast.ben.client_id}).status_code == 404
