"""Short messages around the invitation, one tone each: after no answer, after a meetup, before the very first one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, update

from coachhub.habits.service.habits import notes_of
from coachhub.habits.service.month import MonthPage
from coachhub.habits.service.month_facts import SentMessage
from coachhub.habits.service.progress import progress_of
from coachhub.habits.service.writing import ahead_of
from coachhub.network.models import Contact, Friend, Log
from coachhub.network.rules import MOST_TIMES
from coachhub.network.service.contacts import How, note_contact
from coachhub.network.service.drafts import (
    NOTHING,
    Channels,
    Proposal,
    Purpose,
    Tone,
    channels,
    draft_to,
    mark_followed_up,
    renew_times,
)
from coachhub.network.service.free_hours import free_times
from coachhub.network.service.friend_rows import FriendRow, friend_of, friend_row, quiet_since, select_friends
from coachhub.network.service.meetups import MeetupPage, meetup_of
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.network.service.reply_links import reply_address
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.local_time import local_day

EASY_ONES = 3


@dataclass(frozen=True, slots=True)
class Note:
    """A short message ready to go, and the ways to send it; `proposal` holds times that are ahead."""

    friend: FriendRow
    subject: str
    body: str
    ways: Channels
    proposal: Proposal = NOTHING


@dataclass(frozen=True, slots=True)
class Thanks:
    """A thank-you after a meetup: the message, and the meetup with what the client wrote about it."""

    note: Note
    page: MeetupPage


def follow_up(owner: Owner, page: MonthPage) -> Note:
    """A gentle word to the friend who has not answered, with the same link. Raises NotFound where nobody is asked."""
    if page.friend is None or page.sent is None:
        raise NotFound
    proposal = replace(page.sent.proposal, at=renewed(owner, page.sent))
    return _note(owner, page.friend, Purpose.FOLLOW_UP, proposal, reply_address(page.sent.id))


def renewed(owner: Owner, sent: SentMessage) -> tuple[datetime, ...]:
    """Up to three times: those of a message that are still ahead, and the next free hours on other days."""
    ahead = ahead_of(sent.proposal.at)
    days = {local_day(at, owner.zone) for at in ahead}
    fresh = [at for at in free_times(owner, MOST_TIMES + len(ahead)) if local_day(at, owner.zone) not in days]
    return tuple(sorted((*ahead, *fresh[: MOST_TIMES - len(ahead)])))


def prepare_follow_up(owner: Owner, page: MonthPage) -> None:
    """Put the times that a second message offers behind the link. Nothing happens where no message waits."""
    if page.sent is not None and page.sent.answer is None:
        renew_times(owner, page.sent.id, renewed(owner, page.sent))


def send_follow_up(owner: Owner, page: MonthPage, at: Sequence[datetime]) -> None:
    """The client has written a second time, offering these times (UTC instants). A second click changes nothing."""
    if page.sent is None or page.sent.followed_up_at is not None:
        return
    renew_times(owner, page.sent.id, at)
    mark_followed_up(owner, page.sent.id)


def thanks(owner: Owner, meetup_id: UUID) -> Thanks:
    """A thank-you for a meetup that was held and written down. Raises NotFound for any other."""
    page = meetup_of(owner, meetup_id)
    if page.log is None:
        raise NotFound
    return Thanks(_note(owner, friend_of(owner, page.meetup.friend_id), Purpose.THANKS), page)


def mark_thanked(owner: Owner, meetup_id: UUID) -> None:
    """The client has sent the thank-you. A second click changes nothing. Raises NotFound without a log."""
    one_at_a_time(owner)
    thanks(owner, meetup_id)
    first = update(Log).where(owned_by(owner, Log), Log.meetup_id == meetup_id, Log.thanked_at.is_(None))
    db.session.execute(first.values(thanked_at=clock.now()))


def easy_ones(owner: Owner, chosen_id: UUID | None) -> list[FriendRow]:
    """Whom a warm-up could go to: the warmest whom the client can reach, never the one they have chosen.

    Nobody, once a warm-up was sent. Those with an address come first: others are reached by the client's own means.
    """
    is_warm = exists().where(owned_by(owner, Contact), Contact.how == How.WARM_UP)
    has_way = (Friend.email != "") | (Friend.phone != "")
    candidates = select_friends(owner).where(~Friend.never_suggest, ~is_warm)
    if chosen_id is not None:
        candidates = candidates.where(Friend.id != chosen_id)
    warmest = candidates.order_by(has_way.desc(), quiet_since().desc().nulls_last(), Friend.liking.desc(), Friend.id)
    today = owner.today()
    return [friend_row(row, owner, today) for row in db.session.execute(warmest.limit(EASY_ONES))]


def warm_up(owner: Owner, friend: FriendRow) -> Note:
    """Two lines to somebody easy."""
    return _note(owner, friend, Purpose.WARM_UP)


def send_warm_up(owner: Owner, friend_id: UUID) -> None:
    """The client has sent a warm-up: no real contact until something comes back. Raises NotFound."""
    note_contact(owner, friend_id, owner.today(), How.WARM_UP)


def _note(owner: Owner, friend: FriendRow, purpose: Purpose, proposal: Proposal = NOTHING, link: str = "") -> Note:
    running = progress_of([owner.client_id], clock.now()).get(owner.client_id)
    template = notes_of(running.habit_id if running else None)[purpose]
    [text] = draft_to(owner, friend, {Tone.LIGHT: template}, proposal, link).texts
    return Note(friend, text.subject, text.body, channels(friend, text.subject, text.body, owner.zone), proposal)
