"""Sending what is due in one practice: claim, read the state again, write, call the provider, note.

The provider is called outside of any transaction, by a few threads at once, while the next batch is claimed and
written. All the calls at once are as many mails as one batch, so that is the most that a killed worker leaves unknown.
What is planned and claimed need not be on the disk before the note that it is handed over, and that takes it along.
What a crash leaves behind is taken up when its claim ends: never handed over, it is due again; handed over, the
provider is asked, and where it cannot tell it is held.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from coachhub.platform import clock
from coachhub.platform.jobs import URGENT, enqueue
from coachhub.platform.mailer import MailDelayed, MailRefused, MailUnknown
from coachhub.platform.ports import ports
from coachhub.platform.tenancy import as_hasty_practice, as_practice, as_visitor, join_as_written
from coachhub.reminders.kinds import KINDS
from coachhub.reminders.rules import wait_before_trying_again
from coachhub.reminders.service import outbox
from coachhub.reminders.service.flight import Answer, Flights, Landing, call
from coachhub.reminders.service.planning import plan_practice, practice_ids, practices_of_share
from coachhub.reminders.service.writing import REST, Batch, Ready, write_claimed

log = structlog.get_logger(__name__)

BATCH = 1_000
"""How many mails are claimed at once: the most that is in the provider's hands when a worker is killed."""
IN_FLIGHT = 2
COPIES_A_CALL = BATCH // IN_FLIGHT
TURN = timedelta(seconds=40)
"""How long one job may send: a worker asked to stop waits for it, and is killed after a minute."""

_ASKED_FOR = tuple(kind.name for kind in KINDS.values() if not kind.is_reminder)
_REMINDERS = tuple(kind.name for kind in KINDS.values() if kind.is_reminder)


@dataclass(frozen=True)
class Tally:
    """How many messages were planned, how many mails sent, and how many messages dropped."""

    planned: int = 0
    sent: int = 0
    dropped: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.planned + other.planned, self.sent + other.sent, self.dropped + other.dropped)


def deliver_everywhere() -> Tally:
    """Plan and send what is due now in every practice, one after the other."""
    return sum((deliver(practice_id, turn=None) for practice_id in practice_ids()), Tally())


def deliver(practice_id: UUID, turn: timedelta | None = TURN, *, asked_for_alone: bool = False) -> Tally:
    """Plan what is due now in a practice and send it, for one turn; what is left then is rung for again.

    What somebody waits for goes first, or alone. Any number of processes may do this at once: each message is sent by
    one of them.
    """
    with Flights(IN_FLIGHT) as flights:
        tally = _deliver(practice_id, _end_of(turn), flights, asked_for_alone=asked_for_alone)
    return tally + Tally(sent=flights.sent)


def deliver_share(number: int, shares: int) -> Tally:
    """Deliver in each practice that has something due and belongs to share `number` of so many, for one turn.

    The calls of one practice are still under way when the next one is planned, so that nobody waits for the last of
    them. A practice in which something breaks gets a job of its own, which shows it; so do those for which a large one
    has left no time. While the provider takes nothing, the sweep comes for the others.
    """
    end, tally = _end_of(TURN), Tally()
    waiting = deque(practices_of_share(number, shares))
    with Flights(IN_FLIGHT) as flights:
        while waiting and not flights.is_no_use and not _is_over(end):
            practice_id = waiting.popleft()
            try:
                tally += _deliver(practice_id, end, flights)
            except Exception:
                log.exception("practice_not_delivered", practice_id=str(practice_id))
                _ring_for([practice_id])
    if not flights.is_no_use:
        _ring_for(waiting)
    return tally + Tally(sent=flights.sent)


def _ring_for(practices: Iterable[UUID]) -> None:
    with as_visitor():
        for practice_id in practices:
            enqueue("workers.jobs.deliver_mail", practice_id)


def deliver_batches(practice_id: UUID, turn: timedelta | None, *, batch: int | None = None) -> Tally:
    """Send what has been planned in a practice for one turn, so many mails at a time (BATCH unless it is said)."""
    with Flights(IN_FLIGHT) as flights:
        tally = _deliver_batches(practice_id, _end_of(turn), flights, (_ASKED_FOR, _REMINDERS), batch or BATCH)
    return tally + Tally(sent=flights.sent)


def _deliver(practice_id: UUID, end: datetime | None, flights: Flights, *, asked_for_alone: bool = False) -> Tally:
    tally = Tally(planned=plan_practice(practice_id, asked_for_alone=asked_for_alone))
    _take_up_ended_claims(practice_id)
    in_turn = (_ASKED_FOR,) if asked_for_alone else (_ASKED_FOR, _REMINDERS)
    return tally + _deliver_batches(practice_id, end, flights, in_turn, BATCH)


def _deliver_batches(
    practice_id: UUID, end: datetime | None, flights: Flights, in_turn: Sequence[Sequence[str]], batch: int
) -> Tally:
    tally = Tally()
    for kinds in in_turn:
        delivery = _Delivery(practice_id, kinds, end, batch)
        delivery.run(flights)
        tally += delivery.tally
        if delivery.is_over or flights.is_no_use:
            break
    return tally


def _end_of(turn: timedelta | None) -> datetime | None:
    return clock.machine_now() + turn if turn is not None else None


def _is_over(end: datetime | None) -> bool:
    return end is not None and clock.machine_now() >= end


class _Delivery:
    """Batch after batch on its way to the provider; `is_over` where it is no use, or too late, to go on."""

    def __init__(self, practice_id: UUID, kinds: Sequence[str], end: datetime | None, batch: int) -> None:
        self.practice_id = practice_id
        self.kinds = kinds
        self.end = end
        self.batch = batch
        self.tally = Tally()
        self.is_over = False

    def run(self, flights: Flights) -> None:
        """Send until nothing of these kinds is due any more; the last of it may be under way still."""
        while not self.is_over and (batch := self._claim_and_write()).claimed:
            left = self._begin(batch.ready, flights)
            if left or flights.is_no_use or _is_over(self.end):
                self.is_over = True
                self._break_off(left, clock.now() + REST if flights.is_no_use else None)

    def _claim_and_write(self) -> Batch:
        now, copies = clock.now(), min(COPIES_A_CALL, ports().mailer.most_copies)
        with as_hasty_practice(self.practice_id):
            join_as_written()
            mails = outbox.claim(now, self.batch, outbox.kinds_let_out(self.kinds))
            batch = write_claimed(mails, now, copies) if mails else Batch(0)
        self.tally += Tally(dropped=batch.dropped)
        return batch

    def _begin(self, ready: Sequence[Ready], flights: Flights) -> Sequence[Ready]:
        """Let one after the other go; returns those that are left, because it is no use or too late."""
        for number, each in enumerate(ready):
            if (number and _is_over(self.end)) or not flights.begin(self._carry, each):
                return ready[number:]
        return ()

    def _carry(self, ready: Ready) -> Landing:
        """Note that these are about to be handed over, call the provider, note what came of it."""
        with as_practice(self.practice_id):
            held = outbox.hand_over(ready.mails())
        going = ready.without_lost(held)
        if going is None:
            return Landing()
        landing = call(ports().mailer.send, going, clock.machine_now() + outbox.LEASE / 2)
        with as_practice(self.practice_id):
            self._note(landing, clock.now())
        return landing

    def _note(self, landing: Landing, now: datetime) -> None:
        for answer in landing.answers:
            _note_answer(answer, now)
        untried = [claim for ready in landing.untried for claim in ready.all_claims()]
        outbox.give_back(untried, were_handed=True)

    def _break_off(self, left: Sequence[Ready], not_before: datetime | None) -> None:
        """Give back what is claimed; where it may go on at once, somebody else is to."""
        with as_practice(self.practice_id):
            outbox.give_back([claim for ready in left for claim in ready.all_claims()], not_before)
            if not_before is None and self.kinds is _ASKED_FOR:
                enqueue("workers.jobs.deliver_asked_for", self.practice_id, queue=URGENT)
            if not_before is None:
                enqueue("workers.jobs.deliver_mail", self.practice_id)


def _note_answer(answer: Answer, now: datetime) -> None:
    error, claims = answer.error, answer.ready.all_claims()
    if error is None:
        outbox.note_sent(claims, answer.provider_id)
    elif isinstance(error, MailDelayed):
        # By the id of the first, so that what failed together does not come back together.
        again = now + wait_before_trying_again(claims[0].attempts, claims[0].id.int % 1000 / 1000)
        outbox.put_back(claims, again, str(error))
    elif isinstance(error, MailRefused):
        outbox.note_failed(claims, str(error))
    else:
        outbox.note_unknown(claims, str(error))
        if not isinstance(error, MailUnknown):
            log.error("mailer_broke", message_id=str(claims[0].id), exc_info=error)


def _take_up_ended_claims(practice_id: UUID) -> None:
    """Decide on what a crash left behind."""
    with as_practice(practice_id):
        ended = outbox.ended_claims()
    if not ended:
        return
    was_taken = ports().mailer.was_taken
    taken = [was_taken(each.delivery_id) if each.was_handed else False for each in ended]
    log.warning("claims_ended", claims=len(ended), handed=sum(each.was_handed for each in ended))
    with as_practice(practice_id):
        outbox.note_sent([each for each, known in zip(ended, taken, strict=True) if known], None)
        unknown = [each for each, known in zip(ended, taken, strict=True) if known is None]
        outbox.note_unknown(unknown, "the worker ended while the provider was called")
        outbox.release([each for each, known in zip(ended, taken, strict=True) if known is False], clock.now())
