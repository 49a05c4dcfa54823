"""What the report of a coaching session says, in its reader's language: all of it text, for the template to set."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.coaching.service.actions import ActionRow
from coachhub.coaching.wording import minutes_words
from coachhub.habits.rules import CycleResult, Month
from coachhub.platform.language import time_words, zone_words
from coachhub.platform.local_time import local_day
from coachhub.platform.markdown_tree import as_blocks
from coachhub.reports.documents.facts import SessionFacts
from coachhub.reports.documents.frame import day_words, frame, typed, weekday_words
from coachhub.reports.documents.network_words import network_part
from coachhub.reports.documents.pictures import A_YEAR, habit_picture, key_of


def session_words(facts: SessionFacts) -> dict[str, object]:
    """All that the document says."""
    session, zone = facts.session, facts.whose.zone
    name, client = str(_("Session report")), typed(session.client_name)
    day = day_words(session.starts_at.astimezone(zone).date())
    sample = "".join((session.client_name, session.topic, *(note.text for note in facts.notes)))
    return {
        **frame(facts.whose, name, f"{name}, {client}, {day}", (client, day), sample),
        "head": _head(facts, name, client),
        "topic": {"name": str(_("Topic")), "words": typed(session.topic)},
        "notes": _notes(facts),
        "actions": _actions(facts),
        "habit": _habit(facts),
        "network": network_part(facts.network, _year_change(facts)),
        "next": {"name": str(_("Next session")), "words": _next(facts)},
    }


def _head(facts: SessionFacts, name: str, client: str) -> dict[str, object]:
    session, zone = facts.session, facts.whose.zone
    with_whom = _("%(client)s with %(coach)s", client=client, coach=typed(session.coach_name))
    return {
        "kind": name,
        "title": weekday_words(session.starts_at, zone),
        "lines": [str(with_whom), f"{_hours(facts)} · {minutes_words(session.minutes)}"],
    }


def _hours(facts: SessionFacts) -> str:
    session, zone = facts.session, facts.whose.zone
    start, end = time_words(session.starts_at, zone), time_words(session.ends_at, zone)
    return str(_("%(start)s to %(end)s, %(city)s time", start=start, end=end, city=zone_words(zone)))


def _notes(facts: SessionFacts) -> dict[str, object]:
    """Each note in its author's order; who wrote it is said where they are several."""
    authors = {note.author_id for note in facts.notes}
    notes = [
        {"by": typed(note.author_name) if len(authors) > 1 else "", "blocks": as_blocks(note.text)}
        for note in facts.notes
    ]
    nothing = _("No notes of this session are shared.")
    return {"name": str(_("Notes")), "nothing": str(nothing), "all": [note for note in notes if note["blocks"]]}


def _actions(facts: SessionFacts) -> dict[str, object]:
    return {
        "name": str(_("Actions")),
        "nothing": str(_("No actions were agreed.")),
        "heads": [str(_("What")), str(_("Who")), str(_("By when"))],
        "agreed": _rows(facts.agreed),
        "before_name": str(_("Still open from before")),
        "before": _rows(facts.before),
    }


def _rows(actions: Sequence[ActionRow]) -> list[list[object]]:
    return [
        [
            each.done_at is not None,
            str(_("Open") if each.is_open else _("Done")),
            typed(each.text),
            typed(each.owner_name),
            day_words(each.due_on) if each.due_on else "",
        ]
        for each in actions
    ]


def _habit(facts: SessionFacts) -> dict[str, object]:
    name, months = str(_("Habit")), facts.months
    if not months:
        return {"name": name, "words": str(_("The habit has not begun yet.")), "charts": [], "key": []}
    last = Month.of(local_day(min(facts.session.starts_at, facts.made_at), facts.whose.zone))
    picture = habit_picture(months, last, A_YEAR)
    return {"name": name, "words": _habit_words(facts), "charts": [picture], "key": key_of([picture])}


def _habit_words(facts: SessionFacts) -> str:
    year = facts.months[-A_YEAR:]
    counted = [each for each in year if each.result in (CycleResult.DONE, CycleResult.MISSED)]
    done = sum(each.result is CycleResult.DONE for each in counted)
    strength = _("Habit strength is %(strength)s of 100.", strength=facts.months[-1].strength)
    if not counted:
        return f"{_('No month has counted yet.')} {strength}"
    months = ngettext(
        "%(done)s of the last %(num)s month that counted is done.",
        "%(done)s of the last %(num)s months that counted are done.",
        len(counted),
        done=done,
    )
    return f"{months} {strength}"


def _year_change(facts: SessionFacts) -> float | None:
    """What a year has changed in the network; None where it was not there a year ago."""
    if facts.network is None or not facts.network.months[0].value:
        return None
    return facts.network.strength - facts.network.months[0].value


def _next(facts: SessionFacts) -> str:
    if facts.next is None:
        return str(_("None is planned yet."))
    zone = facts.whose.zone
    start = time_words(facts.next.starts_at, zone)
    return str(_("%(day)s, %(time)s", day=weekday_words(facts.next.starts_at, zone), time=start))
