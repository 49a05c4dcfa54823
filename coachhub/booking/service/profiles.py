"""Who the practice and its coaches are, as visitors meet them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from coachhub.accounts.models import Membership, Practice, User
from coachhub.booking.models import CoachProfile, PracticePage
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class PracticePageRow:
    """A practice as its page shows it. `about` is Markdown; `accent` a colour as #rrggbb; `is_open`: shown at all."""

    practice_id: UUID
    slug: str
    name: str
    time_zone: str
    currency: str
    locale: str
    accent: str | None
    headline: str
    about: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class CoachProfileRow:
    """A coach as visitors meet them. `about` is Markdown; `place` their own link, number or address for sessions.

    `time_zone` is the zone of their weekly hours. `daily_limit`: bookings a day at most, None for no limit.
    """

    coach_id: UUID
    name: str
    time_zone: str
    daily_limit: int | None
    title: str
    about: str
    place: str
    feed_number: int


def practice_page() -> PracticePageRow:
    """The bound practice's page; a practice that never wrote one has an open page without words."""
    chosen = (
        select(Practice.id, Practice.slug, Practice.name, Practice.time_zone, Practice.currency, Practice.locale)
        .add_columns(Practice.accent, func.coalesce(PracticePage.headline, ""), func.coalesce(PracticePage.about, ""))
        .add_columns(func.coalesce(PracticePage.is_open, True))
        .outerjoin(PracticePage, PracticePage.practice_id == Practice.id)
        .where(Practice.id == current_practice())
    )
    row = db.session.execute(chosen).one_or_none()
    if row is None:
        raise NotFound
    return PracticePageRow(*row)


def coach_profile(coach_id: UUID) -> CoachProfileRow:
    """A coach of the bound practice; one without a profile has their own zone and no words. Raises NotFound."""
    profile = (CoachProfile.practice_id == Membership.practice_id) & (CoachProfile.coach_id == Membership.user_id)
    words = (CoachProfile.title, CoachProfile.about, CoachProfile.place)
    chosen = (
        select(User.id, User.name, func.coalesce(CoachProfile.time_zone, User.time_zone), CoachProfile.daily_limit)
        .add_columns(*(func.coalesce(column, "") for column in words), func.coalesce(CoachProfile.feed_number, 0))
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .outerjoin(CoachProfile, profile)
        .where(Membership.practice_id == current_practice(), Membership.user_id == coach_id)
        .where(Membership.role != "client")
    )
    row = db.session.execute(chosen).one_or_none()
    if row is None:
        raise NotFound
    return CoachProfileRow(*row)
