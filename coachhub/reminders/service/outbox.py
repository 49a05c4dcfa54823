"""The outbox: claiming a message, noting what became of it. Every change says from which state it goes on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_, update

from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.kinds import KINDS, Claim
from coachhub.reminders.models import Message, MessageState

LEASE = timedelta(minutes=5)
"""How long a claim holds by the machine's clock: far longer than a turn of a worker with every call timing out."""


@dataclass(frozen=True)
class Ended:
    """A claim whose time is over: whoever held it is dead. `was_handed`: the provider may have been called."""

    id: UUID
    attempts: int
    was_handed: bool


def claim(now: datetime, most: int) -> list[Claim]:
    """Take up to `most` messages that are due, for this process alone; what somebody waits for goes first."""
    reminders = [kind.name for kind in KINDS.values() if kind.is_reminder]
    chosen = (
        select(Message.id)
        .where(_here(), Message.state == MessageState.DUE, Message.due_at <= now, Message.kind.in_(KINDS))
        .order_by(Message.kind.in_(reminders), Message.due_at, Message.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    taken = (
        update(Message)
        .where(_here(), Message.id == chosen.c.id)
        .values(
            state=MessageState.CLAIMED,
            leased_until=clock.machine_now() + LEASE,
            handed_at=None,
            attempts=Message.attempts + 1,
        )
        .returning(Message.id, Message.kind, Message.subject_id, Message.due_at, Message.attempts)
        .execution_options(synchronize_session=False)
    )
    claims = [Claim(*row) for row in db.session.execute(taken)]
    return sorted(claims, key=lambda each: (each.kind in reminders, each.due_at, each.id))


def hand_over(claims: Sequence[Claim]) -> set[UUID]:
    """Note that the provider is about to be called for these; returns those of which the claim still holds."""
    if not claims:
        return set()
    ours = tuple_(Message.id, Message.attempts).in_([(claim.id, claim.attempts) for claim in claims])
    now = clock.machine_now()
    held = (Message.state == MessageState.CLAIMED, Message.leased_until > now, Message.handed_at.is_(None))
    noted = update(Message).where(_here(), ours, *held).values(handed_at=now).returning(Message.id)
    return set(db.session.scalars(noted.execution_options(synchronize_session=False)))


def note_sent(message_id: UUID, attempts: int, provider_id: str | None) -> None:
    """The provider has taken it. True also when we had given it up as unknown meanwhile."""
    _settle(message_id, attempts, MessageState.SENT, provider_id=provider_id, reason=None)


def note_failed(message_id: UUID, attempts: int, reason: str) -> None:
    """The provider will never take it."""
    _settle(message_id, attempts, MessageState.FAILED, reason=reason)


def note_unknown(message_id: UUID, attempts: int, reason: str) -> None:
    """Nobody can say whether it was taken: it is held, and not sent again."""
    _settle(message_id, attempts, MessageState.UNKNOWN, reason=reason)


def drop(message_id: UUID, attempts: int, reason: str) -> None:
    """It became pointless before it was sent."""
    _settle(message_id, attempts, MessageState.DROPPED, reason=reason)


def put_back(message_id: UUID, attempts: int, due_at: datetime, reason: str | None) -> None:
    """It was certainly not taken: due again, at `due_at`."""
    again = {"state": MessageState.DUE, "due_at": due_at, "leased_until": None, "handed_at": None, "reason": reason}
    _change(message_id, attempts, (MessageState.CLAIMED,), again)


def release(ended: Ended, due_at: datetime) -> None:
    """A claim that ended without the mail being taken: due again, unless its holder was only slow and goes on."""
    again = {"state": MessageState.DUE, "due_at": due_at, "leased_until": None, "handed_at": None}
    as_seen = (Message.state == MessageState.CLAIMED, Message.handed_at.is_not(None) == ended.was_handed)
    own = (Message.id == ended.id, Message.attempts == ended.attempts)
    change = update(Message).where(_here(), *own, *as_seen).values(**again)
    db.session.execute(change.execution_options(synchronize_session=False))


def give_back(claims: Iterable[Claim], due_at: datetime | None = None) -> None:
    """These were not tried: due again as if they had never been claimed, not before `due_at` where it is given."""
    ids = [claim.id for claim in claims]
    if ids:
        again = {"state": MessageState.DUE, "leased_until": None, "attempts": Message.attempts - 1}
        untried = (Message.state == MessageState.CLAIMED, Message.handed_at.is_(None), Message.id.in_(ids))
        change = update(Message).where(_here(), *untried).values(**again, **({"due_at": due_at} if due_at else {}))
        db.session.execute(change.execution_options(synchronize_session=False))


def ended_claims() -> list[Ended]:
    """The claims whose time is over."""
    ended = (Message.state == MessageState.CLAIMED, Message.leased_until <= clock.machine_now())
    columns = (Message.id, Message.attempts, Message.handed_at.is_not(None))
    return [Ended(*row) for row in db.session.execute(select(*columns).where(_here(), *ended).order_by(Message.id))]


def _settle(message_id: UUID, attempts: int, state: MessageState, **more: Any) -> None:
    """An answer that comes late is still the truth about an unknown message."""
    settled = {"state": state, "settled_at": clock.now(), "leased_until": None, **more}
    _change(message_id, attempts, (MessageState.CLAIMED, MessageState.UNKNOWN), settled)


def _change(message_id: UUID, attempts: int, states: tuple[MessageState, ...], values: dict[str, Any]) -> None:
    own = (Message.id == message_id, Message.attempts == attempts, Message.state.in_(states))
    change = update(Message).where(_here(), *own).values(**values)
    db.session.execute(change.execution_options(synchronize_session=False))


def _here() -> ColumnElement[bool]:
    return Message.practice_id == current_practice()
