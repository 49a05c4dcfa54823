"""What a practice says about a kind of reminder: whether it goes out at all, and its own words."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert

from coachhub.accounts.service import audit
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.kinds import KINDS
from coachhub.reminders.kinds.kind import Script
from coachhub.reminders.models import ReminderRule


@dataclass(frozen=True)
class Words:
    """Subject and words of a reminder, with {fields}."""

    subject: str
    words: str


@dataclass(frozen=True)
class Rule:
    """A kind as the practice has it. `own`: its own words; None for ours."""

    kind: str
    is_off: bool = False
    own: Words | None = None


def script_of(kind: str) -> Script:
    """The script of a kind. Raises NotFound for a kind that has none, or that is not there."""
    found = KINDS.get(kind)
    if found is None or found.script is None:
        raise NotFound
    return found.script


def rules() -> tuple[Rule, ...]:
    """Every kind that has words, as the running practice has it."""
    kept = {rule.kind: rule for rule in db.session.scalars(select(ReminderRule).where(_here()))}
    return tuple(_rule(kind.name, kept.get(kind.name)) for kind in KINDS.values() if kind.script is not None)


def rule_of(kind: str) -> Rule:
    """One kind. Raises NotFound as `script_of`."""
    script_of(kind)
    return _rule(kind, db.session.scalars(select(ReminderRule).where(_here(), _of(kind))).one_or_none())


def our_words(kind: str) -> Words:
    """Our words for a kind, in the language of whoever asks."""
    texts = script_of(kind).texts()
    return Words(texts.subject, texts.words)


def switch_kind(kind: str, *, on: bool) -> None:
    """Send a kind from now on, or no more; switched on again it says nothing of the past. The same again is nothing."""
    script_of(kind)
    now = clock.now()
    if on:
        stopped = (_here(), _of(kind), ReminderRule.is_off)
        db.session.execute(update(ReminderRule).where(*stopped).values(is_off=False, switched_at=now))
    else:
        row = {"practice_id": current_practice(), "kind": kind, "is_off": True, "switched_at": now}
        new = {"is_off": True, "switched_at": now}
        adding = insert(ReminderRule).values(row)
        keys = ["practice_id", "kind"]
        going = ~ReminderRule.is_off
        db.session.execute(adding.on_conflict_do_update(index_elements=keys, set_=new, where=going))
    audit.note(f"reminder_switched_{'on' if on else 'off'}", None)


def keep_words(kind: str, words: Words) -> None:
    """Use the practice's own words; those that are ours, to the letter, stay ours and follow our changes."""
    own = None if words == our_words(kind) else words
    new = {"subject": own.subject if own else None, "words": own.words if own else None}
    adding = insert(ReminderRule).values(practice_id=current_practice(), kind=kind, **new)
    db.session.execute(adding.on_conflict_do_update(index_elements=["practice_id", "kind"], set_=new))
    audit.note("reminder_words_changed", None)


def forget_words(kind: str) -> None:
    """Go back to our words."""
    keep_words(kind, our_words(kind))


def _rule(kind: str, row: ReminderRule | None) -> Rule:
    if row is None:
        return Rule(kind)
    own = Words(row.subject or "", row.words) if row.words is not None else None
    return Rule(kind, row.is_off, own)


def _here() -> ColumnElement[bool]:
    return ReminderRule.practice_id == current_practice()


def _of(kind: str) -> ColumnElement[bool]:
    return ReminderRule.kind == kind
