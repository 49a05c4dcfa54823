"""Looking at the outbox: one client's messages, the practice's, and one of them with all that is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from coachhub.accounts.models import TeamInvite, User
from coachhub.clients.models import Client
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.models import MailEvent, Message, MessageState
from coachhub.reminders.rules import may_go_again

A_PAGE = 50
COUNTED_AT_MOST = 1_000
"""Nobody needs to know more exactly, and a million waiting rows are not counted for a page."""
_LEFT = (
    MessageState.SENT,
    MessageState.DELIVERED,
    MessageState.BOUNCED,
    MessageState.COMPLAINED,
    MessageState.UNKNOWN,
)


class Pile(StrEnum):
    """Which messages a list shows, by where they stand; trouble is whatever somebody should look at."""

    TROUBLE = "trouble"
    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    DROPPED = "dropped"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message in a list. `to` is its reader's name or address; `others` went out in the same mail.

    `may_go_again`: nobody knows of it, and has not for an hour.
    """

    id: UUID
    kind: str
    state: MessageState
    reason: str | None
    due_at: datetime
    settled_at: datetime | None
    attempts: int
    mail_id: UUID
    client_id: UUID | None
    to: str
    time_zone: str | None
    others: int
    may_go_again: bool


@dataclass(frozen=True)
class Told:
    """What the provider told of a mail."""

    event: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class OneMessage:
    """A message, what else went out in its mail, and what the provider told of that, oldest first."""

    line: MessageLine
    together: Sequence[MessageLine]
    told: Sequence[Told]


@dataclass(frozen=True)
class Outbox:
    """Fifty messages of the practice at most, newest first; `older` are those before this id, where there are any.

    `waiting` and `trouble` are counted up to COUNTED_AT_MOST.
    """

    lines: Sequence[MessageLine]
    older: UUID | None
    waiting: int
    trouble: int


def messages_of(client_id: UUID, page: int = 1, most: int = A_PAGE) -> tuple[list[MessageLine], bool]:
    """A page of one client's messages, those due last first; and whether there are more."""
    mine = _lines().where(Message.client_id == client_id).order_by(Message.due_at.desc(), Message.id.desc())
    found = _read(mine.limit(most + 1).offset((page - 1) * most))
    return found[:most], len(found) > most


def outbox(pile: Pile | None = None, kind: str | None = None, before: UUID | None = None) -> Outbox:
    """A page of all messages of the practice, filtered."""
    chosen = _lines().where(*_of_pile(pile))
    if kind is not None:
        chosen = chosen.where(Message.kind == kind)
    if before is not None:
        chosen = chosen.where(Message.id < before)
    found = _read(chosen.order_by(Message.id.desc()).limit(A_PAGE + 1))
    older = found[A_PAGE - 1].id if len(found) > A_PAGE else None
    return Outbox(found[:A_PAGE], older, _count(Pile.WAITING), _count(Pile.TROUBLE))


def message_of(message_id: UUID) -> OneMessage:
    """One message of the practice. Raises NotFound."""
    found = _read(_lines().where(Message.id == message_id))
    if not found:
        raise NotFound
    line = found[0]
    return OneMessage(line, _together(line) if line.others else (), _told(line))


def _together(line: MessageLine) -> list[MessageLine]:
    """By the mail's first, and by those that it brought along: each way has its index."""
    brought = and_(Message.delivery_id == line.mail_id, Message.delivery_id != Message.id)
    others = (or_(Message.id == line.mail_id, brought), Message.id != line.id, Message.state.in_(_LEFT))
    return _read(_lines().where(*others).order_by(Message.id))


def _told(line: MessageLine) -> list[Told]:
    query = select(MailEvent.event, MailEvent.reason, MailEvent.happened_at).where(
        MailEvent.practice_id == current_practice(), MailEvent.delivery_id.in_({line.mail_id, line.id})
    )
    return [Told(*row) for row in db.session.execute(query.order_by(MailEvent.happened_at, MailEvent.id))]


_mail_id = func.coalesce(Message.delivery_id, Message.id)


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Message.id,
            Message.kind,
            Message.state,
            Message.reason,
            Message.due_at,
            Message.settled_at,
            Message.attempts,
            _mail_id.label("mail_id"),
            Message.client_id,
            func.coalesce(Client.name, func.nullif(User.name, ""), User.email, TeamInvite.name, "").label("to"),
            Client.time_zone,
            _others().label("others"),
        )
        .outerjoin(Client, and_(Client.practice_id == Message.practice_id, Client.id == Message.client_id))
        .outerjoin(User, User.id == Message.user_id)
        .outerjoin(TeamInvite, and_(TeamInvite.practice_id == Message.practice_id, TeamInvite.id == Message.subject_id))
        .where(Message.practice_id == current_practice())
    )


def _others() -> ColumnElement[int]:
    """How many more went out in the mail of a message that did: those brought along, and the first of them."""
    part, first = aliased(Message, name="part"), aliased(Message, name="first")
    brought = select(func.count()).where(
        part.practice_id == current_practice(),
        part.delivery_id == _mail_id,
        part.delivery_id != part.id,
        part.id != Message.id,
        part.state.in_(_LEFT),
        Message.state.in_(_LEFT),
    )
    led = select(func.count()).where(
        first.practice_id == current_practice(),
        first.id == _mail_id,
        first.id != Message.id,
        first.state.in_(_LEFT),
        Message.state.in_(_LEFT),
    )
    return brought.correlate(Message).scalar_subquery() + led.correlate(Message).scalar_subquery()


def _read(query: Select[*tuple[Any, ...]]) -> list[MessageLine]:
    return [_line(row, clock.now()) for row in db.session.execute(query)]


def _line(row: Row[Any], now: datetime) -> MessageLine:
    again = may_go_again(row.state, row.settled_at, now)
    return MessageLine(**{**row._mapping, "state": MessageState(row.state), "may_go_again": again})


def _of_pile(pile: Pile | None) -> tuple[ColumnElement[bool], ...]:
    """Each by a partial index, but for what is found soon among the newest."""
    if pile is None:
        return ()
    if pile is Pile.TROUBLE:
        return (Message.is_trouble.is_(True),)
    if pile is Pile.WAITING:
        return (Message.settled_at.is_(None),)
    is_it = Message.state == pile.value
    return (is_it,) if pile in (Pile.SENT, Pile.DELIVERED, Pile.DROPPED) else (is_it, Message.is_trouble.is_(True))


def _count(pile: Pile) -> int:
    found = select(Message.id).where(Message.practice_id == current_practice(), *_of_pile(pile)).limit(COUNTED_AT_MOST)
    return db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
