"""The outbox: claiming messages, noting what became of them. Every change says from which state it goes on.

All changes are made for many messages at once; each names its claim by id and number of attempts, so that a claim
which has ended meanwhile changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from json import dumps
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, TextClause, bindparam, func, literal_column, or_, select, text

from coachhub.platform import clock
from coachhub.platform.counts import Counted
from coachhub.platform.db import Ids, db
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.kinds import KINDS, Claim
from coachhub.reminders.kinds.kind import bounds_of, is_message
from coachhub.reminders.models import MailPause, Message, MessageState

LEASE = timedelta(minutes=5)
"""How long a claim holds by the machine's clock: far longer than a turn of a worker with every call timing out."""
_TROUBLE = (MessageState.UNKNOWN, MessageState.FAILED)
_PRESSING = tuple(KINDS)
MESSAGES = Counted("coachhub_messages", "Messages of the outbox, by kind and what came of them.", ("kind", "outcome"))


def _change(what: str, *which: str, returning: str = "") -> TextClause:
    """A change of the messages that meet all the conditions: written down, since to build it takes as long as to run
    it.
    """
    return text(f"{what} where {' and '.join(which)} {returning}").bindparams(bindparam("ids", type_=Ids()))


# Messages by their ids, and nothing is joined: joined to a list, the database may well take each message of the
# practice and look through the list, where its statistics are a minute old.
_THESE = "practice_id = :practice and id >= :first and id <= :last and (id = any(cast(:ids as uuid[]))) is true"
_CLAIMED = "attempts = :attempts and state = 'claimed'"
_AS_SEEN = "(handed_at is not null) = :was_handed"
# A due date after `-infinity` says that the index of all that is open is meant (migration 0018 tells why).
_FIRST_OF_EACH = text("""
    select due.id, due.kind, due.subject_id, due.due_at, due.attempts + 1, due.client_id, due.user_id, due.together
    from outbox due
    where due.practice_id = :practice and due.settled_at is null and due.due_at > '-infinity' and due.due_at <= :now
        and due.state = 'due' and due.kind = any(:kinds)
        and not (due.together and exists (
            select from outbox first
            where first.practice_id = :practice and first.client_id = due.client_id and first.settled_at is null
                and first.together and first.state = 'due' and first.kind = any(:kinds)
                and (first.due_at < due.due_at or first.due_at = due.due_at and first.id < due.id)))
    order by due.due_at limit :most for update skip locked
""")
_TAKING = "update outbox set state = 'claimed', leased_until = :until, handed_at = null, attempts = attempts + 1"
_TAKE = _change(_TAKING, _THESE)
_TAKE_OTHERS = _change(
    _TAKING,
    "practice_id = :practice and client_id = any(cast(:ids as uuid[])) and together and due_at <= :now",
    "settled_at is null and state = 'due' and kind = any(:kinds)",
    returning="returning id, kind, subject_id, due_at, attempts, client_id, user_id, together",
)
_HAND_OVER = _change(
    "update outbox set handed_at = :now, delivery_id = cast(cast(:shared as jsonb) ->> cast(id as text) as uuid)",
    *(_THESE, _CLAIMED, "leased_until > :now and handed_at is null"),
)
_SETTLE = _change(
    "update outbox set state = :state, settled_at = :now, leased_until = null, is_trouble = :is_trouble, "
    "reason = :reason, provider_id = coalesce(:provider_id, provider_id)",
    *(_THESE, "attempts = :attempts and state in ('claimed', 'unknown')"),
)
_AGAIN = "update outbox set state = 'due', leased_until = null, handed_at = null, "
_PUT_BACK = _change(_AGAIN + "due_at = :due_at, reason = :reason", _THESE, _CLAIMED)
_GIVE_BACK = _change(
    _AGAIN + "attempts = attempts - 1, due_at = coalesce(cast(:due_at as timestamptz), due_at)",
    *(_THESE, _CLAIMED, _AS_SEEN),
)
_RELEASE = _change(_AGAIN + "due_at = :due_at", _THESE, _CLAIMED, _AS_SEEN)


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
    asked = {"practice": current_practice(), "now": now, "kinds": list(kinds)}
    leaders = [Claim(*row) for row in connection.execute(_FIRST_OF_EACH, {**asked, "most": most}).all()]
    until = clock.machine_now() + LEASE
    if leaders:
        # Taken afterwards by their ids, each of which is looked up: taken by the same statement, they are a list that
        # the database may look through for each message of the practice.
        connection.execute(_TAKE, _these([leader.id for leader in leaders]) | {"until": until})
    mails = {leader.id: [leader] for leader in leaders}
    of_client = {leader.client_id: leader.id for leader in leaders if leader.together}
    if of_client:
        for row in connection.execute(_TAKE_OTHERS, {**asked, "ids": list(of_client), "until": until}):
            follower = Claim(*row)
            mails[of_client[follower.client_id]].append(follower)
    for claims in mails.values():
        if len(claims) > 1:
            claims.sort(key=_pressing)
    return sorted(mails.values(), key=lambda claims: (claims[0].due_at, claims[0].id.int))


def _pressing(claim: Claim) -> tuple[int, datetime, UUID]:
    """In one mail the most pressing comes first: it gives the mail its subject."""
    return _PRESSING.index(claim.kind), claim.due_at, claim.id


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
    if _changed(_HAND_OVER, claims, now=now, shared=_shared(mails)) == len(claims):
        return {claim.id for claim in claims}
    return {claim_id for attempts, ids in _by_attempts(claims).items() for claim_id in _handed(ids, attempts, now)}


def _handed(ids: list[UUID], attempts: int, at: datetime) -> Iterable[UUID]:
    """Those of the claims that were noted as handed over at that instant."""
    handed = (*is_message(ids), Message.attempts == attempts, Message.handed_at == at)
    return db.session.scalars(select(Message.id).where(*handed)).all()


def _shared(mails: Sequence[Sequence[Claim]]) -> str | None:
    """For each message the id of the mail that it shares with others. One that is alone has its own, which is not
    written down: there is an index on this, and what it knows can only be changed by writing to every index.
    """
    shared = {str(claim.id): str(mail[0].id) for mail in mails if len(mail) > 1 for claim in mail}
    return dumps(shared) if shared else None


def note_sent(claims: Sequence[Claim | Ended], provider_id: str | None) -> None:
    """The provider has taken them. True also when we had given them up as unknown meanwhile."""
    _settle(claims, MessageState.SENT, provider_id=provider_id)


def note_failed(claims: Sequence[Claim], reason: str) -> None:
    """The provider will never take them."""
    _settle(claims, MessageState.FAILED, reason)


def note_unknown(claims: Sequence[Claim | Ended], reason: str) -> None:
    """Nobody can say whether they were taken: they are held, and not sent again."""
    _settle(claims, MessageState.UNKNOWN, reason)


def drop(pointless: Iterable[tuple[Claim, str]]) -> None:
    """They became pointless before they were sent, each for its reason."""
    by_reason: dict[str, list[Claim]] = defaultdict(list)
    for each, reason in pointless:
        by_reason[reason].append(each)
    for reason, claims in by_reason.items():
        _settle(claims, MessageState.DROPPED, reason)


def put_back(claims: Sequence[Claim], due_at: datetime, reason: str | None) -> None:
    """They were certainly not taken: due again, at `due_at`."""
    _count(claims, _changed(_PUT_BACK, claims, due_at=due_at, reason=reason), "delayed")


def give_back(claims: Sequence[Claim], due_at: datetime | None = None, *, were_handed: bool = False) -> None:
    """These were not tried: due again as if they had never been claimed, not before `due_at` where it is given.

    `were_handed`: noted as handed over, though the provider was certainly not called.
    """
    _changed(_GIVE_BACK, claims, due_at=due_at, was_handed=were_handed)


def ended_claims() -> list[Ended]:
    """The claims whose time is over."""
    ended = (
        Message.settled_at.is_(None),
        Message.due_at > literal_column("'-infinity'::timestamptz"),
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
        mine = [each for each in ended if each.was_handed is was_handed]
        _changed(_RELEASE, mine, due_at=due_at, was_handed=was_handed)


def _settle(
    claims: Sequence[Claim | Ended], state: MessageState, reason: str | None = None, provider_id: str | None = None
) -> None:
    """An answer that comes late is still the truth about an unknown message."""
    said = {"state": state.value, "reason": reason, "provider_id": provider_id, "is_trouble": state in _TROUBLE}
    _count(claims, _changed(_SETTLE, claims, now=clock.now(), **said), state.value)


def _count(claims: Sequence[Claim | Ended], changed: int, outcome: str) -> None:
    """Of claims that are lost, which hardly happens, nobody asks the database for their kinds."""
    for kind, times in Counter(each.kind for each in claims[:changed]).items():
        MESSAGES.happened(kind, outcome, times=times)


def _changed(change: TextClause, claims: Sequence[Claim | Ended], **values: Any) -> int:
    """Change those of the claims that still hold; returns how many."""
    connection, changed = db.session.connection(), 0
    for attempts, ids in _by_attempts(claims).items():
        changed += connection.execute(change, _these(ids) | {"attempts": attempts} | values).rowcount
    return changed


def _these(ids: Sequence[UUID]) -> dict[str, Any]:
    first, last = bounds_of(ids)
    return {"practice": current_practice(), "first": first, "last": last, "ids": ids}


def _by_attempts(claims: Iterable[Claim | Ended]) -> dict[int, list[UUID]]:
    """Mostly everything is tried for the first time, so one statement does for all."""
    found: dict[int, list[UUID]] = defaultdict(list)
    for each in claims:
        found[each.attempts].append(each.id)
    return found


def _here() -> ColumnElement[bool]:
    return Message.practice_id == current_practice()
