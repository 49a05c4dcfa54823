"""A month in which a meetup stands ahead: who has a date, and no more to be told, reads the same but for a few words.

So the page is written once, with stand-ins where names, time, place, header and what the months came to stand. Nothing
of anybody is kept. From the day of an agreement to that of the meetup this is what a client finds.
"""

from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from coachhub.habits.month_parts import (
    Steps,
    date_written,
    has_moved_out,
    month_so_far,
    steps_shown,
    steps_written,
    when_written,
)
from coachhub.habits.rules import Question, Reason, Status
from coachhub.habits.service.month import MonthPage
from coachhub.habits.service.month_facts import MonthFacts
from coachhub.network.promise_parts import promise_lines
from coachhub.platform.framed import Frame, is_whole
from coachhub.platform.language import lang, moment_words
from coachhub.platform.signed_in_parts import signed_in_top
from coachhub.platform.written_alike import Pieces, filled, pieces_of, stand_in

_TOP, _WHO, _INSTANT, _WHEN, _PLACE, _MEETUP, _PROMISES, _SO_FAR = range(8)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the page depends on beside what stands in for something."""

    frame: Frame
    month_name: str
    steps: Steps
    reason: Reason
    has_moved: bool
    has_place: bool
    minutes: int
    has_promises: bool
    is_first: bool
    language: str
    root: str


def month_alike(frame: Frame, month_name: str, page: MonthPage, facts: MonthFacts, *, has_plan: bool) -> str | None:
    """The page; None where it asks something else, or says more: of a friend's word, a plan, thanks, their coach."""
    meetup, progress = page.meetup, page.progress
    if page.question is not Question.MEET or meetup is None or progress is None or is_whole():
        return None
    if has_plan or page.heard or facts.to_thank or facts.agreed_on or progress.verdict.status is Status.OFF_TRACK:
        return None  # whoever is off track may be told of their coach
    said = _Said(
        frame=frame,
        month_name=month_name,
        steps=steps_shown(page, progress),
        reason=progress.verdict.reason,
        has_moved=has_moved_out(meetup, page.month, facts.owner.zone),
        has_place=bool(meetup.place),
        minutes=meetup.minutes,
        has_promises=bool(facts.promises),
        is_first=len(progress.results) == 1,
        language=lang(),
        root=request.script_root,
    )
    return filled(_pieces(said), _own(page, facts, frame.home))


def _own(page: MonthPage, facts: MonthFacts, home: str) -> tuple[object, ...]:
    """In the order of the stand-ins."""
    meetup, progress = page.meetup, page.progress
    assert meetup is not None  # noqa: S101 (as was asked above)
    assert progress is not None  # noqa: S101 (as above)
    return (
        signed_in_top(home),
        meetup.friend_name,
        meetup.starts_at.isoformat(),
        moment_words(meetup.starts_at, facts.owner.zone),
        meetup.place,
        meetup.id,
        promise_lines(facts.promises, home),
        month_so_far(progress),
    )


@lru_cache(maxsize=64)
def _pieces(said: _Said) -> Pieces:
    written = render_template(
        "habits/month/meet.html",
        layout=said.frame.layout,
        active=said.frame.active,
        month_name=said.month_name,
        page=_page(said),
        zone=ZoneInfo("UTC"),
        plan_ahead=None,
        promises=[_PROMISES] if said.has_promises else [],
        booster_due=lambda _progress: False,
        signed_in_top=lambda _home: stand_in(_TOP),
        month_steps=lambda *_: steps_written(said.steps),
        month_when=lambda *_: when_written(stand_in(_INSTANT), stand_in(_WHEN)),
        month_date=lambda *_: date_written(stand_in(_MEETUP), has_moved=said.has_moved),
        month_so_far=lambda *_: stand_in(_SO_FAR),
        promise_lines=lambda *_: stand_in(_PROMISES),
    )
    return pieces_of(written)


def _page(said: _Said) -> Any:
    return SimpleNamespace(
        question=Question.MEET,
        month=None,
        plan=None,
        heard=None,
        situation=SimpleNamespace(is_ahead=True, has_choice=False),
        progress=SimpleNamespace(
            is_paused=False,
            steps=SimpleNamespace(held=0),
            results=[None] if said.is_first else [None, None],
            verdict=SimpleNamespace(reason=said.reason),
        ),
        meetup=SimpleNamespace(
            friend_name=stand_in(_WHO), minutes=said.minutes, place=stand_in(_PLACE) if said.has_place else ""
        ),
    )
