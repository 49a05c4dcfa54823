"""What the tests of a coach's set-up begin with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from coachhub.booking.models import PlaceKind
from coachhub.booking.service.offering_book import OfferingEntry
from coachhub.booking.service.package_book import PackageEntry
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.factories import Person

HOUR = OfferingEntry(
    title="Career hour",
    description="An hour.",
    minutes=60,
    price=9000,
    place_kind=PlaceKind.VIDEO,
    place="",
    is_hidden=False,
    is_intro=False,
    coach_choice=False,
    buffer_before=0,
    buffer_after=15,
    notice_minutes=720,
    horizon_days=60,
    step_minutes=30,
    daily_limit=None,
    free_until_minutes=1440,
    late_percent=50,
    move_until_minutes=1440,
    coach_ids=frozenset(),
)


def an_hour(*coaches: Person, **more: object) -> OfferingEntry:
    """An hour of coaching for 90 pounds, given by these."""
    return replace(HOUR, coach_ids=frozenset(coach.user_id for coach in coaches), **more)  # type: ignore[arg-type]


def five_sessions(offering_id, **more: object) -> PackageEntry:  # type: ignore[no-untyped-def]
    """Five sessions of an offering, for 400 pounds, good for half a year."""
    entry = PackageEntry(offering_id, "Five sessions", "", 5, 40000, 180, False, False)
    return replace(entry, **more)  # type: ignore[arg-type]


@contextmanager
def working(cast: Cast, person: Person | None = None) -> Iterator[None]:
    """As Ana in her practice, or as somebody else in theirs."""
    who = person or cast.ana
    with cast.app.app_context(), as_practice(who.practice_id, who.user_id):
        yield
