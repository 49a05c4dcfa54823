"""The blueprint of coaching, and what its templates may say and ask."""

from collections.abc import Callable
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint

from coachhub.coaching import wording
from coachhub.coaching.forms.actions import ActionForm, TopicForm
from coachhub.coaching.models import TemplateKind
from coachhub.coaching.rules import clocks_differ, link_in
from coachhub.coaching.rules.actions import is_late, may_say_topic
from coachhub.coaching.rules.notes import LONGEST_NOTE
from coachhub.coaching.service.actions import (
    ActionRow,
    actions_of_session,
    actions_told,
    carried_over,
    open_actions_of,
)
from coachhub.coaching.service.hours import counts_of
from coachhub.coaching.service.reading import CoachingSessionRow, open_sessions_of
from coachhub.coaching.service.templates import templates_of
from coachhub.coaching.views.client_habit import habit_of_client
from coachhub.platform import clock
from coachhub.platform.errors import NotFound
from coachhub.platform.identity import signed_in_as
from coachhub.platform.language import moment_words
from coachhub.platform.local_time import local_day

pages = Blueprint("coaching", __name__)


@pages.app_context_processor
def _for_the_coachs_pages() -> dict[str, Callable[..., object]]:
    """Today and a client's page show sessions, too; asked for by the template, so that no other page reads them."""
    return {
        "open_sessions_of": open_sessions_of,
        "is_session_over": is_over,
        "session_status_words": wording.status_words,
        "open_actions_of": open_actions_of,
        "my_open_actions": my_open_actions,
        "actions_told": actions_told,
        "action_form": action_form,
        "action_words": wording.action_words,
        "my_action_words": wording.my_action_words,
        "promised_words": wording.promised_words,
        "is_action_late": is_action_late,
        "day_of": day_of,
        "clients_time": clients_time,
    }


@pages.context_processor
def _words() -> dict[str, Callable[..., object]]:
    return {
        "status_words": wording.status_words,
        "minutes_words": wording.minutes_words,
        "link_in": link_in,
        "cost_words": wording.cost_words,
        "rule_words": wording.rule_words,
        "actions_of_session": actions_of_session,
        "carried_over": carried_over,
        "topic_form": topic_form,
        "takes_topic": takes_topic,
    }


@pages.context_processor
def _of_notes() -> dict[str, object]:
    return {
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


def is_over(found: CoachingSessionRow) -> bool:
    """Whether its time has begun and nobody has said what came of it."""
    return found.is_open and found.starts_at <= clock.now()


def clients_time(found: CoachingSessionRow) -> str:
    """When it begins by the client's clock, with the name of the zone; empty where that is the reader's time, too."""
    if not clocks_differ(found.starts_at, signed_in_as().zone, found.client_zone):
        return ""
    return moment_words(found.starts_at, found.client_zone)


def own_record() -> UUID:
    """The record of the signed-in client. Raises NotFound where they have none."""
    client_id = signed_in_as().client_id
    if client_id is None:
        raise NotFound
    return client_id


def day_of(zone: ZoneInfo | str) -> date:
    """Today by the calendar of a zone."""
    return local_day(clock.now(), ZoneInfo(zone) if isinstance(zone, str) else zone)


def my_open_actions() -> tuple[ActionRow, ...]:
    """What is still to do of what the signed-in client agreed on, the coach's part of it, too."""
    return open_actions_of(own_record())


def is_action_late(action: ActionRow) -> bool:
    """Whether its day has passed by the client's calendar, and it is still to do."""
    return action.is_open and is_late(action.due_on, day_of(action.client_zone))


def action_form(client_name: str, coach_name: str, zone: ZoneInfo | str, session_id: UUID | None = None) -> ActionForm:
    """An empty form for something to do, `zone` being the client's."""
    return ActionForm.empty(client_name, coach_name, day_of(zone), session_id)


def takes_topic(found: CoachingSessionRow) -> bool:
    """Whether the client may still say what they would like to talk about."""
    return may_say_topic(found.is_open, found.ends_at, clock.now())


def topic_form(found: CoachingSessionRow) -> TopicForm:
    """The form for it, with what they said before."""
    return TopicForm(formdata=None, data={"topic": found.topic})
