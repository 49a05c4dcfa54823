"""From claimed messages to mailings: the state is read again, and only what is still wanted is written."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from coachhub.platform.db import db
from coachhub.platform.links import address_of
from coachhub.platform.mail_templates import sender_name, write_mail
from coachhub.platform.mailer import Copy, Mailing
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.kinds import KINDS, Claim, Letter, Pointless
from coachhub.reminders.kinds.kind import Reading
from coachhub.reminders.kinds.trial import Trial
from coachhub.reminders.rules import QuietHours, after_quiet_hours, is_stale
from coachhub.reminders.service import outbox
from coachhub.reminders.service.samples import write_trial
from coachhub.reminders.service.scripts import Scripted, write_scripted
from coachhub.reminders.service.suppressions import suppressed_among
from coachhub.reminders.service.unsubscribing import unsubscribe_address

log = structlog.get_logger(__name__)
REST = timedelta(minutes=1)
"""How long we wait after something broke that is not about one message."""


@dataclass(frozen=True)
class Ready:
    """A mailing, written: all that is left is to hand it over. `claims` are what each copy is for, by delivery id."""

    mailing: Mailing
    claims: Mapping[UUID, Sequence[Claim]]

    def mails(self) -> list[Sequence[Claim]]:
        """What each of its copies is for."""
        return [self.claims[copy.delivery_id] for copy in self.mailing.copies]

    def all_claims(self) -> list[Claim]:
        """Everything that goes out with it."""
        return [claim for mail in self.mails() for claim in mail]

    def halves(self) -> tuple["Ready", "Ready"]:
        """Two mailings with half of the copies each; it has more than one."""
        middle = len(self.mailing.copies) // 2
        return self._with(self.mailing.copies[:middle]), self._with(self.mailing.copies[middle:])

    def without_lost(self, held: set[UUID]) -> "Ready | None":
        """The same without the copies of which a claim does not hold any more; None where nobody is left."""
        if all(claim.id in held for claim in self.all_claims()):
            return self
        copies = self.mailing.copies
        kept = tuple(copy for copy in copies if all(claim.id in held for claim in self.claims[copy.delivery_id]))
        return self._with(kept) if kept else None

    def _with(self, copies: tuple[Copy, ...]) -> "Ready":
        return Ready(replace(self.mailing, copies=copies), self.claims)


@dataclass
class Batch:
    """What became of a number of mails. Those that are neither ready nor dropped wait for the morning or failed."""

    claimed: int
    ready: list[Ready] = field(default_factory=list)
    dropped: int = 0


def write_claimed(mails: Sequence[Sequence[Claim]], now: datetime, most_copies: int) -> Batch:
    """Write what is still wanted now; drop the rest, and put off what would come at night."""
    claims = [claim for mail in mails for claim in mail]
    readings = _read_again(claims, now)
    suppressed = suppressed_among([read.to.address for read in readings.of.values() if isinstance(read, Letter)])
    pointless: list[tuple[Claim, str]] = []
    wanted: list[tuple[list[Claim], list[Letter]]] = []
    for mail in mails:
        kept: tuple[list[Claim], list[Letter]] = ([], [])
        for claim in mail:
            if claim.id in readings.unread:
                continue
            reading = readings.of.get(claim.id, Pointless("gone"))
            if isinstance(reading, Letter) and reading.to.address in suppressed:
                reading = Pointless(suppressed[reading.to.address])
            if isinstance(reading, Pointless):
                pointless.append((claim, reading.reason))
            else:
                kept[0].append(claim)
                kept[1].append(reading)
        if kept[0]:
            wanted.append(kept)
    outbox.drop(pointless)
    batch = Batch(len(mails), dropped=len(pointless))
    batch.ready = list(_written(_by_day(wanted, now), most_copies))
    return batch


@dataclass(frozen=True)
class _Readings:
    """What the state says now, by message; and the messages for which it could not be read."""

    of: dict[UUID, Reading] = field(default_factory=dict)
    unread: set[UUID] = field(default_factory=set)


def _read_again(claims: Sequence[Claim], now: datetime) -> _Readings:
    """A kind that cannot be read holds up no other; its messages are tried again in a minute."""
    by_kind, readings = defaultdict(list), _Readings()
    for claim in claims:
        if KINDS[claim.kind].is_reminder and is_stale(claim.due_at, now):
            readings.of[claim.id] = Pointless("stale")
        else:
            by_kind[claim.kind].append(claim)
    for name, of_kind in by_kind.items():
        try:
            with db.session.begin_nested():
                readings.of.update(KINDS[name].read(of_kind, now))
        except Exception:
            log.exception("kind_not_read", kind=name)
            readings.unread.update(claim.id for claim in of_kind)
            outbox.give_back(of_kind, now + REST)
    return readings


_Wanted = tuple[list[Claim], list[Letter]]


def _by_day(wanted: Sequence[_Wanted], now: datetime) -> Iterator[_Wanted]:
    """Those that may go out now; the others are given back until their reader's morning."""
    waiting: dict[datetime, list[Claim]] = defaultdict(list)
    morning_of = cache(partial(after_quiet_hours, now))  # a thousand readers live in a few zones
    for claims, letters in wanted:
        morning = _not_before(claims[0], letters, now, morning_of)
        if morning > now:
            waiting[morning] += claims
        else:
            yield claims, letters
    for morning, claims in waiting.items():
        outbox.give_back(claims, morning)


def _not_before(
    claim: Claim, letters: Sequence[Letter], now: datetime, morning_of: Callable[[ZoneInfo, QuietHours], datetime]
) -> datetime:
    """Now, or their reader's morning; what shares a mail with something pressing goes with it."""
    kind, to = KINDS[claim.kind], letters[0].to
    waits = (kind.is_reminder or kind.is_quiet) and not any(letter.is_pressing for letter in letters)
    return morning_of(to.zone, to.quiet) if waits else now


def _written(wanted: Iterator[_Wanted], most_copies: int) -> Iterator[Ready]:
    """The mailings; a text that cannot be written fails alone, and does not hold up everybody else's."""
    scripted: list[Scripted] = []
    claims_of: dict[UUID, Sequence[Claim]] = {}
    for claims, letters in wanted:
        claims_of[claims[0].id] = claims
        if KINDS[claims[0].kind].script is not None:
            scripted.append(Scripted(claims[0].id, claims, letters))
        elif (mailing := _own_mail(claims[0], letters[0])) is not None:
            yield Ready(mailing, {claims[0].id: claims})
    mailings, failed = write_scripted(scripted, most_copies)
    for mailing in mailings:
        yield Ready(mailing, claims_of)
    for delivery_id, error in failed:
        _note_unwritten(claims_of[delivery_id], error)


def _own_mail(claim: Claim, letter: Letter) -> Mailing | None:
    try:
        return _mailing(claim, letter)
    except Exception as error:
        _note_unwritten([claim], error)
        return None


def _note_unwritten(claims: Sequence[Claim], error: Exception) -> None:
    log.error("mail_not_written", message_id=str(claims[0].id), kind=claims[0].kind, exc_info=error)
    outbox.note_failed(claims, f"could not be written: {type(error).__name__}")


def _mailing(claim: Claim, letter: Letter) -> Mailing:
    if isinstance(letter.facts, Trial):
        return write_trial(claim.id, letter)
    locale, zone, off = letter.to.locale, letter.to.zone, _off(claim, letter)
    context = {"letter": letter, "facts": letter.facts, "address_of": address_of, "off": off}
    written = write_mail(claim.kind, locale, zone.key, **context)
    return Mailing(
        practice_id=current_practice(),
        kind=claim.kind,
        from_name=sender_name(letter.coach_name, letter.practice_name, locale),
        reply_to=letter.reply_to,
        subject=written.subject,
        text=written.text,
        html=written.html,
        copies=(Copy(claim.id, letter.to.address, letter.to.full_name, unsubscribe=off or None),),
        attachments=letter.attachments,
    )


def _off(claim: Claim, letter: Letter) -> str:
    """Where its reader stops such mails; empty where it is one that there is no stopping."""
    if letter.off or not KINDS[claim.kind].has_switch:
        return letter.off
    return unsubscribe_address(client_id=claim.client_id, user_id=claim.user_id)
