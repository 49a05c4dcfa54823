"""Filters that a coach keeps: under a name, for themselves alone."""

import re

import psycopg

from coachhub.reports.service.saved_filters import MOST, keep_filter
from tests.cast import Cast
from tests.factories import a_coach
from tests.habits.facts import acting


def keep(cast: Cast, name: str, **more: str) -> object:
    return cast.browser(cast.ana).post("/clients/filters", data={"name": name, **more})


def test_it_keeps_what_the_list_asks_for(cast: Cast) -> None:
    answer = keep(cast, "Stuck in Leeds", status="at_risk", q="leeds & co", sort="-strength", page="3")
    assert answer.location == "/clients?status=at_risk&q=leeds+%26+co&sort=-strength"  # type: ignore[attr-defined]
    page = cast.browser(cast.ana).get("/clients").text
    assert "Keep this filter" not in page
    assert re.search(r'href="/clients\?status=at_risk&amp;q=leeds\+%26\+co&amp;sort=-strength">Stuck in Leeds', page)


def test_it_offers_to_keep_a_filter_and_then_to_forget_it(cast: Cast) -> None:
    ana = cast.browser(cast.ana)
    assert "Keep this filter" in ana.get("/clients?status=at_risk").text
    keep(cast, "Stuck", status="at_risk")
    page = ana.get("/clients?status=at_risk").text
    assert "This is your filter “Stuck”." in page
    forget = re.search(r'action="(/clients/filters/[^"]+/forget)"', page)
    assert forget is not None
    assert "is forgotten" in ana.post(forget[1], follow_redirects=True).text
    assert "Stuck" not in ana.get("/clients").text


def test_it_keeps_one_of_the_same_name_anew(cast: Cast, admin: psycopg.Connection) -> None:
    keep(cast, "Mine", status="at_risk")
    keep(cast, " Mine ", status="paused")
    assert admin.execute("select name, query from saved_filters").fetchall() == [("Mine", "status=paused")]


def test_it_shows_nobody_elses(cast: Cast, admin: psycopg.Connection) -> None:
    bob = a_coach(cast.app, cast.ana, "Bob Bell", "bob@example.com")
    keep(cast, "Ana's own", status="at_risk")
    saved = admin.execute("select id from saved_filters").fetchone()
    assert saved is not None
    assert "Ana" not in cast.browser(bob).get("/clients?status=at_risk").text.partition("Your own filters")[2]
    assert cast.browser(bob).post(f"/clients/filters/{saved[0]}/forget").status_code == 404


def test_it_refuses_without_a_name_and_keeps_the_filter(cast: Cast) -> None:
    answer = keep(cast, " ", status="at_risk")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "Give it a name." in answer.text  # type: ignore[attr-defined]
    assert '<input type="hidden" name="status" value="at_risk">' in answer.text  # type: ignore[attr-defined]


def test_it_refuses_more_than_a_page_can_show(cast: Cast) -> None:
    with acting(cast, cast.ana):
        for number in range(MOST):
            keep_filter(cast.ana.user_id, f"Number {number}", "status=at_risk")
    answer = keep(cast, "One more", status="paused")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "Forget one first." in answer.text  # type: ignore[attr-defined]
