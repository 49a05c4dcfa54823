"""What the demo practice offers: its page, its coaches' weeks, offerings, packages, a coupon, a seller, its plan."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.booking.models import (
    CoachProfile,
    DatedHours,
    Offering,
    OfferingCoach,
    Package,
    PracticePage,
    Question,
    WeeklyHours,
)
from coachhub.demo import people
from coachhub.demo.sheets import Sheets
from coachhub.demo.wares import ABOUT, COUPONS, HEADLINE, OFFERINGS, PACKAGES, PROFILES, QUESTIONS, SELLER, Sold
from coachhub.demo.who import new_id
from coachhub.payments.models import Coupon, PracticePlan, Seller
from coachhub.platform.local_time import local_day

_AGO = timedelta(days=300)
_GRANTED = timedelta(days=365)
"""How long the demo has the plan for nothing: it has more clients than a free practice may."""
_NO_HOURS: dict[str, int | None] = {"from_minute": None, "until_minute": None}


@dataclass(frozen=True)
class Offers:
    """What there is to buy: the ids of offerings and packages by their addresses, those of coupons by their codes."""

    offerings: dict[str, UUID]
    packages: dict[str, UUID]
    coupons: dict[str, UUID]


def open_office(
    sheets: Sheets, chance: random.Random, now: datetime, practice_id: UUID, coach_ids: Sequence[UUID]
) -> Offers:
    """All of it, for a practice with its coaches, the owner first."""
    key: dict[str, object] = {"practice_id": practice_id}
    sheets.add(PracticePage, **key, headline=HEADLINE, about=ABOUT, is_open=True, changed_at=now - _AGO)
    sheets.add(Seller, **key, **SELLER, changed_at=now - _AGO)
    sheets.add(PracticePlan, **key, status="free", granted_until=now + _GRANTED, changed_at=now - _AGO)
    _weeks(sheets, chance, now, key, coach_ids)
    offering_ids = {
        sold.slug: _offering(sheets, chance, now, key, position, sold) for position, sold in enumerate(OFFERINGS)
    }
    for sold in OFFERINGS:
        for number in sold.coaches:
            sheets.add(OfferingCoach, **key, offering_id=offering_ids[sold.slug], coach_id=coach_ids[number])
    _questions(sheets, chance, key, offering_ids["career-session"])
    package_ids = {str(package["slug"]): new_id(chance) for package in PACKAGES}
    for package_id, package in zip(package_ids.values(), PACKAGES, strict=True):
        dated = {"created_at": now - _AGO, "changed_at": now - _AGO, "currency": people.PRACTICE[3]}
        sheets.add(Package, **key, id=package_id, offering_id=offering_ids["career-session"], **package, **dated)
    coupon_ids = {str(coupon["code"]): new_id(chance) for coupon in COUPONS}
    for coupon_id, coupon in zip(coupon_ids.values(), COUPONS, strict=True):
        sheets.add(Coupon, **key, id=coupon_id, **coupon, created_at=now - _AGO)
    return Offers(offering_ids, package_ids, coupon_ids)


def _weeks(
    sheets: Sheets, chance: random.Random, now: datetime, key: dict[str, object], coach_ids: Sequence[UUID]
) -> None:
    today = local_day(now, ZoneInfo(people.PRACTICE[2]))
    for coach_id, profile in zip(coach_ids, PROFILES, strict=True):
        mine = {**key, "coach_id": coach_id}
        words = {"title": profile.title, "about": profile.about, "place": profile.place}
        sheets.add(CoachProfile, **mine, time_zone=profile.time_zone, daily_limit=profile.daily_limit, **words)
        for weekday, begin, end in profile.week:
            minutes = {"weekday": weekday, "from_minute": begin * 60, "until_minute": end * 60}
            sheets.add(WeeklyHours, **mine, id=new_id(chance), **minutes)
        for ahead, days, hours, note in profile.other_days:
            first = today + timedelta(days=ahead)
            span = {"first_day": first, "last_day": first + timedelta(days=days - 1), "note": note}
            minutes = dict(zip(_NO_HOURS, (hour * 60 for hour in hours or ()), strict=False))
            sheets.add(DatedHours, **mine, id=new_id(chance), **span, **_NO_HOURS | minutes)


def _offering(
    sheets: Sheets, chance: random.Random, now: datetime, key: dict[str, object], position: int, sold: Sold
) -> UUID:
    offering_id = new_id(chance)
    sheets.add(
        Offering,
        **key,
        id=offering_id,
        slug=sold.slug,
        title=sold.title,
        description=sold.description,
        status=sold.status,
        is_hidden=sold.is_hidden,
        is_intro=sold.is_intro,
        minutes=sold.minutes,
        price=sold.price,
        currency=people.PRACTICE[3],
        place_kind=sold.place_kind,
        place=sold.place,
        buffer_after=sold.buffer_after,
        late_percent=sold.late_percent,
        coach_choice=len(sold.coaches) > 1 and not sold.is_intro,
        position=position,
        created_at=now - _AGO,
        changed_at=now - _AGO,
    )
    return offering_id


def _questions(sheets: Sheets, chance: random.Random, key: dict[str, object], offering_id: UUID) -> None:
    for position, (label, kind, choices, is_required) in enumerate(QUESTIONS):
        asked = {"label": label, "kind": kind, "choices": list(choices), "is_required": is_required}
        sheets.add(Question, **key, id=new_id(chance), offering_id=offering_id, position=position, **asked)
