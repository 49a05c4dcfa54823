"""What a message to a friend can be made of: who, how long ago, where, when, and the way to answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coachhub.clients.models import Client
from coachhub.network import phrases
from coachhub.network.service.friend_rows import FriendRow
from coachhub.network.service.names import first_name
from coachhub.network.service.owner import Owner
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the client offers in a message: up to three times (UTC instants), a place, and what to talk about."""

    at: tuple[datetime, ...] = ()
    place: str = ""
    ask: str = ""


def facts_for(owner: Owner, friend: FriendRow, proposal: Proposal, link: str = "") -> dict[str, str]:
    """Every field of a message with what is known for it; an empty one is not known."""
    return {
        "friend": friend.name,
        "name": friend.first_name,
        "since": phrases.silence_in_message(friend.silence),
        "company": friend.company,
        "times": times_in_message(proposal.at, owner.zone, friend_zone(friend)),
        "place": proposal.place.strip(),
        "ask": proposal.ask.strip().rstrip(".!?\u2026 "),
        "link": link,
        "me": _own_first_name(owner),
    }


def friend_zone(friend: FriendRow) -> ZoneInfo | None:
    """The friend's time zone, where it is known."""
    return ZoneInfo(friend.time_zone) if friend.time_zone else None


def times_in_message(at: Sequence[datetime], own: ZoneInfo, theirs: ZoneInfo | None) -> str:
    """UTC instants as the friend reads them: in their zone, which is named where their clocks show another time."""
    zone = theirs or own
    words = phrases.either([phrases.when(instant, zone) for instant in at])
    is_elsewhere = any(instant.astimezone(zone).utcoffset() != instant.astimezone(own).utcoffset() for instant in at)
    return phrases.in_zone(words, zone) if is_elsewhere else words


def _own_first_name(owner: Owner) -> str:
    query = select(Client.name).where(Client.practice_id == current_practice(), Client.id == owner.client_id)
    return first_name(db.session.execute(query).scalar_one())
