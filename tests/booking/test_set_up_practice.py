"""What a practice and a coach begin with."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from coachhub.accounts.service.practices import Place, sign_up
from coachhub.booking.models import OfferingStatus, WeeklyHours
from coachhub.booking.service.offers import coaches_of, offerings
from coachhub.booking.service.profiles import coach_profile, practice_page
from coachhub.booking.service.starting import set_up_coach, set_up_practice
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice, as_visitor
from tests.cast import Cast
from tests.factories import a_coach

pytestmark = pytest.mark.usefixtures("clean")
LONDON = Place("en_GB", "Europe/London", "GBP")


@pytest.fixture
def started(cast: Cast) -> Cast:
    """Ana's practice, set up."""
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        set_up_practice(cast.ana.practice_id, cast.ana.user_id)
    return cast


def test_it_gives_a_new_practice_a_free_intro_that_is_open_and_an_hour_in_draft(app: Flask) -> None:
    with app.app_context(), as_visitor():
        account = sign_up("Nia Coaching", "nia@example.com", "three or four words", LONDON)
        intro, hour = offerings()
        assert (intro.minutes, intro.price, intro.status, intro.is_intro) == (30, 0, OfferingStatus.OPEN, True)
        assert (hour.minutes, hour.status, hour.currency) == (60, OfferingStatus.DRAFT, "GBP")
        assert [coach.coach_id for coach in coaches_of(intro.id)] == [account.user_id]
        assert coach_profile(account.user_id).time_zone == "Europe/London"
        assert practice_page().is_open


def test_it_gives_a_new_coach_monday_to_friday_9_to_17(app: Flask) -> None:
    with app.app_context(), as_visitor():
        sign_up("Nia Coaching", "nia@example.com", "three or four words", LONDON)
        columns = (WeeklyHours.weekday, WeeklyHours.from_minute, WeeklyHours.until_minute)
        rows = db.session.execute(select(*columns).order_by(WeeklyHours.weekday))
        assert [tuple(row) for row in rows] == [(day, 540, 1020) for day in range(5)]


def test_it_sets_a_practice_up_once(started: Cast) -> None:
    with started.app.app_context(), as_practice(started.ana.practice_id, started.ana.user_id):
        set_up_practice(started.ana.practice_id, started.ana.user_id)
        assert len(offerings()) == 2
        assert db.session.execute(select(func.count()).select_from(WeeklyHours)).scalar_one() == 5


def test_it_gives_a_further_coach_a_week_and_no_offering(started: Cast) -> None:
    eva = a_coach(started.app, started.ana, "Eva Evans", "eva@example.com")
    with started.app.app_context(), as_practice(eva.practice_id, eva.user_id):
        set_up_coach(eva.user_id)
        assert db.session.execute(select(func.count()).where(WeeklyHours.coach_id == eva.user_id)).scalar_one() == 5
        assert [coach.name for row in offerings() for coach in coaches_of(row.id)] == ["Ana Alvarez"] * 2
