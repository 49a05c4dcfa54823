"""How the practice and its coaches present themselves to visitors."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.elements import ColumnElement

from coachhub.accounts.models import Practice
from coachhub.accounts.service import audit
from coachhub.booking.models import CoachProfile, PracticePage
from coachhub.booking.service.profiles import coach_profile
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class ProfileEntry:
    """What a coach says of themselves. `about` is Markdown; `place` their usual link, number or address."""

    title: str
    about: str
    place: str


@dataclass(frozen=True, slots=True)
class PageEntry:
    """What the practice says of itself. `about` is Markdown; a page that is not open is not there for visitors.

    `accent` is the brand's colour as #rrggbb; None for ours.
    """

    headline: str
    about: str
    is_open: bool
    accent: str | None


def hold_profile(coach_id: UUID) -> None:
    """Hold the coach's profile until the transaction ends, made where there is none. Raises NotFound for no coach."""
    key = {"practice_id": current_practice(), "coach_id": coach_id, "time_zone": coach_profile(coach_id).time_zone}
    db.session.execute(insert(CoachProfile).values(**key).on_conflict_do_nothing())
    db.session.execute(select(CoachProfile.coach_id).where(_of(coach_id)).with_for_update())


def keep_profile(coach_id: UUID, entry: ProfileEntry) -> None:
    """Replace what visitors read of a coach. Raises NotFound for no coach."""
    hold_profile(coach_id)
    values = {"title": entry.title, "about": entry.about, "place": entry.place}
    db.session.execute(update(CoachProfile).where(_of(coach_id)).values(**values))


def keep_practice_page(entry: PageEntry) -> None:
    """Replace what visitors read of the practice, its colour, and whether they see its page at all."""
    values = {"headline": entry.headline, "about": entry.about, "is_open": entry.is_open, "changed_at": clock.now()}
    written = insert(PracticePage).values(practice_id=current_practice(), **values)
    db.session.execute(written.on_conflict_do_update(index_elements=["practice_id"], set_=values))
    db.session.execute(update(Practice).where(Practice.id == current_practice()).values(accent=entry.accent))
    audit.note("page_changed", current_practice())


def _of(coach_id: UUID) -> ColumnElement[bool]:
    return (CoachProfile.practice_id == current_practice()) & (CoachProfile.coach_id == coach_id)
