"""How mail stands at one moment, across all practices."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from coachhub.operations.service.pausing import Pause, pauses, slugs_of
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_visitor

_WAITING = text("select practice_id, state, messages, oldest from lookup.mail_waiting(:at)")
_SETTLED = text("select kind, state, reason, last_minutes, last_hour, last_day from lookup.mail_settled(:at)")
_UNKNOWN = text("select messages, last_day from lookup.mail_unknown(:at)")
_SUPPRESSED = text("select lookup.suppressed_addresses()")
_TAKEN = {"sent", "delivered", "bounced", "complained"}
_MOST_PRACTICES = 5


@dataclass(frozen=True)
class Backlog:
    """Messages that are due and not settled: how many, and since when the oldest waits."""

    messages: int
    oldest: datetime


@dataclass(frozen=True)
class Ending:
    """How so many messages of a kind ended in the last day, and why."""

    kind: str
    state: str
    reason: str
    messages: int


@dataclass(frozen=True)
class MailStatus:
    """The backlog by state and of the practices that wait longest, what the provider took, how the rest ended."""

    at: datetime
    waiting: dict[str, Backlog]
    practices: dict[str, Backlog]
    taken: dict[str, int]
    endings: list[Ending]
    unknown: int
    unknown_last_day: int
    suppressed_addresses: int
    pauses: list[Pause]


def mail_status() -> MailStatus:
    """Look now. The running application is the worker's; no transaction is open."""
    now = clock.now()
    with as_visitor():
        waiting = db.session.execute(_WAITING, {"at": now}).all()
        settled = db.session.execute(_SETTLED, {"at": now}).all()
        unknown = db.session.execute(_UNKNOWN, {"at": now}).one()
        suppressed = db.session.execute(_SUPPRESSED).scalar_one()
    longest = sorted(_by(waiting, "practice_id").items(), key=lambda each: each[1].oldest)[:_MOST_PRACTICES]
    slugs = slugs_of([practice_id for practice_id, _ in longest])
    return MailStatus(
        at=now,
        waiting={str(state): backlog for state, backlog in _by(waiting, "state").items()},
        practices={slugs[practice_id]: backlog for practice_id, backlog in longest},
        taken=_taken(settled),
        endings=_endings(settled),
        unknown=unknown.messages,
        unknown_last_day=unknown.last_day,
        suppressed_addresses=suppressed,
        pauses=pauses(),
    )


def _by(waiting: Sequence[Row[Any]], column: str) -> dict[UUID, Backlog]:
    found: dict[UUID, list[Backlog]] = defaultdict(list)
    for row in waiting:
        found[getattr(row, column)].append(Backlog(row.messages, row.oldest))
    return {
        key: Backlog(sum(one.messages for one in all_), min(one.oldest for one in all_)) for key, all_ in found.items()
    }


def _taken(settled: Sequence[Row[Any]]) -> dict[str, int]:
    """How many messages the provider took in the last minutes, hour and day."""
    went = [row for row in settled if row.state in _TAKEN]
    return {
        "5 minutes": sum(row.last_minutes for row in went),
        "hour": sum(row.last_hour for row in went),
        "day": sum(row.last_day for row in went),
    }


def _endings(settled: Sequence[Row[Any]]) -> list[Ending]:
    """What did not simply go out, by state, the most frequent first."""
    found = [
        Ending(row.kind, row.state, row.reason, row.last_day)
        for row in settled
        if row.state not in ("sent", "delivered")
    ]
    return sorted(found, key=lambda ending: (ending.state, -ending.messages, ending.kind, ending.reason))
