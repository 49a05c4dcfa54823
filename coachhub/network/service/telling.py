"""A word to the friend about a date, written for the client to send: CoachHub itself never writes to a friend."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from coachhub.network import phrases
from coachhub.network.models import MeetupStatus
from coachhub.network.rules import Standing
from coachhub.network.service.channels import Channels, channels
from coachhub.network.service.friend_rows import FriendRow, friend_of
from coachhub.network.service.meetup_rows import MeetupRow
from coachhub.network.service.owner import Owner
from coachhub.network.service.reply_links import reply_address
from coachhub.network.service.reply_pages import ReplyPage
from coachhub.platform.language import moment_words
from coachhub.platform.zones import zone_or


@dataclass(frozen=True)
class Word:
    """A short message, the ways to send it, and the link in it; empty where no invitation led here."""

    friend: FriendRow
    text: str
    ways: Channels
    address: str


def word_to_friend(owner: Owner, page: ReplyPage) -> Word:
    """What to tell a friend about their invitation as it stands, with the link in it. Raises NotFound."""
    friend, address = friend_of(owner, page.friend_id), reply_address(page.invitation_id)
    if page.meetup is not None and page.standing in (Standing.AGREED, Standing.CALLED_OFF) and not page.is_turned_down:
        return word_on_meetup(owner, page.meetup)
    if page.is_turned_down:
        times = [_when(at, friend, owner) for at in page.proposed]
        return _word(owner, friend, phrases.word_on_other_times(friend.first_name, times, address), address)
    return _word(owner, friend, phrases.word_on_invitation(friend.first_name, address), address)


def word_on_meetup(owner: Owner, meetup: MeetupRow) -> Word:
    """What to tell a friend about a meetup that stands or is off. Raises NotFound."""
    friend = friend_of(owner, meetup.friend_id)
    address = reply_address(meetup.invitation_id) if meetup.invitation_id else ""
    when = _when(meetup.starts_at, friend, owner)
    if meetup.status is MeetupStatus.CANCELLED:
        return _word(owner, friend, phrases.word_when_off(friend.first_name, when, address), address)
    return _word(owner, friend, phrases.word_on_date(friend.first_name, when, meetup.place, address), address)


def _when(at: datetime, friend: FriendRow, owner: Owner) -> str:
    return moment_words(at, ZoneInfo(zone_or(friend.time_zone, owner.zone.key)))


def _word(owner: Owner, friend: FriendRow, text: str, address: str) -> Word:
    return Word(friend, text, channels(friend, "", text, owner.zone), address)
