"""The client's month: the portal's first page, one question at a time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import render_template, request, session
from flask.typing import ResponseReturnValue

from coachhub.habits.forms import MessageForm, PlanForm, TimesForm, moments_to
from coachhub.habits.rules import Month, Question, good_moments
from coachhub.habits.service.lookback import past_month
from coachhub.habits.service.month import MonthPage, page_of, suggestions
from coachhub.habits.service.month_facts import MonthFacts, month_along, month_facts
from coachhub.habits.service.notes import easy_ones, follow_up
from coachhub.habits.service.writing import Letter, letter
from coachhub.habits.views.month_alike import month_alike
from coachhub.habits.views.pages import pages
from coachhub.habits.wording import doing_words, place_words, times_hint
from coachhub.network.forms import AgreeForm, LogForm, ThreeFriendsForm, TimeAndPlaceForm
from coachhub.network.service.drafts import Tone
from coachhub.network.service.free_hours import free_hours
from coachhub.network.service.friends import FriendRow, list_friends
from coachhub.network.service.message_facts import friend_zone
from coachhub.network.service.owner import Owner, owner_of
from coachhub.network.service.sharing import shares_all
from coachhub.platform import clock
from coachhub.platform.errors import NotFound
from coachhub.platform.framed import Frame, render_framed
from coachhub.platform.guards import for_client, reads_along
from coachhub.platform.identity import signed_in_as
from coachhub.platform.language import month_words

Context = dict[str, Any]
_QUESTIONS = frozenset(Question)
_FRAME = Frame("layouts/portal.html", "habits.month", "month")
MOST_SHOWN = 50
SKIPPED, SKIPS = "warm_up_skipped", 2
"""Where the browser remembers that a warm-up was skipped, and how often it is offered all the same."""


def owner() -> Owner:
    """The signed-in client as the owner of their network."""
    return owner_of(signed_in_as().client_id)


@pages.get("/month")
@reads_along(lambda: month_along(is_asked=_asked() is not None))
@for_client
def month() -> ResponseReturnValue:
    ask = _asked()
    return _shown(month_facts(signed_in_as().client_id, clock.now(), is_asked=ask is not None), ask)


def _asked() -> Question | None:
    asked = request.args.get("ask", "") if request.query_string else ""
    return Question(asked) if asked in _QUESTIONS else None


@pages.get("/month/<month>")
@for_client
def look_back(month: str) -> ResponseReturnValue:
    mine = owner()
    try:
        asked = Month.parse(month)
    except ValueError:
        raise NotFound from None
    return render_template("habits/past_month.html", page=past_month(mine, asked, clock.now()), zone=mine.zone)


def show(mine: Owner, ask: Question | None = None, **forms: Any) -> str:
    """The page with its one question. `forms` are those that were sent and are shown again with their errors."""
    return _shown(month_facts(mine.client_id, clock.now()), ask, **forms)


def _shown(facts: MonthFacts, ask: Question | None, **forms: Any) -> str:
    mine, now = facts.owner, clock.now()
    page = page_of(facts, now, ask)
    plan_ahead = page.plan if page.plan and page.plan.at > now else None
    name = month_words(page.month.first_day())
    alike = month_alike(_FRAME, name, page, facts, has_plan=plan_ahead is not None)
    if alike is not None:
        return alike
    context = _context(facts, page)
    said = {"to_thank": facts.to_thank, "promises": facts.promises, "agreed_on": facts.agreed_on}
    told = {"page": page, "plan_ahead": plan_ahead, "zone": mine.zone, "today": mine.today(), **said}
    template = f"habits/month/{page.question}.html"
    return render_framed(template, _FRAME, name, month_name=name, **{**told, **context, **forms})


def _context(facts: MonthFacts, page: MonthPage) -> Context:
    """What its question needs beside; somebody who is done and has a next date ahead is asked for as a whole here."""
    more = _CONTEXT.get(page.question)
    return more(facts.owner if facts.is_owner_whole else owner(), page) if more else {}


def _friends(mine: Owner, page: MonthPage) -> Context:
    return {"form": ThreeFriendsForm()}


def _plan(mine: Owner, page: MonthPage) -> Context:
    form, moments = PlanForm(mine), good_moments(clock.now(), mine.zone)
    doing = doing_words(page.friend.first_name if page.friend else None, is_sent=page.situation.is_sent)
    if page.plan:
        form.start_with(page.plan.at, page.plan.doing, page.plan.place)
    else:
        form.start_with(moments[0] if moments else clock.now(), doing, "")
    offers = [(moment, place_words(moment.astimezone(mine.zone))) for moment in moments]
    return {"form": form, "offers": offers, "doing": doing}


def _choose(mine: Owner, page: MonthPage) -> Context:
    return {"suggestions": suggestions(mine, page)}


def _somebody(mine: Owner, page: MonthPage) -> Context:
    search = request.args.get("q", "").strip()[:100]
    found = list_friends(mine, search, limit=MOST_SHOWN + 1)
    return {"friends": found[:MOST_SHOWN], "has_more": len(found) > MOST_SHOWN, "search": search}


def _letter_context(written: Letter, mine: Owner) -> Context:
    form, times = MessageForm(formdata=None), TimesForm(formdata=None)
    form.tone.data, form.subject.data, form.body.data = written.tone, written.subject, written.body
    times.start_with(written.proposal, written.tone, mine.zone)
    zone = friend_zone(written.friend)
    hints = {
        field.id: times_hint(at, mine.zone, zone) for field, at in zip(times.fields, written.proposal.at, strict=False)
    }
    return {
        "letter": written,
        "form": form,
        "times": times,
        "hints": hints,
        "offered": moments_to(written.proposal.at),
        "has_free_hours": bool(free_hours(mine)),
    }


def _write(mine: Owner, page: MonthPage) -> Context:
    asked = request.args.get("tone", "")
    written = letter(mine, page, Tone(asked) if asked in set(Tone) else None)
    return {**_letter_context(written, mine), "easy": _easy(mine, page)}


def _easy(mine: Owner, page: MonthPage) -> list[FriendRow]:
    """Whom a warm-up could go to, before the very first message; nobody once it was skipped twice."""
    if not page.situation.is_first or page.friend is None or session.get(SKIPPED, 0) >= SKIPS:
        return []
    return easy_ones(mine, page.friend.id)


def _follow_up(mine: Owner, page: MonthPage) -> Context:
    note = follow_up(mine, page)
    return {"letter": note, "offered": moments_to(note.proposal.at)}


def _answer(mine: Owner, page: MonthPage) -> Context:
    return _plan(mine, page) if not page.plan else {}


def _agree(mine: Owner, page: MonthPage) -> Context:
    form = AgreeForm(formdata=None)
    now = clock.now()
    proposed = [moment for moment in (page.sent.proposal.at if page.sent else ()) if moment > now]
    first = next(iter(proposed), None) or next(iter(good_moments(now, mine.zone)), now + timedelta(days=1))
    shown = first.astimezone(mine.zone)
    form.day.data, form.at.data = shown.date(), shown.time().replace(second=0, microsecond=0)
    form.place.data = page.sent.proposal.place if page.sent else ""
    if page.progress:
        form.minutes.data = page.progress.minutes_asked // page.progress.target
    return {"form": form, "proposed": proposed}


def _move(mine: Owner, page: MonthPage) -> Context:
    form = TimeAndPlaceForm(formdata=None)
    if page.meetup:
        form.start_with(page.meetup, mine)
    return {"form": form}


def _log(mine: Owner, page: MonthPage) -> Context:
    form = LogForm(formdata=None)
    if page.meetup:
        form.start_with(page.meetup, None, mine, shares_all(mine))
    return {"form": form}


_CONTEXT: dict[Question, Callable[[Owner, MonthPage], Context]] = {
    Question.FRIENDS: _friends,
    Question.PLAN: _plan,
    Question.CHOOSE: _choose,
    Question.SOMEBODY: _somebody,
    Question.WRITE: _write,
    Question.FOLLOW_UP: _follow_up,
    Question.ANSWER: _answer,
    Question.AGREE: _agree,
    Question.MOVE: _move,
    Question.LOG: _log,
    Question.MET: _somebody,
    Question.DONE: _choose,
}
