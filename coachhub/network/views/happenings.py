"""The timeline of a friendship in words."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from coachhub.network import wording
from coachhub.network.service.contacts import How
from coachhub.network.service.happenings import Happening, What
from coachhub.platform.language import date_short, date_words, moment_words


@dataclass(frozen=True)
class Line:
    """One line of the timeline; `url` leads to the meetup it is about, `contact_id` to what may be deleted."""

    title: str
    when: date | datetime
    words: str
    text: str
    url: str | None
    is_good: bool
    contact_id: UUID | None


def line_about(happening: Happening, zone: ZoneInfo) -> Line:
    """What happened, in the words of the client's page."""
    day = happening.day
    remembered = happening.what is What.CONTACT and happening.detail == How.REMEMBERED
    words = (date_short(day) if remembered else date_words(day)) if day else moment_words(happening.at, zone)
    return Line(
        title=_title(happening, zone),
        when=day or happening.at,
        words=_("about %(day)s", day=words) if remembered else words,
        text=_text(happening),
        url=url_for("network.meetup", meetup_id=happening.meetup_id) if happening.meetup_id else None,
        is_good=happening.what is What.HELD,
        contact_id=happening.contact_id,
    )


def _title(happening: Happening, zone: ZoneInfo) -> str:
    what, by_friend = happening.what, happening.by_friend
    when = moment_words(happening.meant_for, zone) if happening.meant_for else ""
    if what is What.CONTACT:
        return wording.contact_words(How(happening.detail))
    if what is What.ANSWERED:
        return _answer(happening.detail, by_friend)
    moved = _("They moved it to %(when)s", when=when) if by_friend else _("You moved it to %(when)s", when=when)
    called_off = _("They called off %(when)s", when=when) if by_friend else _("You called off %(when)s", when=when)
    words: dict[What, str] = {
        What.ADDED: _("Added to your network"),
        What.IMPORTED: _("Came with %(file)s", file=happening.detail),
        What.SENT: _("You sent a message"),
        What.FOLLOWED_UP: _("You wrote again"),
        What.AGREED: _("Agreed: %(when)s", when=when),
        What.MOVED: moved,
        What.CANCELLED: called_off,
        What.HELD: _("You met"),
        What.PROMISED: _("You promised something"),
        What.THANKED: _("You said thank you"),
        What.PROMISE_DONE: _("You kept a promise"),
    }
    return words[what]


def _answer(answer: str, by_friend: bool) -> str:
    words: dict[str, tuple[str, str]] = {
        "yes": (_("They said yes"), _("The answer was yes")),
        "no": (_("They said not this time"), _("The answer was not this time")),
        "later": (_("They said later"), _("The answer was later")),
        "other": (_("They offered other times"), _("The answer was: another time")),
    }
    theirs, told = words.get(answer, (_("They answered"), _("The answer came")))
    return str(theirs if by_friend else told)


def _text(happening: Happening) -> str:
    minutes = wording.minutes_words(happening.minutes) if happening.minutes else ""
    felt = wording.feeling_words(int(happening.detail)) if happening.what is What.HELD else ""
    return " · ".join(part for part in (minutes, felt, happening.text) if part)
