"""An invitation that waits for its answer, as its friend sees it: whoever is asked reads the same but for a few words.

So the page is written once, with stand-ins where names, place, link and times stand. Nothing of anybody is kept.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import render_template, session
from flask.globals import request_ctx
from markupsafe import escape

from coachhub.network.rules import Standing
from coachhub.network.service.reply_pages import ReplyPage
from coachhub.platform import clock
from coachhub.platform.language import date_words, lang, time_words
from coachhub.platform.written_once import Written, WrittenOnce, writes_anew

# Nobody can write them: they are made up anew by each process. In an address they need no quoting.
_STAND_INS = {
    name: f"{secrets.token_hex(16)}-{name}" for name in ("who", "first", "place", "token", "version", "times")
}
_NAMED = {stand_in: name for name, stand_in in _STAND_INS.items()}
_ANY = re.compile(f"({'|'.join(_NAMED)})")


class _Words(NamedTuple):
    """What the page depends on beside what stands in for something. A tuple, as it is made and hashed each time."""

    standing: Standing
    zone: ZoneInfo
    has_place: bool
    has_times: bool
    is_turned_down: bool
    language: str
    root: str


class Choice(NamedTuple):
    """A time to take by one tap, in words of the clock of a zone."""

    at: datetime
    zone: ZoneInfo
    words: str


def _choice(at: datetime, zone: ZoneInfo, _year: int) -> Choice:
    return Choice(at, zone, f"{date_words(at, zone)}, {time_words(at, zone)}")


_CHOICE = WrittenOnce("network/reply/choices.html", "choice", _choice, most=2048)


def choices(times: Iterable[datetime], zone: ZoneInfo) -> Written:
    """The times to choose from. A day is written with its year where it is not the running one."""
    return _CHOICE.each(times, zone, clock.now().year)


def page_alike(page: ReplyPage, token: str, at_once: tuple[datetime, ...]) -> str | None:
    """The page for the friend alone; None where it has more to say: of a meetup, of other times, or something once."""
    if page.meetup is not None or page.offered or "_flashes" in session or writes_anew():
        return None
    times = page.proposed or at_once
    words = _Words(
        standing=page.standing,
        zone=page.zone,
        has_place=bool(page.place),
        has_times=bool(times),
        is_turned_down=page.is_turned_down,
        language=lang(),
        root=request_ctx.request.root_path,
    )
    told = {"who": page.who, "first": page.who_first, "place": page.place, "token": token, "version": page.version}
    return _filled(_pieces(words), {**told, "times": choices(times, page.zone)})


@lru_cache(maxsize=256)
def _pieces(words: _Words) -> tuple[str, ...]:
    """By turns what all of them read, and the name of what stands there."""
    stand_in = _STAND_INS
    page = SimpleNamespace(
        standing=words.standing,
        zone=words.zone,
        who=stand_in["who"],
        who_first=stand_in["first"],
        place=stand_in["place"] if words.has_place else "",
        version=stand_in["version"],
        proposed=(stand_in["times"],) if words.has_times else (),
        offered=(),
        is_turned_down=words.is_turned_down,
        starts_at=None,
        meetup=None,
    )
    told = {"page": page, "token": stand_in["token"], "said": "", "is_own": False, "at_once": ()}
    written = render_template("network/reply/page.html", **told, choices=lambda *_: stand_in["times"])
    return tuple(_NAMED.get(piece, piece) for piece in _ANY.split(written))


def _filled(pieces: tuple[str, ...], told: Mapping[str, object]) -> str:
    said = {name: str(escape(value)) for name, value in told.items()}
    return "".join([said[piece] if number % 2 else piece for number, piece in enumerate(pieces)])
