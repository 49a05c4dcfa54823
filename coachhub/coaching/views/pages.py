"""The blueprint of coaching, and what its templates may say and ask."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint

from coachhub.coaching import wording
from coachhub.coaching.models import TemplateKind
from coachhub.coaching.rules import clocks_differ, link_in
from coachhub.coaching.rules.notes import LONGEST_NOTE
from coachhub.coaching.service.hours import counts_of
from coachhub.coaching.service.reading import CoachingSessionRow, open_sessions_of, sessions_of_day
from coachhub.coaching.service.templates import templates_of
from coachhub.coaching.views.client_habit import habit_of_client
from coachhub.platform import clock
from coachhub.platform.identity import signed_in_as
from coachhub.platform.language import moment_words

pages = Blueprint("coaching", __name__)


@pages.app_context_processor
def _for_the_coachs_pages() -> dict[str, Callable[..., object]]:
    """Today and a client's page show sessions, too; asked for by the template, so that no other page reads them."""
    return {
        "open_sessions_of": open_sessions_of,
        "sessions_of_today": sessions_of_today,
        "is_session_over": is_over,
        "session_status_words": wording.status_words,
        "clients_time": clients_time,
    }


@pages.context_processor
def _words() -> dict[str, object]:
    return {
        "status_words": wording.status_words,
        "minutes_words": wording.minutes_words,
        "link_in": link_in,
        "cost_words": wording.cost_words,
        "rule_words": wording.rule_words,
        "level_words": wording.level_words,
        "level_hint": wording.level_hint,
        "template_kind_words": wording.template_kind_words,
        "habit_of_client": habit_of_client,
        "counts_of": counts_of,
        "counts_words": wording.counts_words,
        "hours_words": wording.hours_words,
        "begin_choices": lambda kind: templates_of(TemplateKind(kind)),
        "longest_note": LONGEST_NOTE,
    }


def sessions_of_today(coach_id: UUID | None) -> tuple[CoachingSessionRow, ...]:
    """The sessions of a coach, or of all, on the day of whoever looks."""
    return sessions_of_day(coach_id, clock.now(), signed_in_as().zone)


def is_over(found: CoachingSessionRow) -> bool:
    """Whether its time has begun and nobody has said what came of it."""
    return found.is_open and found.starts_at <= clock.now()


def clients_time(found: CoachingSessionRow) -> str:
    """When it begins by the client's clock, with the name of the zone; empty where that is the reader's time, too."""
    if not clocks_differ(found.starts_at, signed_in_as().zone, found.client_zone):
        return ""
    return moment_words(found.starts_at, found.client_zone)
