"""The outbox: claiming messages, noting what became of them. Every change says from which state it goes on.

All changes are made for many messages at once; each names its claim by id and number of attempts, so that a claim
which has ended meanwhile changes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Uuid, and_, column, exists, func, literal, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.kinds import KINDS, Claim
from coachhub.reminders.models import MailPause, Message, MessageState

LEASE = timedelta(minutes=5)
"""How long a claim holds by the machine's clock: far longer than a turn of a worker with every call timing out."""
_TROUBLE = (MessageState.UNKNOWN, MessageState.FAILED)
_PRESSING = tuple(KINDS)
_COLUMNS = ("id", "kind", "subject_id", "due_at", "attempts", "client_id", "user_id", "together", "leader_id")


@dataclass(frozen=True)
class Ended:
    """A claim whose time is over: whoever held it is dead. `was_handed`: the provider may have been called."""

    id: UUID
    attempts: int
    delivery_id: UUID
    was_handed: bool


def claim(now: datetime, most: int, kinds: Collection[str]) -> list[list[Claim]]:
    """Take messages of these kinds that are due, for this process alone: up to `most` mails, each of one or more.

    What is together for one client is taken together: only the first of a client's due messages may be taken by
    itself, and it brings the others. So two processes never share them out.
    """
    due = aliased(Message, name="due")
    wanted = (due.state == MessageState.DUE, due.due_at <= now, due.kind.in_(kinds), due.settled_at.is_(None))
    first = aliased(Message, name="first")
    is_led = exists().where(
        first.practice_id == current_practice(),
        first.client_id == due.client_id,
        first.settled_at.is_(None),
        first.together,
        first.state == MessageState.DUE,
        first.due_at <= now,
        first.kind.in_(kinds),
        func.row(first.due_at, first.id) < func.row(due.due_at, due.id),
    )
    leaders = (
        select(due.id, due.client_id, due.together)
        .where(due.practice_id == current_practice(), *wanted, or_(~due.together, ~is_led))
        .order_by(due.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("leaders")
    )
    followers = and_(
        Message.client_id == leaders.c.client_id,
        leaders.c.together,
        Message.together,
        Message.id != leaders.c.id,
        Message.state == MessageState.DUE,
        Message.due_at <= now,
        Message.kind.in_(kinds),
        Message.settled_at.is_(None),
    )
    led = _taken(Message.id == leaders.c.id, leaders.c.id).cte("led")
    brought = _taken(followers, leaders.c.id).cte("brought")
    taken = db.session.execute(union_all(select(led), select(brought))).all()
    return _by_leader(taken)


def _taken(which: ColumnElement[bool], leader_id: ColumnElement[UUID]) -> Any:
    return (
        update(Message)
        .where(_here(), which)
        .values(
            state=MessageState.CLAIMED,
            leased_until=clock.machine_now() + LEASE,
            handed_at=None,
            delivery_id=leader_id,
            attempts=Message.attempts + 1,
        )
        .returning(*(getattr(Message, name) for name in _COLUMNS[:-1]), leader_id.label("leader_id"))
    )


def _by_leader(taken: Sequence[Any]) -> list[list[Claim]]:
    """The claims of each mail, the most pressing kind first, mails in the order in which they were due."""
    mails: dict[UUID, list[Claim]] = defaultdict(list)
    for row in taken:
        mails[row.leader_id].append(Claim(*row))
    for claims in mails.values():
        claims.sort(key=lambda each: (_PRESSING.index(each.kind), each.due_at, each.id))
    return sorted(mails.values(), key=lambda claims: (min(each.due_at for each in claims), claims[0].mail_id))


def kinds_let_out(kinds: Iterable[str]) -> list[str]:
    """Those of the kinds that the operator does not hold back in the running practice."""
    here = or_(MailPause.practice_id.is_(None), MailPause.practice_id == current_practice())
    held_back = set(db.session.scalars(select(MailPause.kind).where(here)))
    return [] if None in held_back else [kind for kind in kinds if kind not in held_back]


def hand_over(claims: Sequence[Claim]) -> set[UUID]:
    """Note that the provider is about to be called for these; returns those of which the claim still holds."""
    now = clock.machine_now()
    held = (Message.state == MessageState.CLAIMED, Message.leased_until > now, Message.handed_at.is_(None))
    return set(_changed(claims, held, handed_at=now))


def note_sent(claims: Sequence[Claim | Ended], provider_id: str | None) -> None:
    """The provider has taken them. True also when we had given them up as unknown meanwhile."""
    _settle(claims, MessageState.SENT, provider_id=provider_id, reason=None)


def note_failed(claims: Sequence[Claim], reason: str) -> None:
    """The provider will never take them."""
    _settle(claims, MessageState.FAILED, reason=reason)


def note_unknown(claims: Sequence[Claim | Ended], reason: str) -> None:
    """Nobody can say whether they were taken: they are held, and not sent again."""
    _settle(claims, MessageState.UNKNOWN, reason=reason)


def drop(pointless: Iterable[tuple[Claim, str]]) -> None:
    """They became pointless before they were sent, each for its reason."""
    by_reason: dict[str, list[Claim]] = defaultdict(list)
    for each, reason in pointless:
        by_reason[reason].append(each)
    for reason, claims in by_reason.items():
        _settle(claims, MessageState.DROPPED, reason=reason)


def put_back(claims: Sequence[Claim], due_at: datetime, reason: str | None) -> None:
    """They were certainly not taken: due again, at `due_at`."""
    again = {"state": MessageState.DUE, "due_at": due_at, "leased_until": None, "handed_at": None, "reason": reason}
    _changed(claims, (Message.state == MessageState.CLAIMED,), **again)


def give_back(claims: Sequence[Claim], due_at: datetime | None = None, *, were_handed: bool = False) -> None:
    """These were not tried: due again as if they had never been claimed, not before `due_at` where it is given.

    `were_handed`: noted as handed over, though the provider was certainly not called.
    """
    again = {"state": MessageState.DUE, "leased_until": None, "handed_at": None, "attempts": Message.attempts - 1}
    untried = (Message.state == MessageState.CLAIMED, Message.handed_at.is_not(None) == literal(were_handed))
    _changed(claims, untried, **again, **({"due_at": due_at} if due_at else {}))


def ended_claims() -> list[Ended]:
    """The claims whose time is over."""
    ended = (
        Message.settled_at.is_(None),
        Message.state == MessageState.CLAIMED,
        Message.leased_until <= clock.machine_now(),
    )
    columns = (
        Message.id,
        Message.attempts,
        func.coalesce(Message.delivery_id, Message.id),
        Message.handed_at.is_not(None),
    )
    return [Ended(*row) for row in db.session.execute(select(*columns).where(_here(), *ended).order_by(Message.id))]


def release(ended: Sequence[Ended], due_at: datetime) -> None:
    """Claims that ended without the mail being taken: due again, unless their holder was only slow and goes on."""
    for was_handed in (False, True):
        again = {"state": MessageState.DUE, "due_at": due_at, "leased_until": None, "handed_at": None}
        as_seen = (Message.state == MessageState.CLAIMED, Message.handed_at.is_not(None) == literal(was_handed))
        _changed([each for each in ended if each.was_handed is was_handed], as_seen, **again)


def _settle(claims: Sequence[Claim | Ended], state: MessageState, **more: Any) -> None:
    """An answer that comes late is still the truth about an unknown message."""
    settled = {"state": state, "settled_at": clock.now(), "leased_until": None, "is_trouble": state in _TROUBLE}
    _changed(claims, (Message.state.in_((MessageState.CLAIMED, MessageState.UNKNOWN)),), **settled, **more)


def _changed(claims: Sequence[Claim | Ended], states: Sequence[ColumnElement[bool]], **values: Any) -> list[UUID]:
    """Change those of the claims that still hold and stand in one of the states; returns their ids."""
    if not claims:
        return []
    ids = literal([each.id for each in claims], ARRAY(Uuid))
    attempts = literal([each.attempts for each in claims], ARRAY(Integer))
    own = func.unnest(ids, attempts).table_valued(column("id", Uuid), column("attempts", Integer), name="own")
    own = own.render_derived()
    mine = (Message.id == own.c.id, Message.attempts == own.c.attempts)
    change = update(Message).where(_here(), *mine, *states).values(**values).returning(Message.id)
    return list(db.session.scalars(change.execution_options(synchronize_session=False)))


def _here() -> ColumnElement[bool]:
    return Message.practice_id == current_practice()
