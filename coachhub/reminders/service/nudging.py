"""Nudging clients: a coach's own short letter to one or many, and never a second one within a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Uuid, any_, cast, exists, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from coachhub.accounts.models import Practice
from coachhub.accounts.service import audit
from coachhub.clients.models import Client
from coachhub.habits.rules import NextStep
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.language import as_reader
from coachhub.platform.mail_templates import sender_name
from coachhub.platform.tenancy import current_practice
from coachhub.platform.wakes import mail_now
from coachhub.reminders.kinds import Letter
from coachhub.reminders.kinds.kind import Recipient, Texts
from coachhub.reminders.kinds.nudge import NUDGE, NudgeFacts, nudge_texts
from coachhub.reminders.kinds.parties import is_switched_off, reader
from coachhub.reminders.kinds.zones import zone_named
from coachhub.reminders.models import Nudge, Suppression
from coachhub.reminders.rules import Barrier, barrier_of
from coachhub.reminders.service.practice_rules import Words, our_words, rule_of
from coachhub.reminders.service.scripts import Spoken, part_of
from coachhub.reminders.service.suppressions import is_suppressed

A_DAY = timedelta(days=1)
AT_MOST = 1_000
"""How many clients one nudge is for."""


@dataclass(frozen=True)
class Reach:
    """How a client is reached by mail, and why they are not nudged now, where they are not."""

    address: str
    locale: str
    zone: ZoneInfo
    practice_name: str
    barrier: Barrier | None


@dataclass(frozen=True)
class Preview:
    """A nudge as its reader will see it; `html` is made by us, and nothing that anybody wrote is markup in it."""

    sender: str
    subject: str
    html: str
    button: str


@dataclass(frozen=True)
class Nudged:
    """How many nudges were taken now, and how many with the same words a moment ago: by a first click."""

    new: int
    before: int


def nudge_words(line: str, coach_name: str) -> Words:
    """What a nudge says before its coach says it otherwise: the practice's own words, else `line` and the name."""
    own = rule_of(NUDGE.name).own
    said = "\n\n".join(words for words in (line, coach_name) if words)
    return own or Words(our_words(NUDGE.name).subject, said)


def nudged_since(client_ids: Sequence[UUID], since: datetime) -> frozenset[UUID]:
    """Those of these clients who got a nudge after that instant. One statement, however many."""
    here = (Nudge.practice_id == current_practice(), Nudge.created_at > since)
    among = Nudge.client_id == any_(cast(list(client_ids), ARRAY(Uuid)))
    return frozenset(db.session.scalars(select(Nudge.client_id).where(*here, among)))


def reach_of(client_ids: Sequence[UUID]) -> dict[UUID, Reach]:
    """How these clients of the practice are reached. One statement, however many."""
    address = func.coalesce(reader.email, Client.email)
    query = (
        select(
            Client.id,
            Client.status,
            Client.time_zone,
            address.label("address"),
            func.coalesce(reader.locale, Practice.locale).label("locale"),
            Practice.name.label("practice_name"),
            Suppression.cause,
            is_switched_off(NUDGE.name).label("is_off"),
            _is_nudged().label("is_nudged"),
        )
        .join(Practice, Practice.id == Client.practice_id)
        .outerjoin(reader, reader.id == Client.user_id)
        .outerjoin(Suppression, is_suppressed(address))
        .where(Client.practice_id == current_practice(), Client.id == any_(cast(list(client_ids), ARRAY(Uuid))))
    )
    return {row.id: _reach(row) for row in db.session.execute(query)}


def _is_nudged() -> ColumnElement[bool]:
    own = (Nudge.practice_id == Client.practice_id, Nudge.client_id == Client.id)
    return exists().where(*own, Nudge.created_at > clock.now() - A_DAY, Nudge.until > clock.now()).correlate(Client)


def _reach(row: Any) -> Reach:
    barrier = barrier_of(row.status, row.cause, is_off=row.is_off, is_nudged=row.is_nudged)
    return Reach(row.address, row.locale, zone_named(row.time_zone), row.practice_name, barrier)


def preview_nudge(to: Reach, name: str, step: NextStep | None, words: Words, coach_name: str) -> Preview:
    """The nudge as the client would get it now, written as the real one is."""
    reader = Recipient(to.address, name, to.locale, to.zone)
    facts = NudgeFacts(reader.greeting_name, coach_name, step)
    letter = Letter(reader, coach_name, None, to.practice_name, "", facts)
    with as_reader(to.locale, to.zone.key):
        texts = Texts(words.subject, words.words, nudge_texts().button)
        part = part_of(letter, texts, Spoken({}).hello(reader))
    return Preview(sender_name(coach_name, to.practice_name, to.locale), part["title"], part["html"], part["button"])


def send_nudges(client_ids: Sequence[UUID], coach_id: UUID, words: Words) -> Nudged:
    """Nudge those of the clients who may be nudged, each at most once within a day, whoever else does it meanwhile.

    One insert for all: the database refuses a second nudge of a day, and that client is left out.
    """
    open_ids = [client_id for client_id, reach in reach_of(client_ids).items() if reach.barrier is None]
    sent = _insert(open_ids[:AT_MOST], coach_id, words)
    if sent:
        audit.note("clients_nudged")
        mail_now(current_practice())
    return Nudged(len(sent), _sent_before(set(client_ids) - sent, coach_id, words))


def _insert(client_ids: Sequence[UUID], coach_id: UUID, words: Words) -> set[UUID]:
    """In the order of the ids, so that two coaches who nudge the same clients wait for each other, and never both."""
    now = clock.now()
    columns = {
        "practice_id": literal(current_practice()),
        "client_id": func.unnest(cast(sorted(client_ids), ARRAY(Uuid))),
        "coach_id": literal(coach_id),
        "subject": literal(words.subject),
        "words": literal(words.words),
        "created_at": literal(now),
        "until": literal(now + A_DAY),
    }
    adding = insert(Nudge).from_select(list(columns), select(*columns.values()), include_defaults=False)
    return set(db.session.scalars(adding.on_conflict_do_nothing().returning(Nudge.client_id)))


def _sent_before(client_ids: set[UUID], coach_id: UUID, words: Words) -> int:
    """Those to whom the same coach has just written the same."""
    same = (Nudge.coach_id == coach_id, Nudge.subject == words.subject, Nudge.words == words.words)
    among = Nudge.client_id == any_(cast(list(client_ids), ARRAY(Uuid)))
    here = (Nudge.practice_id == current_practice(), Nudge.until > clock.now())
    found = select(func.count()).select_from(Nudge).where(*here, among, *same)
    return db.session.scalar(found) or 0
