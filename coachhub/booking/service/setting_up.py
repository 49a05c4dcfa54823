"""What all set-up of bookings begins with: one at a time in a practice, by somebody who works there."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from coachhub.accounts.models import Membership, Practice
from coachhub.accounts.rules.names import slug_of
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice

SECOND_CLICK = timedelta(minutes=2)
"""The same again within this time is a second click."""


def one_at_a_time() -> str:
    """Hold the practice's row until the transaction ends, so that a second click waits. Returns its currency."""
    held = select(Practice.currency).where(Practice.id == current_practice()).with_for_update(key_share=True)
    return db.session.execute(held).scalar_one()


def check_staff(coach_ids: Iterable[UUID]) -> None:
    """Refuse anybody who does not work in the bound practice."""
    wanted = set(coach_ids)
    staff = select(Membership.user_id).where(
        Membership.practice_id == current_practice(), Membership.role != "client", Membership.user_id.in_(wanted)
    )
    if wanted - set(db.session.scalars(staff)):
        raise Refused(422, _("Choose among the coaches of this practice."))


def free_slug(title: str, otherwise: str, taken: Iterable[str]) -> str:
    """An address made of a title, with a number where it is taken; a title without Latin letters has the other word."""
    slug, others = slug_of(title, otherwise), set(taken)
    numbered = (slug if number == 1 else f"{slug}-{number}" for number in range(1, len(others) + 2))
    return next(each for each in numbered if each not in others)
