"""The page of a month is written once for all who would see the same: for nobody else, and its times are found anew."""

import psycopg
import pytest

from coachhub.booking.views import month_page
from tests.booking.offered import at, is_taken
from tests.booking.visited import Shop, an_offer
from tests.factories import a_coach
from tests.statements import asked


@pytest.fixture(autouse=True)
def nothing_written() -> None:
    month_page._written.cache_clear()


def _see(shop: Shop, more: str = "", **headers: str) -> str:
    answer = shop.visitor.get(f"{shop.path}/intro?zone=Europe/London{more}", headers=headers)
    assert answer.status_code == 200
    return answer.text


def _written_pages() -> int:
    return month_page._written.cache_info().currsize


def test_it_is_written_once_for_those_who_see_the_same(shop: Shop) -> None:
    assert _see(shop) == _see(shop)
    assert _written_pages() == 1


def test_it_asks_the_database_once(shop: Shop) -> None:
    _see(shop)
    with asked(shop.cast.app) as statements:
        _see(shop)
    assert len(statements) == 1


def test_it_asks_again_for_a_month_out_of_reach(shop: Shop) -> None:
    assert "May 2026" in _see(shop, "&month=2031-01")
    assert "March 2026" in _see(shop, "&month=0001-01")
    assert "May 2026" in _see(shop, "&month=9998-12")


def test_it_shows_at_once_what_was_taken(shop: Shop) -> None:
    day = f"&day={at(9):%Y-%m-%d}"
    assert ">09:00<" in _see(shop, day)
    is_taken(shop.cast.app, shop.cast.ana, at(9))
    assert ">09:00<" not in _see(shop, day)


@pytest.mark.parametrize(
    "change",
    [
        "update practices set name = 'Renamed' where slug = %s",
        "update offerings set title = 'Renamed' where practice_id = (select id from practices where slug = %s)",
        "update users set name = 'Renamed' from memberships m, practices p "
        "where m.user_id = users.id and m.practice_id = p.id and p.slug = %s",
    ],
)
def test_it_shows_at_once_what_was_renamed(shop: Shop, admin: psycopg.Connection, change: str) -> None:
    assert "Renamed" not in _see(shop)
    admin.execute(change, [shop.slug])
    assert "Renamed" in _see(shop)


def test_it_is_another_one_in_another_language_or_zone(shop: Shop) -> None:
    first = _see(shop)
    assert 'lang="en-GB"' in _see(shop, **{"Accept-Language": "en-GB"})
    assert _see(shop, "&zone=Asia/Tokyo") == first  # the first one counts
    assert shop.visitor.get(f"{shop.path}/intro?zone=Asia/Tokyo").text != first
    assert _see(shop, "&month=2026-04") != first


def test_it_belongs_to_those_who_are_signed_in_alone(shop: Shop) -> None:
    browser = shop.cast.browser(shop.cast.ben)
    assert browser.get(f"{shop.path}/intro?zone=Europe/London").status_code == 200
    assert _written_pages() == 0


def test_it_tells_what_is_told_once_to_that_visitor_alone(shop: Shop) -> None:
    visitor = shop.visitor
    with visitor.session_transaction() as session:
        session["_flashes"] = [("message", "For your eyes.")]
    address = f"{shop.path}/intro?zone=Europe/London"
    assert "For your eyes." in visitor.get(address).text
    assert "For your eyes." not in visitor.get(address).text
    assert "For your eyes." not in _see(shop)


def test_it_shows_the_times_of_the_chosen_coach(shop: Shop, admin: psycopg.Connection) -> None:
    eve = a_coach(shop.cast.app, shop.cast.ana, "Eve Evans", "eve@example.com")
    an_offer(shop.cast.app, "two", shop.cast.ana, eve, coach_choice=True)
    chosen, other = (f"{shop.path}/two?zone=Europe/London&coach={who.user_id}" for who in (shop.cast.ana, eve))
    assert 'id="day-5"' in shop.visitor.get(chosen).text
    assert "Nothing is free" in shop.visitor.get(other).text  # she has no hours
