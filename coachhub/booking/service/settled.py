"""What of a practice page stands until somebody changes it: all but what is taken of the coaches' time.

A web process keeps what it has read of it, by the stamp under which it did: another one stands beside the practice as
soon as any of it is changed. See migration 0078.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.accounts.service.logos import LogoMark
from coachhub.booking.models import OfferingStatus, PlaceKind
from coachhub.booking.rules.hours import Hours
from coachhub.booking.rules.slots import Diary
from coachhub.booking.service.offers import OfferingRow, PackageRow
from coachhub.booking.service.profiles import PracticePageRow
from coachhub.booking.service.taken import COUNTED, Begun, unpacked
from coachhub.platform.told import id_told

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class CoachOnPage:
    """A coach as the practice page introduces them. `about` is Markdown."""

    name: str
    title: str
    about: str


@dataclass(frozen=True, slots=True, eq=False)
class SettledPage:
    """As it was read for some days. `diaries` say when coaches work, `asked` what to ask for to hear what is taken.

    It is itself alone, so to look for what was made of it is to look at where it lies.
    """

    days: Days
    practice: PracticePageRow
    logo: LogoMark | None
    coaches: tuple[CoachOnPage, ...]
    packages: tuple[PackageRow, ...]
    offerings: tuple[tuple[OfferingRow, tuple[UUID, ...]], ...]
    diaries: tuple[Diary, ...]
    asked: Mapping[str, object]

    def diaries_with(self, taken: str | None) -> dict[UUID, Diary]:
        """By coach, with what is taken of their time."""
        busy = {UUID(coach_id): unpacked(ranges) for coach_id, ranges in json.loads(taken or "[]")}
        return {
            each.coach_id: Diary(each.coach_id, each.hours, busy.get(each.coach_id, ()), daily_limit=each.daily_limit)
            for each in self.diaries
        }


NOTHING_KNOWN: Mapping[str, object] = {"known": None, "coaches": None, "counted": COUNTED}


class Memory:
    """What this process has read of a practice's page last."""

    settled: SettledPage | None = None


@lru_cache(maxsize=16)
def memory_of(_slug: str) -> Memory:
    """Of the practice at an address, whether or not there is any."""
    return Memory()


def settled_told(stamp: UUID, days: Days, told: str) -> SettledPage:
    """The answer of the function `page_settled`."""
    (practice_id, *of_practice), logo, coaches, sold, listed, diaries, coach_ids, counts_days = json.loads(told)
    practice = PracticePageRow(UUID(practice_id), *of_practice)
    return SettledPage(
        days=days,
        practice=practice,
        logo=LogoMark(logo[0], logo[1], datetime.fromisoformat(logo[2])) if logo else None,
        coaches=tuple(CoachOnPage(*coach) for coach in coaches),
        packages=tuple(map(_package, sold)),
        offerings=tuple((offering_told(each), tuple(map(UUID, by or ()))) for each, by in listed),
        diaries=tuple(_diary(each, practice.time_zone) for each in diaries),
        asked={
            "known": stamp,
            "coaches": "{" + ",".join(coach_ids) + "}",
            "counted": COUNTED if counts_days else None,
        },
    )


def begun_told(told: str | None) -> Sequence[Begun]:
    """The bookings by which days are counted."""
    coach, offering = cache(UUID), cache(id_told)  # of all bookings the same few
    found = json.loads(told or "[]")
    return [(coach(coach_id), float(start), offering(offering_id)) for coach_id, start, offering_id in found]


def _diary(told: Sequence[Any], zone: str) -> Diary:
    """A coach without a profile lives by the practice's clock."""
    coach_id, own_zone, daily_limit, weekly, dated = told
    return Diary(UUID(coach_id), Hours(ZoneInfo(own_zone or zone), weekly or (), dated or ()), daily_limit=daily_limit)


_OFFERING_FIELDS = tuple(OfferingRow.__dataclass_fields__)


def offering_told(told: Sequence[Any]) -> OfferingRow:
    """An offering, of its columns in their order."""
    values = dict(zip(_OFFERING_FIELDS, told, strict=True))
    kinds = {"status": OfferingStatus(values["status"]), "place_kind": PlaceKind(values["place_kind"])}
    return OfferingRow(**values | kinds | {"id": UUID(values["id"])})


def _package(told: Sequence[Any]) -> PackageRow:
    package_id, offering_id, slug, title, description, status, *others = told
    return PackageRow(UUID(package_id), UUID(offering_id), slug, title, description, OfferingStatus(status), *others)
