"""A client's page: how they stand, what they share and no more, and forms that work."""

import csv
import io
import re

import psycopg
import pytest

from coachhub.network.service.meetups import cancel_meetup
from coachhub.network.service.sharing import share_all, share_friend
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import a_friend
from tests.habits.facts import MARCH, give_habit, meet, owning, send, utc
from tests.network.crowd import add_many
from tests.statements import asked
from tests.words import words_of


def page_of(cast: Cast, client_id: object = None) -> str:
    answer = cast.browser(cast.ana).get(f"/clients/{client_id or cast.ben.client_id}")
    assert answer.status_code == 200
    return answer.text


@pytest.fixture
def met(cast: Cast) -> None:
    """Ben wrote to Dan and met him."""
    give_habit(cast, MARCH.plus(-2))
    with owning(cast, cast.ben) as owner:
        send(owner, cast.dan_id, utc(3, 2))
        meet(owner, cast.dan_id, utc(3, 4), agreed_at=utc(3, 3), status="held", minutes=50)


def test_it_says_how_the_client_stands_and_what_is_next(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast, MARCH)
    clock.instant = utc(3, 12)
    page = page_of(cast)
    assert "At risk" in page
    assert "Nobody chosen by day 12." in page
    assert "Choose a friend" in page


def test_it_shows_steps_and_numbers_but_no_friend(cast: Cast, met: None) -> None:
    page = page_of(cast)
    for words in (
        "Has met somebody this month.",
        "Met a friend",
        "Wrote to them",
        "of 60",
        "The habit, month by month",
    ):
        assert words in page
    assert "Dan" not in words_of(page)


def test_it_names_a_friend_where_the_client_shares_them(cast: Cast, met: None) -> None:
    with owning(cast, cast.ben) as owner:
        share_friend(owner, cast.dan_id)
    page = page_of(cast)
    assert "Met Dan Dorsey" in page
    assert "Met a friend" not in page


def test_it_hides_again_what_the_client_takes_back(cast: Cast, met: None) -> None:
    for flag in (True, False):
        with owning(cast, cast.ben) as owner:
            share_all(owner, flag)
    assert "Dan" not in words_of(page_of(cast))


def test_it_tells_the_day_of_the_client(cast: Cast, admin: psycopg.Connection, clock: FixedClock) -> None:
    admin.execute("update clients set time_zone = 'Pacific/Kiritimati' where id = %s", [cast.ben.client_id])
    give_habit(cast)
    clock.instant = utc(4, 2)
    with owning(cast, cast.ben) as owner:
        meet(owner, cast.dan_id, utc(3, 31, 20), agreed_at=utc(3, 20), status="held")
    assert "Last meetup: Wednesday 1 April" in page_of(cast)
    assert "1 Apr 2026" in cast.browser(cast.ana).get("/clients").text


def test_it_tells_once_when_a_meetup_was_agreed_and_when_it_was_called_off(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as owner:
        meetup_id = meet(owner, cast.dan_id, utc(4, 20), agreed_at=clock.instant)
    assert page_of(cast).count("Agreed on a time") == 1
    with owning(cast, cast.ben) as owner:
        share_friend(owner, cast.dan_id)
        cancel_meetup(owner, meetup_id)
    called_off = page_of(cast).partition("Called off the meetup")[0].rpartition("<time")[2]
    assert clock.instant.date().isoformat() in called_off


def test_it_is_nothing_for_a_stranger(cast: Cast) -> None:
    assert cast.browser(cast.cleo).get(f"/clients/{cast.ben.client_id}").status_code == 404


def test_it_gives_pauses_and_ends_the_habit(cast: Cast) -> None:
    ana, seen = cast.browser(cast.ana), []
    for wanted in (
        r"/habits/assign",
        r"/assignments/[^\"/]+/pause",
        r"/assignments/[^\"/]+/resume",
        r"/assignments/[^\"/]+/end",
    ):
        page = page_of(cast)
        action = re.search(rf'action="({wanted})"', page)
        assert action is not None, wanted
        sent = {"client_ids": cast.ben.client_id, "from_month": "2026-03", "month": "2026-03"}
        seen.append(ana.post(action[1], data=sent).status_code)
    assert seen == [303] * 4
    assert "No habit from now on" in page_of(cast)


def test_it_holds_the_link_of_an_invitation(cast: Cast) -> None:
    place = {"coach_id": cast.ana.user_id, "time_zone": "Europe/London"}
    ana = cast.browser(cast.ana)
    ana.post("/clients/add", data={"name": "Eva Ek", "email": "eva@example.com", "do": "link", **place})
    page = ana.get(re.findall(r'<a href="(/clients/[^"]+)"><bdi>Eva', ana.get("/clients").text)[0]).text
    link = re.search(r'id="link" value="http://localhost(/invitation/[^"]+)"', page)
    assert link is not None
    assert cast.browser().get(link[1]).status_code == 200


def test_it_brings_back_from_the_archive(cast: Cast) -> None:
    ana = cast.browser(cast.ana)
    ana.post("/clients/archive", data={"client_ids": cast.ben.client_id})
    assert f'action="/clients/{cast.ben.client_id}/restore"' in page_of(cast)


def test_it_shows_the_network_in_numbers_and_no_names(cast: Cast, met: None) -> None:
    page = page_of(cast)
    for words in ("Strength of the network", "Reconnected", "100%", "1 of 1 written to", "no friend is shared"):
        assert words in page
    assert "Dan" not in words_of(page)
    assert "Acme" not in page


def test_it_names_the_friends_that_are_shared(cast: Cast, met: None) -> None:
    a_friend(cast.app, cast.ben, "Eve Ek", company="Hidden")
    with owning(cast, cast.ben) as owner:
        share_friend(owner, cast.dan_id)
    page = page_of(cast)
    assert "1 friend is shared with you" in page
    assert "Dan Dorsey" in page
    assert "Eve Ek" not in page


def test_it_asks_as_much_for_5000_friends_as_for_20(cast: Cast, admin: psycopg.Connection) -> None:
    give_habit(cast)
    counts = []
    for count in (20, 4980):
        add_many(admin, cast.ben, count)
        with asked(cast.app) as statements:
            page_of(cast)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_it_has_the_months_behind_the_charts_as_a_file(cast: Cast, met: None) -> None:
    page = page_of(cast)
    address = f"/clients/{cast.ben.client_id}/months.csv"
    assert page.count(f'href="{address}"') == 2
    for figure in ("strength", "streak"):
        assert f'href="/reports/definitions#{figure}"' in page
    answer = cast.browser(cast.ana).get(address)
    *before, march = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert list(march.values())[:5] == ["2026-03", "done", "1", "50", "25"]
    assert list(before[-1].values())[:5] == ["2026-02", "no meetup", "0", "0", "0"]
    shown = re.search(r"<dt>Strength</dt><dd>([\d.]+)", page)
    assert shown is not None
    assert round(float(march["Network strength"]), 1) == float(shown[1])
    assert "Dan" not in answer.text


def test_it_keeps_the_months_from_a_stranger(cast: Cast) -> None:
    assert cast.browser(cast.cleo).get(f"/clients/{cast.ben.client_id}/months.csv").status_code == 404
