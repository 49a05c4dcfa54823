"""Sending what is due in one practice: claim, read the state again, write, call the provider, note.

The provider is called outside of any transaction. What a crash leaves behind is taken up when its claim ends:
never handed over, it is due again; handed over, the provider is asked, and where it cannot tell it is held.
"""

from collections import deque
from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from coachhub.platform import clock
from coachhub.platform.jobs import enqueue
from coachhub.platform.mailer import MailDelayed, MailRefused, MailUnknown
from coachhub.platform.ports import ports
from coachhub.platform.tenancy import as_practice
from coachhub.reminders.kinds import Claim
from coachhub.reminders.rules import wait_before_trying_again
from coachhub.reminders.service import outbox
from coachhub.reminders.service.planning import plan_due, practice_ids
from coachhub.reminders.service.writing import REST, Batch, Ready, write_claimed

log = structlog.get_logger(__name__)

BATCH = 100
IN_FLIGHT = 4
TURN = timedelta(seconds=40)
"""How long one job may send: a worker asked to stop waits for it, and is killed after a minute."""
TROUBLES_IN_A_ROW = 5

Answer = Future[str | None]


@dataclass(frozen=True)
class Tally:
    """How many messages were planned, sent and dropped."""

    planned: int = 0
    sent: int = 0
    dropped: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.planned + other.planned, self.sent + other.sent, self.dropped + other.dropped)


def deliver_everywhere() -> Tally:
    """Plan and send what is due now in every practice, one after the other."""
    return sum((deliver(practice_id, turn=None) for practice_id in practice_ids()), Tally())


def deliver(practice_id: UUID, turn: timedelta | None = TURN) -> Tally:
    """Plan what is due now in a practice and send it, for one turn; what is left then is rung for again.

    Any number of processes may do this at once: each message is sent by one of them.
    """
    stop_at = clock.machine_now() + turn if turn else None
    with as_practice(practice_id):
        tally = Tally(planned=plan_due(clock.now()))
    _take_up_ended_claims(practice_id)
    while (batch := _claim_and_write(practice_id)).claimed:
        round_ = _Round(practice_id, batch, stop_at)
        round_.run()
        tally += Tally(sent=round_.sent, dropped=len(batch.dropped))
        if round_.is_cut_short:
            break
    return tally


def _claim_and_write(practice_id: UUID) -> Batch:
    now = clock.now()
    with as_practice(practice_id):
        return write_claimed(outbox.claim(now, BATCH), now)


class _Round:
    """One batch on its way to the provider, a few at a time; each answer is noted as soon as it comes."""

    def __init__(self, practice_id: UUID, batch: Batch, stop_at: datetime | None) -> None:
        self.practice_id = practice_id
        self.waiting = deque(batch.ready)
        self.flying: dict[Answer, Ready] = {}
        self.stop_at = stop_at
        self.sent = 0
        self.is_cut_short = False
        self._troubles = 0

    def run(self) -> None:
        """Send until nothing waits or flies any more."""
        send, answered = ports().mailer.send, set[Answer]()
        with ThreadPoolExecutor(IN_FLIGHT) as pool:
            while self.waiting or self.flying:
                for ready in self._note_and_go_on(answered):
                    self.flying[pool.submit(send, ready.mail)] = ready
                answered, _ = wait(self.flying, return_when=FIRST_COMPLETED)

    def _note_and_go_on(self, answered: Collection[Answer]) -> list[Ready]:
        """In one transaction: note the answers, and that the next messages are about to be handed over."""
        now = clock.now()
        with as_practice(self.practice_id):
            for answer in answered:
                self._note(self.flying.pop(answer).claim, answer, now)
            self._stop_where_it_is_no_use(now)
            free = IN_FLIGHT - len(self.flying)
            going = [self.waiting.popleft() for _ in range(min(free, len(self.waiting)))]
            held = outbox.hand_over([ready.claim for ready in going])
        return [ready for ready in going if ready.claim.id in held]

    def _note(self, claim: Claim, answer: Answer, now: datetime) -> None:
        error = answer.exception()
        self._troubles = 0 if error is None or isinstance(error, MailRefused) else self._troubles + 1
        if error is None:
            self.sent += 1
            outbox.note_sent(claim.id, claim.attempts, answer.result())
        elif isinstance(error, MailDelayed):
            again = now + wait_before_trying_again(claim.attempts, claim.id.int % 1000 / 1000)
            outbox.put_back(claim.id, claim.attempts, again, str(error))
        elif isinstance(error, MailRefused):
            outbox.note_failed(claim.id, claim.attempts, str(error))
        else:
            outbox.note_unknown(claim.id, claim.attempts, str(error))
            if not isinstance(error, MailUnknown):
                log.error("mailer_broke", message_id=str(claim.id), exc_info=error)

    def _stop_where_it_is_no_use(self, now: datetime) -> None:
        is_in_trouble = self._troubles >= TROUBLES_IN_A_ROW
        is_late = self.stop_at is not None and clock.machine_now() >= self.stop_at
        if not (is_in_trouble or is_late):
            return
        self.is_cut_short = True
        outbox.give_back([ready.claim for ready in self.waiting], now + REST if is_in_trouble else None)
        self.waiting.clear()
        if not is_in_trouble:
            enqueue("workers.jobs.deliver_mail", self.practice_id)


def _take_up_ended_claims(practice_id: UUID) -> None:
    """Decide on what a crash left behind."""
    with as_practice(practice_id):
        ended = outbox.ended_claims()
    was_taken = ports().mailer.was_taken
    answers = [(claim, was_taken(claim.id) if claim.was_handed else False) for claim in ended]
    now = clock.now()
    with as_practice(practice_id):
        for claim, taken in answers:
            log.warning("claim_ended", message_id=str(claim.id), was_handed=claim.was_handed, was_taken=taken)
            if taken:
                outbox.note_sent(claim.id, claim.attempts, None)
            elif taken is None:
                outbox.note_unknown(claim.id, claim.attempts, "the worker ended while the provider was called")
            else:
                outbox.release(claim, now)
