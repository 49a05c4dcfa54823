"""What a friend answered on their page: told to the client at once, with the calendar file that keeps up with it.

It is news from a person and no reminder: it cannot be switched off, and does not go stale. At night it waits for the
morning, unless what it is about comes within a day. It names the friend and may quote them, so it comes from the
practice and not from the coach: an answer to it must not tell the coach who the friend is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import Insert

from coachhub.accounts.models import Practice
from coachhub.clients.models import Client, ClientStatus
from coachhub.network.models import Friend, Invitation, MeetupStatus
from coachhub.network.rules import FriendDid, friend_did
from coachhub.network.service.calendars import FILE_NAME, meetup_content_type, meetup_file
from coachhub.network.service.meetup_rows import MeetupRow, MoveRow, live_meetup, moves_of
from coachhub.network.service.names import first_name
from coachhub.network.service.owner import Owner
from coachhub.network.service.reply_links import offer_address
from coachhub.platform.language import as_reader
from coachhub.platform.links import address_of
from coachhub.platform.mailer import Attachment
from coachhub.reminders.kinds.kind import (
    DAY,
    HERE,
    NOW,
    SINCE,
    About,
    Claim,
    Kind,
    Letter,
    Pointless,
    Reading,
    add_messages,
    adding,
    instant_words,
    read_claimed,
)
from coachhub.reminders.kinds.parties import PARTIES, join_parties, letter_to_client, of_practice
from coachhub.reminders.kinds.zones import zone_named
from coachhub.reminders.models import Message
from coachhub.reminders.rules import cannot_wait

LOST_AFTER = timedelta(days=30)
"""How long an answer is looked for that nobody was told of: longer than any outage."""


@dataclass(frozen=True)
class AnswerFacts:
    """What the friend did and wrote. `times` are those they offer, as UTC instants still ahead; `starts_at` and
    `place` are the meetup's: the one agreed, or the one that is off.
    """

    did: FriendDid
    friend: str
    note: str
    times: tuple[datetime, ...] = ()
    starts_at: datetime | None = None
    place: str = ""

    @property
    def first_name(self) -> str:
        """What to call the friend."""
        return first_name(self.friend)


def plan_friend_answered(now: datetime) -> int:
    """Plan it for each answer that a friend gave. A later answer of the same friend's is a message of its own."""
    return add_messages(_adding(), now, since=now - LOST_AFTER)


@cache
def _adding() -> Insert:
    rows = (
        select()
        .select_from(Invitation)
        .join(Client, and_(Client.practice_id == Invitation.practice_id, Client.id == Invitation.client_id))
        .where(
            Invitation.practice_id == HERE,
            Invitation.answered_by == "friend",
            Invitation.answered_at <= NOW,
            Invitation.answered_at > SINCE,
            Client.status != ClientStatus.ARCHIVED,
        )
    )
    said_at = instant_words(Invitation.answered_at)  # which of the friend's answers it is
    about = About(
        Invitation.id, Invitation.answered_at, user=Invitation.user_id, client=Invitation.client_id, day=said_at
    )
    return adding(FRIEND_ANSWERED, rows, about)


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    query = (
        select(
            Message.id,
            Message.fields[DAY].astext.label("planned_for"),
            instant_words(Invitation.answered_at).label("said_at"),
            Invitation.id.label("invitation_id"),
            Invitation.answer,
            Invitation.answered_at,
            Invitation.answered_by,
            Invitation.counter_times,
            Invitation.reply_note,
            Invitation.client_id,
            Invitation.user_id,
            Friend.name.label("friend_name"),
            of_practice(Practice.half_life_days).label("half_life_days"),
            *PARTIES,
        )
        .select_from(Message)
        .join(Invitation, and_(Invitation.practice_id == Message.practice_id, Invitation.id == Message.subject_id))
        .join(Friend, and_(Friend.practice_id == Invitation.practice_id, Friend.id == Invitation.friend_id))
    )
    query = join_parties(query, Invitation.client_id, Invitation.practice_id)
    return {row.id: _reading(row, now) for row in read_claimed(query, claims)}


def _reading(row: Any, now: datetime) -> Reading:
    if row.status == ClientStatus.ARCHIVED:
        return Pointless(str(row.status))
    if row.answered_by != "friend" or row.planned_for != row.said_at:
        return Pointless("superseded")
    owner = Owner(row.client_id, row.user_id, zone_named(row.time_zone), row.half_life_days)
    meetup = live_meetup(owner, row.invitation_id)
    moves = moves_of(owner, meetup.id) if meetup else ()
    did = _did(row, meetup, moves[-1] if moves else None, now)
    if did is None:
        return Pointless("settled")
    return _letter(row, did, meetup, now)


def _did(row: Any, meetup: MeetupRow | None, last: MoveRow | None, now: datetime) -> FriendDid | None:
    """What there is to tell; None where the client has settled it since the friend answered."""
    did = friend_did(row.answer, meetup.cancelled_by if meetup else None, last.moved_by if last else None)
    if row.answer == "no":
        return did
    is_off = meetup is not None and meetup.status is MeetupStatus.CANCELLED
    if is_off:
        return did if did is FriendDid.OTHER else None
    if (meetup is not None and meetup.status is MeetupStatus.HELD) or (last and last.moved_at > row.answered_at):
        return None
    is_over = meetup is None or meetup.starts_at <= now
    return None if is_over and did is not FriendDid.OTHER else did


def _letter(row: Any, did: FriendDid, meetup: MeetupRow | None, now: datetime) -> Letter:
    is_standing = meetup is not None and meetup.status is MeetupStatus.SCHEDULED
    shown = meetup if is_standing or did is FriendDid.CALLED_OFF else None
    times = tuple(at for at in row.counter_times if at > now) if did is FriendDid.OTHER else ()
    facts = AnswerFacts(
        did=did,
        friend=row.friend_name,
        note=row.reply_note,
        times=times,
        starts_at=shown.starts_at if shown else None,
        place=shown.place if shown else "",
    )
    soonest = min((at for at in (facts.starts_at, *times) if at and at > now), default=None)
    letter = letter_to_client(row, _leads_to(row, did, meetup), facts)
    return letter._replace(
        coach_name=None,
        reply_to=None,
        attachments=_files(row, shown, letter) if did is not FriendDid.OTHER else (),
        is_pressing=cannot_wait(soonest, now),
    )


def _leads_to(row: Any, did: FriendDid, meetup: MeetupRow | None) -> str:
    if did is FriendDid.OTHER:
        return offer_address(row.invitation_id)
    if did in (FriendDid.AGREED, FriendDid.MOVED) and meetup is not None:
        return address_of(f"/meetups/{meetup.id}")
    return address_of("/month?ask=choose")


def _files(row: Any, meetup: MeetupRow | None, letter: Letter) -> tuple[Attachment, ...]:
    if meetup is None:
        return ()
    with as_reader(letter.to.locale, letter.to.zone.key):
        file = meetup_file(meetup, letter.to.full_name, row.friend_name, address_of(f"/meetups/{meetup.id}"))
    return (Attachment(FILE_NAME, meetup_content_type(meetup), file),)


FRIEND_ANSWERED = Kind("friend_answered", is_reminder=False, plan=plan_friend_answered, read=_read, is_quiet=True)
