"""Calls to the provider: a few at once, each begun as soon as another has landed."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from coachhub.platform import clock
from coachhub.platform.mailer import Mailing, MailRefused
from coachhub.platform.threads import in_threads
from coachhub.reminders.service.writing import Ready

TROUBLES_IN_A_ROW = 5


@dataclass(frozen=True)
class Answer:
    """What the provider said to one call: its id for it, or what went wrong."""

    ready: Ready
    provider_id: str | None = None
    error: Exception | None = None

    @property
    def was_taken(self) -> bool:
        """Whether the provider has it now."""
        return self.error is None

    @property
    def is_trouble(self) -> bool:
        """Whether it failed for a reason that the next call may meet, too."""
        return self.error is not None and not isinstance(self.error, MailRefused)


@dataclass(frozen=True)
class Landing:
    """How one flight ended: what was answered, and what was not tried."""

    answers: tuple[Answer, ...] = ()
    untried: tuple[Ready, ...] = ()

    @property
    def is_trouble(self) -> bool:
        """Whether the provider took nothing, for no fault of what it was given."""
        return any(answer.is_trouble for answer in self.answers)


def call(send: Callable[[Mailing], str | None], ready: Ready, until: datetime) -> Landing:
    """Call the provider with a mailing; begin no further call after `until` by the machine's clock.

    One bad copy has the whole call refused: nobody got anything, so its halves are tried.
    """
    answers: list[Answer] = []
    waiting = deque([ready])
    while waiting and (not answers or clock.machine_now() < until):
        answer = _answer_to(send, waiting.popleft())
        if isinstance(answer.error, MailRefused) and len(answer.ready.mailing.copies) > 1:
            waiting.extendleft(reversed(answer.ready.halves()))
        else:
            answers.append(answer)
    return Landing(tuple(answers), tuple(waiting))


def _answer_to(send: Callable[[Mailing], str | None], ready: Ready) -> Answer:
    try:
        return Answer(ready, provider_id=send(ready.mailing))
    except Exception as error:  # whatever it is, the mail is accounted for
        return Answer(ready, error=error)


class Flights:
    """At most `at_once` mailings under way; leaving the block waits for all of them.

    Whoever begins one says how it is carried: the whole way, in a thread of its own, from noting that it goes to noting
    what came of it.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._pool = ThreadPoolExecutor(at_once)
        self._flying: set[Future[Landing]] = set()
        self._landings: list[Landing] = []
        self._troubles = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pool.shutdown()
        if error is None:
            self._take_in(self._flying)

    @property
    def is_no_use(self) -> bool:
        """Whether the provider takes nothing now: so many calls failed one after the other."""
        return self._troubles >= TROUBLES_IN_A_ROW

    def begin(self, carry: Callable[[Ready], Landing], ready: Ready) -> bool:
        """Let one go as soon as there is a place for it. False: it was not begun, because it is no use."""
        while len(self._flying) >= self._at_once:
            self._take_in(wait(self._flying, return_when=FIRST_COMPLETED).done)
        if not self.is_no_use:
            self._flying.add(self._pool.submit(in_threads(carry), ready))
        return not self.is_no_use

    @property
    def sent(self) -> int:
        """How many mails the provider has taken, of those that have landed."""
        answers = (answer for landing in self._landings for answer in landing.answers)
        return sum(len(answer.ready.mailing.copies) for answer in answers if answer.was_taken)

    def _take_in(self, landed: set[Future[Landing]]) -> None:
        self._flying = self._flying - landed
        for flight in landed:
            landing = flight.result()
            self._landings.append(landing)
            self._troubles = self._troubles + 1 if landing.is_trouble else 0
