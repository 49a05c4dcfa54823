"""Phrases that a message to a friend is made of."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from coachhub.network.rules import Silence, SilenceUnit
from coachhub.platform.language import date_words, time_words


def silence_in_message(silence: Silence | None) -> str:
    """How a person would put the silence in a message, as vague as friends are: `more than a year`.

    Empty when nobody knows, or when it is too short to be worth a word.
    """
    if silence is None or silence.unit in (SilenceUnit.DAYS, SilenceUnit.WEEKS):
        return ""
    if silence.unit is SilenceUnit.YEARS:
        return str(_("a few years") if silence.count < 7 else _("many years"))
    if silence.count >= 12:
        return str(_("more than a year"))
    return str(_("a few months") if silence.count < 6 else _("more than half a year"))


def either(parts: list[str]) -> str:
    """`A, B or C`, as the reader's language writes it."""
    return str(format_list(parts, style="or", locale=get_locale() or "en")) if parts else ""


def meeting_words(other: str) -> str:
    """What a meetup is called in a calendar: with whom, where that is known."""
    return str(_("Meeting %(name)s", name=other) if other else _("A meetup"))


def meetup_lines(me: str, other: str, address: str) -> str:
    """What stands below a meetup in a calendar: who meets, and the page of the meetup."""
    who = _("%(me)s and %(other)s", me=me, other=other) if me and other else ""
    where_to = _("Move it or call it off: %(address)s", address=address)
    return "\n".join(line for line in (who, where_to) if line)


def word_on_date(name: str, when: str, place: str, address: str) -> str:
    """The client tells a friend that a date stands."""
    if place:
        date = _("Hello %(name)s, it is a date: %(when)s, %(place)s.", name=name, when=when, place=place)
    else:
        date = _("Hello %(name)s, it is a date: %(when)s.", name=name, when=when)
    link = _("Should anything come up, you can move it here: %(address)s", address=address)
    return f"{date} {link}" if address else str(date)


def word_on_other_times(name: str, times: list[str], address: str) -> str:
    """The client cannot make the times that a friend has offered."""
    sorry = _("Hello %(name)s, I cannot make those times, I am sorry.", name=name)
    if times:
        ask = _("Would this suit you: %(times)s? One tap is enough: %(address)s", times=either(times), address=address)
    else:
        ask = _("Which other day would suit you? You can tell me here: %(address)s", address=address)
    return f"{sorry} {ask}"


def word_on_invitation(name: str, address: str) -> str:
    """The link once more, for a friend who has lost it."""
    return str(_("Hello %(name)s, here you can tell me when it suits you: %(address)s", name=name, address=address))


def word_when_off(name: str, when: str, address: str) -> str:
    """The client has to call a date off."""
    sorry = _("Hello %(name)s, I am sorry: I cannot make it on %(when)s after all.", name=name, when=when)
    again = _("I would still like to see you. Which other day would suit you? %(address)s", address=address)
    return f"{sorry} {again}" if address else str(sorry)


def when(instant: datetime, zone: ZoneInfo) -> str:
    """`Thursday 12 March at 12:30`, as the clocks of a zone show it."""
    return str(_("%(day)s at %(time)s", day=date_words(instant, zone), time=time_words(instant, zone)))


def in_zone(times: str, zone: ZoneInfo) -> str:
    """Times with the name of the place whose clocks they are of: `Thursday 12 March at 13:30 (Berlin time)`."""
    place = get_timezone_location(zone, locale=get_locale() or "en", return_city=True).rpartition("/")[2]
    return str(_("%(times)s (%(place)s time)", times=times, place=place))
