"""What the practices that existed before bookings begin with."""

from importlib import import_module

import psycopg
import pytest

from coachhub.booking.service.availability import WeekEntry, keep_week, weekly_hours
from coachhub.booking.service.offering_book import add_offering
from coachhub.booking.service.offers import coaches_of, offerings
from coachhub.booking.service.profiles import coach_profile, practice_page
from coachhub.booking.service.starting import set_up_practice
from tests.booking.office import an_hour, working
from tests.cast import Cast
from tests.factories import a_coach

FIRST = import_module("migrations.versions.0034_first_offerings")


@pytest.fixture
def fill(admin: psycopg.Connection, cast: Cast) -> None:
    """Ana's and Cleo's practices have nothing but themselves; Eva works for Ana. Then the migration comes, twice."""
    a_coach(cast.app, cast.ana, "Eva Evans", "eva@example.com")
    with working(cast, cast.cleo):
        add_offering(an_hour(cast.cleo))
        keep_week(cast.cleo.user_id, WeekEntry("Asia/Tokyo", 2, ((),) * 7))
    for statement in (FIRST.PAGES, FIRST.OFFERINGS, FIRST.WEEKS) * 2:
        admin.execute(statement)


def test_it_gives_an_old_practice_what_a_new_one_has(fill: None, cast: Cast) -> None:
    with working(cast):
        old = offerings()
        assert [coach.name for row in old for coach in coaches_of(row.id)] == ["Ana Alvarez"] * 2
        assert practice_page().is_open
    with working(cast, cast.cleo):
        set_up_practice(cast.cleo.practice_id, cast.cleo.user_id)
        new = [row for each in old for row in offerings() if row.slug == each.slug]
    told = [(row.slug, row.title, row.description, row.status, row.minutes, row.price, row.is_intro) for row in old]
    assert told == [
        (row.slug, row.title, row.description, row.status, row.minutes, row.price, row.is_intro) for row in new
    ]


def test_it_gives_every_coach_a_week_in_their_own_zone(fill: None, cast: Cast, admin: psycopg.Connection) -> None:
    with working(cast):
        assert coach_profile(cast.ana.user_id).time_zone == "Europe/London"
        assert [len(day) for day in weekly_hours(cast.ana.user_id)] == [1, 1, 1, 1, 1, 0, 0]
    weeks = admin.execute("select count(*) from weekly_hours where practice_id = %s", [cast.ana.practice_id]).fetchone()
    assert weeks == (10,)


def test_it_leaves_what_somebody_has_set_up(fill: None, cast: Cast) -> None:
    with working(cast, cast.cleo):
        assert [row.title for row in offerings()] == ["Career hour"]
        assert weekly_hours(cast.cleo.user_id) == ((),) * 7
        assert coach_profile(cast.cleo.user_id).time_zone == "Asia/Tokyo"
