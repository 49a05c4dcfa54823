"""The outbox: claiming messages, noting what became of them. Every change says from which state it goes on.

All changes are made for many messages at once; each names its claim by id and number of attempts, so that a claim
which has ended meanwhile changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    Uuid,
    and_,
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from coachhub.platform import clock
from coachhub.platform.counts import Counted
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.kinds import KINDS, Claim
from coachhub.reminders.kinds.kind import is_among, is_claimed, is_message
from coachhub.reminders.models import MailPause, Message, MessageState

LEASE = timedelta(minutes=5)
"""How long a claim holds by the machine's clock: far longer than a turn of a worker with every call timing out."""
_TROUBLE = (MessageState.UNKNOWN, MessageState.FAILED)
_PRESSING = tuple(KINDS)
MESSAGES = Counted("coachhub_messages", "Messages of the outbox, by kind and what came of them.", ("kind", "outcome"))
_COLUMNS = ("id", "kind", "subject_id", "due_at", "attempts", "client_id", "user_id", "together")


@dataclass(frozen=True)
class Ended:
    """A claim whose time is over: whoever held it is dead. `was_handed`: the provider may have been called."""

    id: UUID
    attempts: int
    delivery_id: UUID
    was_handed: bool
    kind: str


def claim(now: datetime, most: int, kinds: Collection[str]) -> list[list[Claim]]:
    """Take messages of these kinds that are due, for this process alone: up to `most` mails, each of one or more.

    What is together for one client is taken together: only the first of a client's due messages may be taken by
    itself, and it brings the others. So two processes never share them out. Of each mail the most pressing comes first.
    """
    connection = db.session.connection()  # a session would look for what it holds of each row
    leaders = [Claim(*row) for row in connection.execute(_first_of_each(now, most, kinds)).all()]
    if leaders:
        connection.execute(_taking(*is_claimed(leaders)))
    mails = {leader.id: [leader] for leader in leaders}
    of_client = {leader.client_id: leader.id for leader in leaders if leader.together}
    if of_client:
        for row in connection.execute(_taking_others(now, list(of_client), kinds)):
            follower = Claim(*row)
            mails[of_client[follower.client_id]].append(follower)
    for claims in mails.values():
        if len(claims) > 1:
            claims.sort(key=_pressing)
    return sorted(mails.values(), key=lambda claims: (claims[0].due_at, claims[0].id.int))


def _pressing(claim: Claim) -> tuple[int, datetime, UUID]:
    """In one mail the most pressing comes first: it gives the mail its subject."""
    return _PRESSING.index(claim.kind), claim.due_at, claim.id


def _first_of_each(now: datetime, most: int, kinds: Collection[str]) -> Any:
    """For each mail, its first message, locked and as it is about to be taken.

    They are taken afterwards by their ids, each of which is looked up: taken by the same statement, they are a list
    that the database may look through for each message of the practice.
    """
    due, first = aliased(Message, name="due"), aliased(Message, name="first")
    is_earlier = or_(first.due_at < due.due_at, and_(first.due_at == due.due_at, first.id < due.id))
    is_led = exists().where(
        first.practice_id == current_practice(),
        first.client_id == due.client_id,
        first.together,
        *_still_due(first, kinds),
        is_earlier,
    )
    here = (due.practice_id == current_practice(), *_among_open(due), due.due_at <= now, *_still_due(due, kinds))
    columns = (getattr(due, name) + 1 if name == "attempts" else getattr(due, name) for name in _COLUMNS)
    chosen = select(*columns).where(*here, or_(~due.together, ~is_led)).order_by(due.due_at).limit(most)
    return chosen.with_for_update(skip_locked=True)


def _taking_others(now: datetime, client_ids: list[UUID | None], kinds: Collection[str]) -> Any:
    """What is due for the clients of these mails besides."""
    theirs = is_among(Message.client_id, client_ids)
    taking = _taking(theirs, Message.together, Message.due_at <= now, *_still_due(Message, kinds))
    columns = (getattr(Message, name) for name in _COLUMNS)
    return taking.returning(*columns)


def _still_due(message: Any, kinds: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return (message.settled_at.is_(None), message.state == MessageState.DUE, message.kind.in_(kinds))


def _among_open(message: Any) -> tuple[ColumnElement[bool], ...]:
    """Says that the index of all that is open is meant (migration 0018 tells why)."""
    return (message.settled_at.is_(None), message.due_at > literal_column("'-infinity'::timestamptz"))


def _taking(*which: Any) -> Any:
    return (
        update(Message)
        .where(_here(), *which)
        .values(
            state=MessageState.CLAIMED,
            leased_until=clock.machine_now() + LEASE,
            handed_at=None,
            attempts=Message.attempts + 1,
        )
    )


def kinds_let_out(kinds: Iterable[str]) -> list[str]:
    """Those of the kinds that the operator does not hold back in the running practice."""
    here = or_(MailPause.practice_id.is_(None), MailPause.practice_id == current_practice())
    held_back = set(db.session.scalars(select(MailPause.kind).where(here)))
    return [] if None in held_back else [kind for kind in kinds if kind not in held_back]


def hand_over(mails: Sequence[Sequence[Claim]]) -> set[UUID]:
    """Note that the provider is about to be called for these mails, each under the id of its first message.

    Returns the ids of those of which the claim still holds. No index knows what is changed here.
    """
    claims = [claim for mail in mails for claim in mail]
    now = clock.machine_now()
    held = (Message.state == MessageState.CLAIMED, Message.leased_until > now, Message.handed_at.is_(None))
    if _changed(claims, held, handed_at=now, delivery_id=_delivery_id(mails)) == len(claims):
        return {claim.id for claim in claims}
    return {claim_id for attempts, ids in _by_attempts(claims).items() for claim_id in _handed(ids, attempts, now)}


def _handed(ids: list[UUID], attempts: int, at: datetime) -> Iterable[UUID]:
    """Those of the claims that were noted as handed over at that instant."""
    handed = (*is_message(ids), Message.attempts == attempts, Message.handed_at == at)
    return db.session.scalars(select(Message.id).where(*handed)).all()


def _delivery_id(mails: Sequence[Sequence[Claim]]) -> ColumnElement[Any]:
    """For each message the id of the mail that it shares with others. One that is alone has its own, which is not
    written down: there is an index on this, and what it knows can only be changed by writing to every index.
    """
    shared = {str(claim.id): str(mail[0].id) for mail in mails if len(mail) > 1 for claim in mail}
    if not shared:
        return null()
    return cast(literal(shared, JSONB)[cast(Message.id, Text)].astext, Uuid)


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
    again: dict[str, Any] = {"state": MessageState.DUE, "due_at": due_at, "reason": reason}
    again |= {"leased_until": None, "handed_at": None}
    changed = _changed(claims, (Message.state == MessageState.CLAIMED,), **again)
    _count(claims, changed, "delayed")


def give_back(claims: Sequence[Claim], due_at: datetime | None = None, *, were_handed: bool = False) -> None:
    """These were not tried: due again as if they had never been claimed, not before `due_at` where it is given.

    `were_handed`: noted as handed over, though the provider was certainly not called.
    """
    again: dict[str, Any] = {"state": MessageState.DUE, "leased_until": None, "handed_at": None}
    again |= {"attempts": Message.attempts - 1} | ({"due_at": due_at} if due_at else {})
    untried = (Message.state == MessageState.CLAIMED, Message.handed_at.is_not(None) == literal(were_handed))
    _changed(claims, untried, **again)


def ended_claims() -> list[Ended]:
    """The claims whose time is over."""
    ended = (
        *_among_open(Message),
        Message.state == MessageState.CLAIMED,
        Message.leased_until <= clock.machine_now(),
    )
    columns = (
        Message.id,
        Message.attempts,
        func.coalesce(Message.delivery_id, Message.id),
        Message.handed_at.is_not(None),
        Message.kind,
    )
    return [Ended(*row) for row in db.session.execute(select(*columns).where(_here(), *ended).order_by(Message.id))]


def release(ended: Sequence[Ended], due_at: datetime) -> None:
    """Claims that ended without the mail being taken: due again, unless their holder was only slow and goes on."""
    for was_handed in (False, True):
        again: dict[str, Any] = {"state": MessageState.DUE, "due_at": due_at}
        again |= {"leased_until": None, "handed_at": None}
        as_seen = (Message.state == MessageState.CLAIMED, Message.handed_at.is_not(None) == literal(was_handed))
        _changed([each for each in ended if each.was_handed is was_handed], as_seen, **again)


def _settle(claims: Sequence[Claim | Ended], state: MessageState, **more: Any) -> None:
    """An answer that comes late is still the truth about an unknown message."""
    settled: dict[str, Any] = {
        "state": state,
        "settled_at": clock.now(),
        "leased_until": None,
        "is_trouble": state in _TROUBLE,
    }
    changed = _changed(claims, (Message.state.in_((MessageState.CLAIMED, MessageState.UNKNOWN)),), **settled, **more)
    _count(claims, changed, state.value)


def _count(claims: Sequence[Claim | Ended], changed: int, outcome: str) -> None:
    """Of claims that are lost, which hardly happens, nobody asks the database for their kinds."""
    for kind, times in Counter(each.kind for each in claims[:changed]).items():
        MESSAGES.happened(kind, outcome, times=times)


def _changed(claims: Sequence[Claim | Ended], states: Sequence[ColumnElement[bool]], **values: Any) -> int:
    """Change those of the claims that still hold and stand in one of the states; returns how many.

    They are looked up by their ids and nothing is joined: joined to a list, the database may well take each message of
    the practice and look through the list, where its statistics are a minute old.
    """
    changed = 0
    for attempts, ids in _by_attempts(claims).items():
        mine = (*is_message(ids), Message.attempts == attempts, *states)
        # By the connection: a session would look for what it holds of them.
        changed += db.session.connection().execute(update(Message).where(*mine).values(**values)).rowcount
    return changed


def _by_attempts(claims: Iterable[Claim | Ended]) -> dict[int, list[UUID]]:
    """Mostly everything is tried for the first time, so one statement does for all."""
    found: dict[int, list[UUID]] = defaultdict(list)
    for each in claims:
        found[each.attempts].append(each.id)
    return found


def _here() -> ColumnElement[bool]:
    return Message.practice_id == current_practice()
