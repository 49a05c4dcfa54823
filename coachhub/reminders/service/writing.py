"""From claimed messages to mails: the state is read again, and only what is still wanted is written."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from coachhub.platform.db import db
from coachhub.platform.links import address_of
from coachhub.platform.mail_templates import sender_name, write_mail
from coachhub.platform.mailer import Mail
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.kinds import KINDS, Claim, Letter, Pointless
from coachhub.reminders.kinds.kind import Reading
from coachhub.reminders.rules import after_quiet_hours, is_stale
from coachhub.reminders.service import outbox

log = structlog.get_logger(__name__)
REST = timedelta(minutes=1)
"""How long we wait after something broke that is not about one message."""


@dataclass(frozen=True)
class Ready:
    """A claimed message, written: all that is left is to hand it over."""

    claim: Claim
    mail: Mail


@dataclass(frozen=True)
class Batch:
    """What became of a number of claims. Those that are neither ready nor dropped wait for the morning or failed."""

    claimed: int
    ready: list[Ready] = field(default_factory=list)
    dropped: list[Claim] = field(default_factory=list)


def write_claimed(claims: Sequence[Claim], now: datetime) -> Batch:
    """Write what is still wanted now; drop the rest, and put off what would come at night."""
    batch, readings = Batch(len(claims)), _read_again(claims, now)
    for claim in [claim for claim in claims if claim.id not in readings.unread]:
        reading = readings.of.get(claim.id, Pointless("gone"))
        if isinstance(reading, Pointless):
            outbox.drop(claim.id, claim.attempts, reading.reason)
            batch.dropped.append(claim)
        elif (morning := _not_before(claim, reading, now)) > now:
            outbox.give_back([claim], morning)
        elif (mail := _written(claim, reading)) is not None:
            batch.ready.append(Ready(claim, mail))
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


def _not_before(claim: Claim, letter: Letter, now: datetime) -> datetime:
    kind = KINDS[claim.kind]
    waits = (kind.is_reminder or kind.is_quiet) and not letter.is_pressing
    return after_quiet_hours(now, letter.to.zone) if waits else now


def _written(claim: Claim, letter: Letter) -> Mail | None:
    """The mail, or None: a text that cannot be written fails alone, and does not hold up everybody else's."""
    try:
        return _mail(claim, letter)
    except Exception as error:
        log.exception("mail_not_written", message_id=str(claim.id), kind=claim.kind)
        outbox.note_failed(claim.id, claim.attempts, f"could not be written: {type(error).__name__}")
        return None


def _mail(claim: Claim, letter: Letter) -> Mail:
    locale, zone = letter.to.locale, letter.to.zone
    written = write_mail(claim.kind, locale, zone.key, letter=letter, facts=letter.facts, address_of=address_of)
    return Mail(
        delivery_id=claim.id,
        practice_id=current_practice(),
        kind=claim.kind,
        to_address=letter.to.address,
        to_name=letter.to.full_name,
        from_name=sender_name(letter.coach_name, letter.practice_name, locale),
        reply_to=letter.reply_to,
        subject=written.subject,
        text=written.text,
        html=written.html,
        attachments=letter.attachments,
    )
