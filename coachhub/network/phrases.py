"""Phrases that a message to a friend is made of."""


from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from coachhub.network.rules import Silence, SilenceUnit


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
