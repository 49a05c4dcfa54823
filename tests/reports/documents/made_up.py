"""Facts of reports, made up: what documents are set from, without a database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from coachhub.coaching.models import CoachingSessionStatus, NoteLevel, Party
from coachhub.coaching.service.actions import ActionRow
from coachhub.coaching.service.notes import NoteRow
from coachhub.coaching.service.reading import CoachingSessionRow
from coachhub.habits.rules import CycleResult, Month, MonthResult, heat_of, shown_strength, streak, strength_series
from coachhub.habits.service.progress import MonthProgress
from coachhub.network.rules import Facts, Kind, Network, network_on
from coachhub.reports.documents.facts import Coached, ProgressFacts, SessionFacts, Whose

LONDON = ZoneInfo("Europe/London")
AT = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
TODAY = date(2026, 3, 5)
CLIENT, COACH, SESSION = UUID(int=1), UUID(int=2), UUID(int=3)
_RESULTS = {
    "d": (CycleResult.DONE, 1),
    "D": (CycleResult.DONE, 2),
    "m": (CycleResult.MISSED, 0),
    "p": (CycleResult.PAUSED, 0),
    "c": (CycleResult.CARRIED, 0),
    ".": (CycleResult.CURRENT, 0),
}


def whose(client: str = "Ben Berger", **said: Any) -> Whose:
    """Ana's practice and a client of hers."""
    known: dict[str, Any] = {
        "practice_name": "Ana Coaching",
        "accent": None,
        "logo": None,
        "practice_locale": "en_GB",
        "half_life_days": 270,
        "client_id": CLIENT,
        "client_name": client,
        "client_locale": None,
        "user_id": UUID(int=4),
        "zone": LONDON,
        "coach_name": "Ana Alvarez",
    }
    return Whose(**known | said)


def months(life: str, last: Month | None = None) -> tuple[MonthProgress, ...]:
    """A letter a month, the last one this month's: d and D done, m missed, p paused, c carried over, . still open."""
    end = last or Month.of(TODAY)
    named = [end.plus(at - len(life) + 1) for at in range(len(life))]
    results = [_RESULTS[letter] for letter in life]
    bridged = streak([MonthResult(month, result) for month, (result, _) in zip(named, results, strict=True)]).bridged
    strengths = strength_series(result for result, _ in results)
    return tuple(
        MonthProgress(
            month=month,
            result=result,
            held=held,
            level=heat_of(result, held),
            minutes=55 * held,
            strength=shown_strength(strength),
            is_bridged=month in bridged,
            has_habit=True,
        )
        for month, (result, held), strength in zip(named, results, strengths, strict=True)
    )


def network(silences: Sequence[int], today: date = TODAY, count: int = 13) -> Network:
    """Friends who were last met so many days ago, and two years before that."""
    kinds = list(Kind)
    friends = [
        Facts(
            liking=3 + at % 3,
            kind=kinds[at % len(kinds)],
            employer=at % 5,
            known_from=None,
            known_until=None,
            added_on=today - timedelta(days=60 + 40 * at),
            contacts=tuple(sorted(today - timedelta(days=days) for days in (silence + 700, silence))),
        )
        for at, silence in enumerate(silences)
    ]
    return network_on(friends, today, months=count)


def note(text: str, author: str = "Ana Alvarez", author_id: UUID = COACH) -> NoteRow:
    """A note that the client reads, too."""
    return NoteRow(uuid4(), SESSION, author_id, author, NoteLevel.CLIENT, text, 1, AT)


def action(text: str, owner: Party = Party.CLIENT, due_on: date | None = None, *, is_done: bool = False) -> ActionRow:
    """An action agreed in the session."""
    done = {"done_at": AT, "done_by": Party.CLIENT} if is_done else {"done_at": None, "done_by": None}
    who = {"client_id": CLIENT, "client_name": "Ben Berger", "client_zone": LONDON}
    who |= {"coach_id": COACH, "coach_name": "Ana Alvarez"}
    known: dict[str, Any] = {"id": uuid4(), "session_id": SESSION, "created_at": AT, "dropped_at": None, **who, **done}
    return ActionRow(owner=owner, text=text, due_on=due_on, **known)


def session_row(starts_at: datetime = AT, **said: Any) -> CoachingSessionRow:
    """The session, an hour long."""
    known: dict[str, Any] = dict.fromkeys(CoachingSessionRow.__dataclass_fields__)
    known |= {"id": SESSION, "client_id": CLIENT, "client_name": "Ben Berger", "client_zone": LONDON}
    known |= {"coach_id": COACH, "coach_name": "Ana Alvarez", "starts_at": starts_at, "minutes": 60, "topic": ""}
    return CoachingSessionRow(**known | {"status": CoachingSessionStatus.HELD} | said)


def session_facts(**said: Any) -> SessionFacts:
    """A session with nothing in it yet."""
    empty = SessionFacts(whose(), AT, session_row(), (), (), (), (), network([]), None)
    return replace(empty, **said)


def progress_facts(life: str = "", length: int = 12, **said: Any) -> ProgressFacts:
    """The last months of a life, as many as `length`."""
    this = Month.of(TODAY)
    known: dict[str, Any] = {
        "whose": whose(),
        "made_at": AT,
        "first": this.plus(1 - length).first_day(),
        "last": TODAY,
        "last_month": this.first_day(),
        "months": months(life) if life else (),
        "network": network([], count=max(length, 12) + 1),
        "coached": Coached(0, 0),
        "done": (),
        "done_count": 0,
        "agreed": 0,
        "names_nobody": False,
    }
    return ProgressFacts(**known | said)
