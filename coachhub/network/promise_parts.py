"""What a client promised, as lines with a button: the same for all but for the words."""

from collections.abc import Iterable

from flask_babel import gettext as _

from coachhub.network.service.promises import Promise
from coachhub.platform.language import date_words
from coachhub.platform.written_alike import WrittenAlike
from coachhub.platform.written_once import Written

_LINES = WrittenAlike("network/promise_parts.html", "line")


def promise_lines(promises: Iterable[Promise], back: str) -> Written:
    """One after the other; `back`: the endpoint of the page to which their buttons lead back."""
    return _LINES.of_each((_own(promise), (promise.day is not None, back)) for promise in promises)


def _own(promise: Promise) -> tuple[object, ...]:
    on = "" if promise.day is None else _("today") if promise.days == 0 else date_words(promise.day)
    return promise.meetup_id, promise.words, promise.first_name, on
