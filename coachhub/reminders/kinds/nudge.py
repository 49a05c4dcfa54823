"""A coach's own short letter to a client, written on a page of ours and mailed once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.orm import aliased

from coachhub.accounts.models import User
from coachhub.clients.models import Client, ClientStatus
from coachhub.habits.rules import NextStep
from coachhub.habits.service.progress import progress_of
from coachhub.platform.db import db
from coachhub.platform.language import as_reader
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.kinds.kind import (
    HERE,
    NOW,
    SINCE,
    About,
    Claim,
    Kind,
    Pointless,
    Reading,
    Script,
    Texts,
    add_messages,
    adding,
    by_claim,
    is_among,
)
from coachhub.reminders.kinds.parties import PARTIES, is_switched_off, join_parties, letter_to_client
from coachhub.reminders.models import Nudge
from coachhub.reminders.phrases import step_line
from coachhub.reminders.rules import GRACE, Part, is_stale

writer = aliased(User, name="writer")


@dataclass(frozen=True)
class NudgeFacts:
    """Whom it greets, who wrote it, and what the reader does next (None: they have no habit this month)."""

    name: str
    writer: str
    step: NextStep | None

    def fields(self) -> dict[str, Part]:
        """The reader's first name, the writer's name, and a line about the next step."""
        return {"name": self.name, "coach": self.writer, "step": step_line(self.step)}


def nudge_texts() -> Texts:
    """What a nudge says unless the coach says it otherwise."""
    lines = ("{step}", "{coach}")
    return Texts(_("Your hour this month"), "\n\n".join(lines), _("Open my month"))


def _sample() -> dict[str, Part]:
    return NudgeFacts("Robin", "Maria Muster", NextStep.CHOOSE).fields()


def _plan(now: datetime) -> int:
    return add_messages(_adding(), now, since=now - GRACE)


@cache
def _adding() -> Insert:
    rows = (
        select()
        .select_from(Nudge)
        .join(Client, and_(Client.practice_id == Nudge.practice_id, Client.id == Nudge.client_id))
        .where(Nudge.practice_id == HERE, Nudge.created_at <= NOW, Nudge.created_at > SINCE)
    )
    return adding(NUDGE, rows, About(Nudge.id, Nudge.created_at, user=Client.user_id, client=Client.id))


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    query = select(
        Nudge.id,
        Nudge.client_id,
        Nudge.subject,
        Nudge.words,
        Nudge.created_at,
        writer.name.label("writer_name"),
        writer.email.label("writer_email"),
        is_switched_off(NUDGE.name).label("is_off"),
        *PARTIES,
    ).join(writer, writer.id == Nudge.coach_id)
    mine = (Nudge.practice_id == current_practice(), is_among(Nudge.id, [claim.subject_id for claim in claims]))
    rows = db.session.execute(join_parties(query, Nudge.client_id, Nudge.practice_id).where(*mine)).all()
    progress = progress_of([row.client_id for row in rows], now)
    steps = {client_id: found.verdict.next_step for client_id, found in progress.items()}
    buttons = _buttons(row.locale or row.practice_locale for row in rows)
    return by_claim(claims, {row.id: _reading(row, steps.get(row.client_id), buttons, now) for row in rows})


def _buttons(locales: Iterable[str]) -> dict[str, str]:
    """What stands on the button, by language: the coach's own words are for everybody, the button is the reader's."""
    found = {}
    for locale in set(locales):
        with as_reader(locale, "UTC"):
            found[locale] = nudge_texts().button
    return found


def _reading(row: Any, step: NextStep | None, buttons: Mapping[str, str], now: datetime) -> Reading:
    reason = _why_pointless(row, now)
    if reason is not None:
        return Pointless(reason)
    letter = letter_to_client(row, address_of("/month"), None)
    own = Texts(row.subject, row.words, buttons[letter.to.locale])
    facts = NudgeFacts(letter.to.greeting_name, row.writer_name, step)
    return letter._replace(coach_name=row.writer_name, reply_to=row.writer_email, facts=facts, own_texts=own)


def _why_pointless(row: Any, now: datetime) -> str | None:
    """A nudge that was held back for days is not sent any more: what it says may have been done."""
    if row.status != ClientStatus.ACTIVE:
        return str(row.status)
    if row.is_off:
        return "switched off"
    return "stale" if is_stale(row.created_at, now) else None


NUDGE = Kind("nudge", is_reminder=False, plan=_plan, read=_read, is_quiet=True, script=Script(nudge_texts, _sample))
