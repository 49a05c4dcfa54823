"""Mails to owners and coaches: who they are, and what they have switched off."""

from sqlalchemy import ColumnElement, exists, or_

from coachhub.accounts.models import Membership
from coachhub.reminders.kinds.parties import Instant, is_off_or_late, is_ruled_out
from coachhub.reminders.models import CoachSwitch

STAFF = ("owner", "coach")


def is_off_for_staff(kind: str, since: Instant | None = None) -> ColumnElement[bool]:
    """Whether the member of a row, or their practice, does not want this kind, or has wanted it only after `since`."""
    own = (CoachSwitch.practice_id == Membership.practice_id, CoachSwitch.user_id == Membership.user_id)
    is_off = is_off_or_late(CoachSwitch.is_off, CoachSwitch.changed_at, since)
    switch = exists().where(*own, CoachSwitch.kind == kind, is_off)
    return or_(switch.correlate_except(CoachSwitch), is_ruled_out(kind, since))
