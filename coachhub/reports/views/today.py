"""Today: who needs me, why, and one thing to do about it."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from coachhub.clients.forms import PeopleForm
from coachhub.coaching.service.actions import actions_of_coach
from coachhub.payments.service.plans import card_failed_until
from coachhub.platform import clock
from coachhub.platform.along import Along
from coachhub.platform.framed import Frame, render_framed
from coachhub.platform.guards import for_staff, reads_along
from coachhub.platform.identity import Identity, Role, signed_in_as
from coachhub.platform.local_time import local_day
from coachhub.platform.readings import reader
from coachhub.platform.written_once import WrittenOnce
from coachhub.reports import wording
from coachhub.reports.need_line import LATELY_CARDS, NEED_CARDS
from coachhub.reports.service.glances import day_at_a_glance
from coachhub.reports.service.today import Today, today_along
from coachhub.reports.service.today import today as today_of
from coachhub.reports.views.pages import coach_asked, pages

_FRAME = Frame("layouts/coach.html", "reports.today", "today")
_NOBODY = UUID(int=0)
_HIDDEN = "first_steps"
_YEAR = 365 * 24 * 3600
_TOPS = WrittenOnce("reports/today_parts.html", "top", wording.met_words)
_NOT_CHOSEN = WrittenOnce("reports/today_parts.html", "not_chosen")
_MORE = WrittenOnce("reports/today_parts.html", "more")
_BOTTOMS = WrittenOnce("reports/today_parts.html", "bottom")


def _along() -> Along:
    coach_id = coach_asked(_NOBODY)
    return today_along(coach_id, is_own=coach_id == _NOBODY)


@pages.get("/today")
@reads_along(_along)
@for_staff
def today() -> ResponseReturnValue:
    """Who needs the coach, most urgent first. An empty practice sees the invitation form instead."""
    person = signed_in_as()
    found = today_of(coach_asked(person.user_id), reader(), person.zone, email_verified=person.email_verified)
    if found.is_empty_practice:
        return render_template("reports/today_empty.html", form=PeopleForm().offer(person))
    return _page(found, person, request.full_path.rstrip("?"))


def _page(found: Today, person: Identity, here: str) -> str:
    """Everything is read before the template: there it is only written out."""
    now = clock.now()
    sessions = day_at_a_glance(found.whose, now, person.zone) if found.has_sessions else ()
    promised = actions_of_coach(found.whose, local_day(now, person.zone)) if found.has_promises else ()
    return render_framed(
        "reports/today.html",
        _FRAME,
        _("Today"),
        today=found,
        top=_TOPS(found.met, found.counted),
        not_chosen=_NOT_CHOSEN(found.not_chosen, found.whose, here) if found.not_chosen else "",
        more=_MORE(found.needy_count, found.whose) if found.needs_more else "",
        needy=NEED_CARDS(found.run, person.time_zone, now.year, here) if found.run else "",
        lately=LATELY_CARDS(found.lately, now.year) if found.lately else "",
        bottom=_BOTTOMS(found.whose) if found.counted else "",
        coaching_sessions=sessions,
        coachs_actions=promised,
        whose=found.whose,
        team=found.team,
        first_steps=_first_steps(found),
        grace_until=card_failed_until(found.plan) if person.role is Role.OWNER else None,
        here=here,
    )


@pages.post("/today/first-steps")
@for_staff
def hide_first_steps() -> Response:
    """Put the list of first steps away, in this browser."""
    response = redirect(url_for("reports.today"), 303)
    response.set_cookie(_HIDDEN, "hidden", max_age=_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _first_steps(found: Today) -> list[tuple[str, str, str, bool]]:
    """Title, why, step and whether it is done; nothing once all are, or the coach has put the list away."""
    if all(is_done for _, is_done in found.steps) or request.cookies.get(_HIDDEN):
        return []
    return [(*wording.first_step_words(step), step.value, is_done) for step, is_done in found.steps]
