"""What a friend answers under their link: yes to a time, other times, not this time; later move it or call it off.

Each answer holds the client's record first and refers to the version that the friend saw, so that two answers at once,
or an answer to what has changed meanwhile, never do what nobody meant.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import update

from coachhub.network.models import Invitation
from coachhub.network.rules import MOST_TIMES, Standing
from coachhub.network.service.changes import DECLINED, changed
from coachhub.network.service.channels import Channel
from coachhub.network.service.meetups import agree_meetup, cancel_meetup, move_meetup
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.network.service.reply_pages import ReplyPage, reply_page, times_at_once
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.platform.wakes import mail_now


class Outcome(StrEnum):
    """What became of an answer. `stale`: things have changed since that page was made; `taken`: the time is gone."""

    DONE = "done"
    STALE = "stale"
    TAKEN = "taken"


def choose_time(owner: Owner, invitation_id: UUID, version: int, at: datetime) -> Outcome:
    """The friend takes a time (UTC instant) that is on offer: it is agreed, or what was agreed moves there.

    The same time again is a second click. Raises NotFound.
    """
    page = _hold(owner, invitation_id)
    if page.standing is Standing.AGREED and page.starts_at == at:
        return Outcome.DONE
    if page.version != version or not page.standing.may_change:
        return Outcome.STALE
    if at not in (*page.proposed, *times_at_once(owner, page)):
        return Outcome.TAKEN
    _note_sent(owner, page)
    if page.standing is Standing.AGREED and page.meetup is not None:
        move_meetup(owner, page.meetup.id, at, page.meetup.place, moved_by="friend")
    else:
        agree_meetup(owner, page.friend_id, at, place=page.place, invitation_id=invitation_id, agreed_by="friend")
    _answer(owner, page, "yes")
    return Outcome.DONE


def offer_times(owner: Owner, invitation_id: UUID, version: int, times: Sequence[datetime], note: str = "") -> Outcome:
    """The friend offers up to three other times (UTC instants ahead); what is agreed stands until the client accepts.

    The same times again are a second click. Raises NotFound.
    """
    page = _hold(owner, invitation_id)
    ahead = sorted({at for at in times if at > clock.now() and at != _agreed(page)})[:MOST_TIMES]
    if tuple(ahead) == page.offered and ahead:
        return Outcome.DONE
    if page.version != version or not page.standing.may_change:
        return Outcome.STALE
    if not ahead:
        return Outcome.TAKEN
    _answer(owner, page, "other", ahead, note)
    return Outcome.DONE


def decline(owner: Owner, invitation_id: UUID, version: int, note: str = "") -> Outcome:
    """Not this time. A second click changes nothing; an agreed date is called off instead. Raises NotFound."""
    page = _hold(owner, invitation_id)
    if page.standing is Standing.DECLINED:
        return Outcome.DONE
    if page.version != version or not page.standing.may_change or page.standing is Standing.AGREED:
        return Outcome.STALE
    _answer(owner, page, "no", note=note)
    DECLINED.tell(owner, page.friend_id)
    return Outcome.DONE


def call_off(owner: Owner, invitation_id: UUID, version: int, note: str = "") -> Outcome:
    """The friend cannot come after all. A second click changes nothing. Raises NotFound."""
    page = _hold(owner, invitation_id)
    if page.standing is Standing.DECLINED:
        return Outcome.DONE
    if page.version != version or page.standing is not Standing.AGREED or page.meetup is None:
        return Outcome.STALE
    cancel_meetup(owner, page.meetup.id, cancelled_by="friend")
    _answer(owner, page, "no", note=note)
    DECLINED.tell(owner, page.friend_id)
    return Outcome.DONE


def _hold(owner: Owner, invitation_id: UUID) -> ReplyPage:
    one_at_a_time(owner)
    return reply_page(owner, invitation_id)


def _agreed(page: ReplyPage) -> datetime | None:
    return page.starts_at if page.standing is Standing.AGREED else None


def _note_sent(owner: Owner, page: ReplyPage) -> None:
    """Who has the link was sent it, whatever the client has ticked: before anything is agreed on the strength of it."""
    if not page.is_sent:
        mine = update(Invitation).where(owned_by(owner, Invitation), Invitation.id == page.invitation_id)
        unsent = mine.where(Invitation.sent_at.is_(None))
        db.session.execute(unsent.values(sent_at=clock.now(), channel=Channel.COPY.value))


def _answer(owner: Owner, page: ReplyPage, answer: str, times: Sequence[datetime] = (), note: str = "") -> None:
    """Write the answer down, and let the client know."""
    _note_sent(owner, page)
    now = clock.now()
    mine = update(Invitation).where(owned_by(owner, Invitation), Invitation.id == page.invitation_id)
    values = {"answer": answer, "answered_by": "friend", "answered_at": now, "version": Invitation.version + 1}
    db.session.execute(mine.values(**values, counter_times=list(times), reply_note=note.strip()))
    changed(owner, [now])
    mail_now(current_practice())
