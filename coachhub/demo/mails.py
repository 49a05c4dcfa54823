"""What the demo's outbox holds: some months of reminders and nudges, and each kind of trouble once."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from coachhub.demo.sheets import Sheets
from coachhub.demo.who import Who
from coachhub.habits.rules import Month
from coachhub.platform.local_time import local_instant
from coachhub.reminders.models import MailEvent, Message, Nudge, Suppression
from coachhub.reminders.rules import GRACE, new_month_due

MONTHS = 4
_A_DAY = timedelta(days=1)
_DROPPED = ("met", "switched off", "paused", "over")
_BOUNCED, _COMPLAINED, _UNKNOWN, _FAILED = 18, 22, 21, 24
"""Clients, by their number in the list, whose last mail went wrong."""
_NO_SUCH_MAILBOX = "550 5.1.1 The email account that you tried to reach does not exist"


class Mails:
    """Writes what went out to the demo's clients into the sheets. Nothing waits: workers would send it."""

    def __init__(self, sheets: Sheets, coach_id: UUID, now: datetime) -> None:
        self.sheets, self.coach_id, self.now = sheets, coach_id, now
        self.chance = random.Random(5)  # noqa: S311 (a story, not a secret)

    def write(self, n: int, who: Who, email: str) -> None:
        """The reminders of some months, a nudge where one is due, and what came of the last mail."""
        latest = self._latest(who)
        for back in range(MONTHS - 1, -1, -1):
            self._month(who, latest.plus(-back), is_last=back == 0, n=n)
        if n % 4 == 1:
            self._nudge(who)
        if n in (_BOUNCED, _COMPLAINED):
            self._stop(who, email, "complained" if n == _COMPLAINED else "bounced")

    def _latest(self, who: Who) -> Month:
        """The last month whose reminder nobody plans any more."""
        month = Month.local(self.now, who.zone)
        return month if new_month_due(month, who.zone) < self.now - GRACE - _A_DAY else month.plus(-1)

    def _month(self, who: Who, month: Month, *, is_last: bool, n: int) -> None:
        due = new_month_due(month, who.zone)
        state, reason = self._ending(n) if is_last else self._usual_ending()
        self._message(who, "new_month", month.first_day(), due, state, reason)
        day = month.first_day() + timedelta(days=self.chance.randint(9, 26))
        morning = local_instant(day, time(9), who.zone)
        if morning > self.now or state == "dropped":
            return
        stopped = f"address {state}" if state in ("bounced", "complained") else None
        self._message(who, "after_meetup", day, morning, "dropped" if stopped else "delivered", stopped)

    def _ending(self, n: int) -> tuple[str, str | None]:
        """The last month's: with trouble for some."""
        endings = {
            _UNKNOWN: ("unknown", "the provider did not answer"),
            _FAILED: ("failed", "400 The from address does not match a verified sender"),
            _BOUNCED: ("bounced", _NO_SUCH_MAILBOX),
            _COMPLAINED: ("complained", None),
        }
        return endings.get(n) or self._usual_ending()

    def _usual_ending(self) -> tuple[str, str | None]:
        is_dropped = self.chance.random() < 0.2
        return ("dropped", self.chance.choice(_DROPPED)) if is_dropped else ("delivered", None)

    def _nudge(self, who: Who) -> None:
        """Some days ago, so that everybody may be nudged today."""
        at = self.now - timedelta(days=self.chance.randint(2, 20), hours=self.chance.randint(1, 5))
        nudge_id = self._id(at)
        words = "Is there somebody you would enjoy seeing this month? A few names are waiting for you."
        self.sheets.add(
            Nudge,
            practice_id=who.practice_id,
            id=nudge_id,
            client_id=who.client_id,
            coach_id=self.coach_id,
            subject="Your hour this month",
            words=words,
            created_at=at,
            until=at + _A_DAY,
        )
        self._message(who, "nudge", None, at, "delivered", None, subject_id=nudge_id)

    def _message(
        self,
        who: Who,
        kind: str,
        day: date | None,
        due: datetime,
        state: str,
        reason: str | None,
        subject_id: UUID | None = None,
    ) -> None:
        message_id, subject_id = self._id(due), subject_id or self._id(due)
        sent_at = min(due + timedelta(seconds=self.chance.randint(5, 90)), self.now)
        self.sheets.add(
            Message,
            practice_id=who.practice_id,
            id=message_id,
            kind=kind,
            key=f"{kind}:{subject_id}" + (f":{day}" if day else ""),
            user_id=who.user_id,
            client_id=who.client_id,
            subject_id=subject_id,
            fields={"day": str(day)} if day else {},
            due_at=due,
            state=state,
            attempts=1,
            reason=reason,
            planned_at=due,
            settled_at=sent_at,
            together=kind != "nudge",
            delivery_id=message_id,
            is_trouble=state in ("unknown", "failed", "bounced", "complained"),
        )
        if state in ("delivered", "bounced", "complained"):
            self._tell(who, message_id, state, reason, sent_at)

    def _tell(self, who: Who, message_id: UUID, state: str, reason: str | None, sent_at: datetime) -> None:
        told_at = min(sent_at + timedelta(seconds=self.chance.randint(1, 20)), self.now)
        common: dict[str, Any] = {"practice_id": who.practice_id, "delivery_id": message_id, "address": ""}
        self.sheets.add(
            MailEvent,
            **common,
            id=f"demo-{message_id}",
            event=state,
            reason=reason or ("250 2.0.0 OK" if state == "delivered" else ""),
            happened_at=told_at,
            received_at=told_at,
            handled_at=told_at,
        )

    def _stop(self, who: Who, email: str, cause: str) -> None:
        due = new_month_due(self._latest(who), who.zone)
        self.sheets.add(
            Suppression,
            practice_id=who.practice_id,
            address=email,
            cause=cause,
            reason=_NO_SUCH_MAILBOX if cause == "bounced" else "",
            since=min(due + timedelta(minutes=2), self.now),
        )

    def _id(self, at: datetime) -> UUID:
        """As the database makes them: the newest is the largest."""
        stamp = int(at.timestamp() * 1000) << 80 | 7 << 76
        return UUID(int=stamp | self.chance.getrandbits(12) << 64 | 2 << 62 | self.chance.getrandbits(62))
