"""Looking at the outbox: one client's messages, the practice's, and one of them with all that is known of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Result,
    Row,
    ScalarSelect,
    Select,
    Uuid,
    and_,
    any_,
    cast,
    func,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from coachhub.accounts.models import TeamInvite, User
from coachhub.booking.models import Wait
from coachhub.clients.models import Client
from coachhub.payments.models import Purchase, Refund
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


_TROUBLE = and_(Message.is_trouble)
"""Just the column: anything else does not find its index."""


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
    others = _parts([line.mail_id])[line.mail_id] - {line.id}
    return _read(_lines().where(Message.id.in_(others)).order_by(Message.id))


def _told(line: MessageLine) -> list[Told]:
    query = select(MailEvent.event, MailEvent.reason, MailEvent.happened_at).where(
        MailEvent.practice_id == current_practice(), MailEvent.delivery_id.in_({line.mail_id, line.id})
    )
    return [Told(*row) for row in db.session.execute(query.order_by(MailEvent.happened_at, MailEvent.id))]


_mail_id = func.coalesce(Message.delivery_id, Message.id)


_NAMES = (Client.name, func.nullif(User.name, ""), User.email, TeamInvite.name)


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
            func.coalesce(Client.name, func.nullif(User.name, ""), User.email, TeamInvite.name, *_visitors(), "").label(
                "to"
            ),
            Client.time_zone,
        )
        .outerjoin(Client, and_(Client.practice_id == Message.practice_id, Client.id == Message.client_id))
        .outerjoin(User, User.id == Message.user_id)
        .outerjoin(TeamInvite, and_(TeamInvite.practice_id == Message.practice_id, TeamInvite.id == Message.subject_id))
        .where(Message.practice_id == current_practice())
    )


def _visitors() -> tuple[ScalarSelect[str], ...]:
    """The name of a reader who is nobody's client: looked up only where there is no other."""
    about = (Message.practice_id, Message.subject_id)
    waits = select(Wait.name).where(tuple_(Wait.practice_id, Wait.id) == tuple_(*about))
    buys = select(Purchase.name).where(tuple_(Purchase.practice_id, Purchase.id) == tuple_(*about))
    its = (Refund.practice_id == Purchase.practice_id, Refund.purchase_id == Purchase.id)
    is_refund = tuple_(Refund.practice_id, Refund.id) == tuple_(*about)
    got_back = select(Purchase.name).join(Refund, and_(*its)).where(is_refund)
    return tuple(name.correlate(Message).scalar_subquery() for name in (waits, buys, got_back))


def _read(query: Select[*tuple[Any, ...]]) -> list[MessageLine]:
    rows, now = db.session.execute(query).all(), clock.now()
    parts = _parts([row.mail_id for row in rows])
    return [_line(row, len(parts[row.mail_id] - {row.id}), now) for row in rows]


def _line(row: Row[Any], others: int, now: datetime) -> MessageLine:
    """What did not leave has shared no mail, whoever was claimed with it."""
    more = {"others": others if row.state in _LEFT else 0, "may_go_again": may_go_again(row.state, row.settled_at, now)}
    return MessageLine(**{**row._mapping, "state": MessageState(row.state), **more})


def _parts(mail_ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """The messages that went out in each of these mails: its first, and those that it brought along.

    Asked for by lists of ids: each way has its index then, which a join does not find under row-level security.
    """
    mails = any_(cast(list(mail_ids), ARRAY(Uuid)))
    left = (Message.practice_id == current_practice(), Message.state.in_(_LEFT))
    first = select(Message.id, Message.id.label("mail_id")).where(*left, Message.id == mails)
    brought = (Message.delivery_id == mails, Message.delivery_id != Message.id)
    others = select(Message.id, Message.delivery_id).where(*left, *brought)
    rows: Result[UUID, UUID] = db.session.execute(union_all(first, others))
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for message_id, mail_id in rows:
        found[mail_id].add(message_id)
    return found


def _of_pile(pile: Pile | None) -> tuple[ColumnElement[bool], ...]:
    """Each by a partial index, but for what is found soon among the newest."""
    if pile is None:
        return ()
    if pile is Pile.TROUBLE:
        return (_TROUBLE,)
    if pile is Pile.WAITING:
        return (Message.settled_at.is_(None),)
    is_it = Message.state == pile.value
    return (is_it,) if pile in (Pile.SENT, Pile.DELIVERED, Pile.DROPPED) else (is_it, _TROUBLE)


def _count(pile: Pile) -> int:
    found = select(Message.id).where(Message.practice_id == current_practice(), *_of_pile(pile)).limit(COUNTED_AT_MOST)
    return db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
