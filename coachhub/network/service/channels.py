"""Ways to reach a friend from the client's own programs. CoachHub itself never writes to a friend."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.core import get_global

from coachhub.network.rules import mailto_link, sms_link, whatsapp_link
from coachhub.network.service.friend_rows import FriendRow

_FEWEST_DIGITS = 5


class Channel(StrEnum):
    """How the client sent a message."""

    MAIL = "mail"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    COPY = "copy"
    SHARE = "share"


@dataclass(frozen=True)
class Channels:
    """Links with the text in them, and the way that is most likely taken.

    Where no address or number is known, the client's own program asks whom to write to.
    """

    mail: str
    sms: str
    whatsapp: str
    likely: Channel


def channels(friend: FriendRow, subject: str, body: str, zone: ZoneInfo | None = None) -> Channels:
    """The links to a friend. A number without country is read as one of the client's zone."""
    number = as_e164(friend.phone, zone) or ""
    dialable = number or (friend.phone if is_dialable(friend.phone) else "")
    in_order = ((friend.email, Channel.MAIL), (number, Channel.WHATSAPP), (dialable, Channel.SMS))
    return Channels(
        mail=mailto_link(friend.email, subject, body),
        sms=sms_link(dialable, body),
        whatsapp=whatsapp_link(number, body),
        likely=next((channel for known, channel in in_order if known), Channel.COPY),
    )


def as_e164(phone: str, zone: ZoneInfo | None = None) -> str | None:
    """A number as `+447700900123`, or None where it cannot be one of the whole world."""
    import phonenumbers

    try:
        number = phonenumbers.parse(phone, _region_of(zone))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_dialable(phone: str) -> bool:
    """Whether a telephone could make something of it."""
    return sum(character.isdecimal() for character in phone) >= _FEWEST_DIGITS


def _region_of(zone: ZoneInfo | None) -> str | None:
    if zone is None:
        return None
    region: str | None = get_global("zone_territories").get(zone.key)
    return region if region and region.isalpha() else None
