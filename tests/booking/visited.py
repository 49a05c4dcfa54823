"""Ana's practice as visitors meet it: a free intro and an hour that costs money, on weekdays from nine to five."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from flask import Flask
from flask.testing import FlaskClient

from coachhub.booking.models import CoachProfile, Offering, OfferingCoach, PracticePage, WeeklyHours
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.factories import LONG_AGO, Person


@dataclass(frozen=True)
class Shop:
    """Where things are."""

    cast: Cast
    slug: str

    @property
    def path(self) -> str:
        return f"/p/{self.slug}"

    @property
    def visitor(self) -> FlaskClient:
        return self.cast.browser()


def open_shop(cast: Cast, admin: psycopg.Connection) -> Shop:
    """The practice page, and Ana's week. Its address is what the practice's is."""
    works_weekdays(cast.app, cast.ana)
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        said = {"headline": "Careers rest on people", "about": "We meet **and** we talk.", "changed_at": LONG_AGO}
        db.session.add(PracticePage(practice_id=cast.ana.practice_id, **said))
    found = admin.execute("select slug from practices where id = %s", [cast.ana.practice_id]).fetchone()
    assert found is not None
    return Shop(cast, found[0])


def works_weekdays(
    app: Flask, coach: Person, zone: str = "Europe/London", hours: tuple[int, int] = (540, 1020)
) -> None:
    """A coach's profile and week: Monday to Friday between these minutes of the day."""
    key = {"practice_id": coach.practice_id, "coach_id": coach.user_id}
    with app.app_context(), as_practice(coach.practice_id, coach.user_id):
        db.session.add(CoachProfile(**key, time_zone=zone, title="Career coach", about="Twenty years of listening."))
        for day in range(5):
            db.session.add(WeeklyHours(**key, weekday=day, from_minute=hours[0], until_minute=hours[1]))


def an_offer(app: Flask, slug: str, *coaches: Person, **more: Any) -> UUID:
    """An open offering of these coaches: half an hour for nothing unless said otherwise."""
    offering_id, practice_id = uuid4(), coaches[0].practice_id
    said = {"title": "Free intro call", "minutes": 30, "price": 0, "place_kind": "video", "status": "open"}
    said |= {"currency": "GBP", "created_at": LONG_AGO, "changed_at": LONG_AGO, "notice_minutes": 60, "slug": slug}
    with app.app_context(), as_practice(practice_id, coaches[0].user_id):
        db.session.add(Offering(practice_id=practice_id, id=offering_id, **said | more))
        db.session.flush()
        key = {"practice_id": practice_id, "offering_id": offering_id}
        db.session.add_all(OfferingCoach(**key, coach_id=coach.user_id) for coach in coaches)
    return offering_id


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of the form that books."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrf_token"}


def written(at: datetime) -> str:
    """An instant as addresses carry it."""
    return at.strftime("%Y-%m-%dT%H:%MZ")
