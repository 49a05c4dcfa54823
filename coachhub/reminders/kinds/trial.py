"""A test: a reminder as it would be, with made-up facts, to the coach who asked for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select

from coachhub.accounts.models import Membership, Practice, User
from coachhub.platform.db import db
from coachhub.platform.links import address_of
from coachhub.reminders.kinds.kind import Claim, Kind, Letter, Reading, Recipient, is_claimed
from coachhub.reminders.kinds.zones import zone_named
from coachhub.reminders.models import Message

KIND = "kind"
"""The field of a message that names the kind which is tried."""
_STAFF = ("owner", "coach")


@dataclass(frozen=True)
class Trial:
    """The reminder which is tried, by its name."""

    kind: str


def trial_letter(kind: str, to: Recipient, practice_name: str) -> Letter:
    """A letter that tries a kind; its button leads to the page of its words, as the month of a client is not theirs."""
    return Letter(
        to=to,
        coach_name=to.full_name or None,
        reply_to=to.address,
        practice_name=practice_name,
        leads_to=address_of(f"/settings/messages/{kind}"),
        facts=Trial(kind),
    )


def _nothing_by_itself(now: datetime) -> int:
    """It is asked for by a button alone, which puts it in the outbox."""
    return 0


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    query = (
        select(
            Message.id,
            Message.fields[KIND].astext.label("kind"),
            User.email,
            User.name,
            User.locale,
            User.time_zone,
            Practice.name.label("practice_name"),
        )
        .join(Practice, Practice.id == Message.practice_id)
        .join(User, User.id == Message.user_id)
        .join(Membership, and_(Membership.practice_id == Message.practice_id, Membership.user_id == User.id))
        .where(*is_claimed(claims))
        .where(Membership.role.in_(_STAFF))
    )
    return {
        row.id: trial_letter(
            row.kind, Recipient(row.email, row.name, row.locale, zone_named(row.time_zone)), row.practice_name
        )
        for row in db.session.execute(query)
    }


TEST_MAIL = Kind("test_mail", is_reminder=False, plan=_nothing_by_itself, read=_read)
