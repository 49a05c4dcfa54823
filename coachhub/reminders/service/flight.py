"""One batch on its way to the provider: a few calls at once, each outside of any transaction."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from datetime import datetime

from coachhub.platform import clock
from coachhub.platform.mailer import Mailing, MailRefused
from coachhub.reminders.service.writing import Ready

TROUBLES_IN_A_ROW = 5

Send = Callable[[Mailing], str | None]
Answer = Future[str | None]


class Flight:
    """Calls the provider with each mailing. `landed` are those that were answered; `waiting` have not been tried."""

    def __init__(self, send: Send, pool: Executor, at_once: int, ready: Sequence[Ready]) -> None:
        self.waiting = deque(ready)
        self.landed: list[tuple[Ready, Answer]] = []
        self._send, self._pool, self._at_once = send, pool, at_once
        self._flying: dict[Answer, Ready] = {}
        self._troubles = 0
        self._fill()

    @property
    def is_no_use(self) -> bool:
        """Whether the provider takes nothing now: every call failed, or several one after the other."""
        return self._troubles >= min(TROUBLES_IN_A_ROW, max(1, len(self.landed)))

    def land(self, until: datetime) -> None:
        """Wait for all answers; begin no further call after `until` by the machine's clock, or where it is no use."""
        while self._flying:
            answered, _ = wait(self._flying, return_when=FIRST_COMPLETED)
            for answer in answered:
                self._take_in(self._flying.pop(answer), answer)
            if self._troubles < TROUBLES_IN_A_ROW and clock.machine_now() < until:
                self._fill()

    def _fill(self) -> None:
        while self.waiting and len(self._flying) < self._at_once:
            ready = self.waiting.popleft()
            self._flying[self._pool.submit(self._send, ready.mailing)] = ready

    def _take_in(self, ready: Ready, answer: Answer) -> None:
        error = answer.exception()
        was_refused = isinstance(error, MailRefused)
        self._troubles = 0 if error is None or was_refused else self._troubles + 1
        if was_refused and len(ready.mailing.copies) > 1:
            # One bad copy has the whole call refused: nobody got anything, so its halves are tried.
            self.waiting.extendleft(ready.halves())
        else:
            self.landed.append((ready, answer))
