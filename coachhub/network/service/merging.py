"""Two friends turn out to be one: all that happened with both stays, with the one who is kept."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from coachhub.network.models import Contact, Friend, ImportRow, Invitation, Log, Meetup
from coachhub.network.service.changes import MERGED, changed
from coachhub.network.service.contacts import How, recount_last_contact
from coachhub.network.service.drafts import was_written
from coachhub.network.service.friend_rows import FriendRow, friend_of
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.network.service.sharing import share_friend
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice

CHOSEN = (
    "name", "company", "title", "kind", "liking", "known_from", "known_until", "email", "phone", "profile", "city",
    "time_zone",
)  # fmt: skip
"""The fields of which one is chosen where both friends have something else. Notes are kept of both."""


@dataclass(frozen=True)
class Sides:
    """Two friends side by side, and the fields in which both have something, but not the same."""

    kept: FriendRow
    gone: FriendRow
    differing: tuple[str, ...]


def sides_of(owner: Owner, kept_id: UUID, gone_id: UUID) -> Sides:
    """Two friends before they become one. Raises NotFound, and Refused (409) for one and the same."""
    if kept_id == gone_id:
        raise Refused(409, _("That is one and the same friend. Choose the other one."))
    kept, gone = friend_of(owner, kept_id), friend_of(owner, gone_id)
    return Sides(kept, gone, tuple(name for name in CHOSEN if _differs(kept, gone, name)))


def _differs(kept: FriendRow, gone: FriendRow, name: str) -> bool:
    one, other = getattr(kept, name), getattr(gone, name)
    return bool(one) and bool(other) and one != other


def merge_friends(owner: Owner, kept_id: UUID, gone_id: UUID, from_gone: Collection[str] = ()) -> None:
    """Make one friend of two: `kept_id` stays, with the fields named in `from_gone` taken from the other one.

    What is empty is filled. Messages, meetups, logs, contacts and choices come along; the earlier number stays, the
    stricter switches win, and nothing is shared that was not: where only one was, the coach sees neither any more.
    Raises NotFound, so also for two who are one already, and Refused (409) for one and the same.
    """
    one_at_a_time(owner)
    _unite(owner, sides_of(owner, kept_id, gone_id), from_gone)


def _unite(owner: Owner, sides: Sides, from_gone: Collection[str]) -> None:
    kept, gone = sides.kept, sides.gone
    _bring_along(owner, kept.id, gone.id)
    MERGED.tell(owner, kept.id, gone.id)
    found = update(Friend).where(owned_by(owner, Friend), Friend.id == kept.id)
    db.session.execute(found.values(**_united(sides, from_gone)))
    db.session.execute(delete(Friend).where(owned_by(owner, Friend), Friend.id == gone.id))
    if kept.shared != gone.shared:
        share_friend(owner, kept.id, flag=False)
    recount_last_contact(owner, kept.id)
    changed(owner)


def _bring_along(owner: Owner, kept_id: UUID, gone_id: UUID) -> None:
    for table in (Invitation, Meetup, Log, Contact):
        rows = update(table).where(owned_by(owner, table), table.friend_id == gone_id)
        db.session.execute(rows.values(friend_id=kept_id), execution_options={"synchronize_session": False})
    lines = update(ImportRow).where(
        ImportRow.practice_id == current_practice(), ImportRow.user_id == owner.user_id, ImportRow.friend_id == gone_id
    )
    db.session.execute(lines.values(friend_id=kept_id), execution_options={"synchronize_session": False})
    _keep_one_draft(owner, kept_id)
    _keep_latest_memory(owner, kept_id)


def _keep_one_draft(owner: Owner, friend_id: UUID) -> None:
    drafts = (owned_by(owner, Invitation), Invitation.friend_id == friend_id, Invitation.sent_at.is_(None))
    written_first = (was_written().desc(), Invitation.created_at.desc(), Invitation.id.desc())
    newest = select(Invitation.id).where(*drafts).order_by(*written_first).limit(1)
    db.session.execute(delete(Invitation).where(*drafts, Invitation.id.not_in(newest.scalar_subquery())))


def _keep_latest_memory(owner: Owner, friend_id: UUID) -> None:
    said = (owned_by(owner, Contact), Contact.friend_id == friend_id, Contact.how == How.REMEMBERED)
    latest = select(Contact.id).where(*said).order_by(Contact.happened_on.desc(), Contact.id.desc()).limit(1)
    db.session.execute(delete(Contact).where(*said, Contact.id.not_in(latest.scalar_subquery())))


def _united(sides: Sides, from_gone: Collection[str]) -> dict[str, object]:
    kept, gone = sides.kept, sides.gone

    def field(name: str) -> object:
        one, other = getattr(kept, name), getattr(gone, name)
        return other if (name in from_gone and other) or not one else one

    return {
        **{name: field(name) for name in CHOSEN},
        "notes": "\n\n".join(dict.fromkeys(notes for notes in (kept.notes, gone.notes) if notes)),
        "number": min(kept.number, gone.number),
        "created_at": min(kept.created_at, gone.created_at),
        "never_suggest": kept.never_suggest or gone.never_suggest,
        "not_before": max((day for day in (kept.not_before, gone.not_before) if day), default=None),
        # Undoing an import must not take somebody who was also known from elsewhere.
        "import_id": kept.import_id if kept.import_id == gone.import_id else None,
    }
