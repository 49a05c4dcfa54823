"""A word to the friend about a date, written for the client to send: CoachHub itself never writes to a friend."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coachhub.network import phrases
from coachhub.network.models import Invitation, MeetupStatus
from coachhub.network.rules import ANSWERED_LATELY, Standing
from coachhub.network.service.channels import Channels, channels
from coachhub.network.service.friend_rows import FriendRow, friend_of
from coachhub.network.service.meetup_rows import MeetupRow
from coachhub.network.service.owner import Owner, owned_by
from coachhub.network.service.reply_links import reply_address
from coachhub.network.service.reply_pages import ReplyPage, reply_page
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.zones import zone_or


@dataclass(frozen=True)
class Word:
    """A short message, the ways to send it, and the link in it; empty where no invitation led here."""

    friend: FriendRow
    text: str
    ways: Channels
    address: str


@dataclass(frozen=True)
class LinkToCopy:
    """The link that is on its way to a friend."""

    invitation_id: UUID
    address: str


def link_to_copy(owner: Owner, friend_id: UUID) -> LinkToCopy | None:
    """The link of the newest message to a friend, while something can still be done under it."""
    sent = select(Invitation.id).where(
        owned_by(owner, Invitation), Invitation.friend_id == friend_id, Invitation.sent_at.is_not(None)
    )
    is_recent = Invitation.sent_at > clock.now() - ANSWERED_LATELY
    query = sent.where(is_recent, Invitation.withdrawn_at.is_(None)).order_by(Invitation.sent_at.desc(), Invitation.id)
    newest = db.session.scalar(query.limit(1))
    if newest is None or not reply_page(owner, newest).standing.may_change:
        return None
    return LinkToCopy(newest, reply_address(newest))


def word_to_friend(owner: Owner, page: ReplyPage) -> Word:
    """What to tell a friend about their invitation as it stands, with the link in it. Raises NotFound."""
    friend, address = friend_of(owner, page.friend_id), reply_address(page.invitation_id)
    if page.meetup is not None and page.standing in (Standing.AGREED, Standing.CALLED_OFF) and not page.is_turned_down:
        return word_on_meetup(owner, page.meetup)
    if page.is_turned_down:
        times = [_when(at, friend, owner) for at in page.proposed]
        return _word(owner, friend, phrases.word_on_other_times(friend.first_name, times, address), address)
    return _word(owner, friend, phrases.word_on_invitation(friend.first_name, address), address)


def is_to_be_told(meetup: MeetupRow) -> bool:
    """Whether there may be something about a meetup that the friend does not know: it stands, or the client is who
    called it off.
    """
    is_off = meetup.status is MeetupStatus.CANCELLED
    return meetup.invitation_id is not None and (meetup.cancelled_by == "client" if is_off else True)


def word_on_meetup(owner: Owner, meetup: MeetupRow) -> Word:
    """What to tell a friend about a meetup that stands or is off. Raises NotFound."""
    friend = friend_of(owner, meetup.friend_id)
    address = reply_address(meetup.invitation_id) if meetup.invitation_id else ""
    when = _when(meetup.starts_at, friend, owner)
    if meetup.status is MeetupStatus.CANCELLED:
        return _word(owner, friend, phrases.word_when_off(friend.first_name, when, address), address)
    return _word(owner, friend, phrases.word_on_date(friend.first_name, when, meetup.place, address), address)


def _when(at: datetime, friend: FriendRow, owner: Owner) -> str:
    """In the friend's zone where it is known; it is named where it is not the client's own."""
    zone = ZoneInfo(zone_or(friend.time_zone, owner.zone.key))
    told = phrases.when(at, zone)
    return told if zone.key == owner.zone.key else phrases.in_zone(told, zone)


def _word(owner: Owner, friend: FriendRow, text: str, address: str) -> Word:
    return Word(friend, text, channels(friend, "", text, owner.zone), address)
