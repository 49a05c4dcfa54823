"""Holding mail back and letting it out again: of one practice or all, of one kind or every kind."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, text
from sqlalchemy.dialects.postgresql import insert

from coachhub.accounts.models import Practice
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice, as_user, as_visitor
from coachhub.reminders.kinds import KINDS
from coachhub.reminders.models import MailPause

_BY_SLUG = text("select lookup.practice_by_slug(:slug)")


class NoSuchThing(Exception):
    """There is no practice or kind of that name; of kinds the text says which there are."""


@dataclass(frozen=True)
class Pause:
    """Mail held back: the practice by its address (None: all), the kind (None: every kind), since when."""

    practice: str | None
    kind: str | None
    since: datetime


def pause_mail(slug: str | None, kind: str | None, by: UUID | None = None) -> bool:
    """Hold mail back from now on; planning goes on. False where it was held back already. Raises NoSuchThing.

    `by`: the operator who does so on a page; nobody where it is the command line. No transaction is open.
    """
    _check_kind(kind)
    with _acting(by):
        values = {"practice_id": _practice_of(slug), "kind": kind, "since": clock.now()}
        adding = insert(MailPause).values(**values).on_conflict_do_nothing().returning(MailPause.id)
        return db.session.execute(adding).first() is not None


def resume_mail(slug: str | None, kind: str | None, by: UUID | None = None) -> bool:
    """End exactly this pause; the next sweep finds what waits. False where there was none. Raises NoSuchThing.

    `by` as in `pause_mail`. No transaction is open.
    """
    _check_kind(kind)
    with _acting(by):
        same: tuple[ColumnElement[bool], ...] = (
            MailPause.practice_id.is_not_distinct_from(_practice_of(slug)),
            MailPause.kind.is_not_distinct_from(kind),
        )
        return db.session.execute(delete(MailPause).where(*same).returning(MailPause.id)).first() is not None


def pauses() -> list[Pause]:
    """Every pause in force, oldest first."""
    with as_visitor():
        columns = (MailPause.practice_id, MailPause.kind, MailPause.since)
        found = db.session.execute(select(*columns).order_by(MailPause.since, MailPause.id)).all()
    slugs = slugs_of({practice_id for practice_id, _, _ in found if practice_id is not None})
    return [Pause(slugs.get(practice_id), kind, since) for practice_id, kind, since in found]


def practice_named(slug: str) -> UUID:
    """The practice at this address. Raises NoSuchThing. No transaction is open."""
    with as_visitor():
        practice_id = _practice_of(slug)
    if practice_id is None:
        raise NoSuchThing(f"There is no practice {slug}.")
    return practice_id


def slugs_of(practice_ids: Iterable[UUID]) -> dict[UUID | None, str]:
    """The address of each practice, by which an operator names it."""
    found: dict[UUID | None, str] = {}
    for practice_id in practice_ids:
        with as_practice(practice_id):
            found[practice_id] = db.session.scalars(select(Practice.slug).where(Practice.id == practice_id)).one()
    return found


def _acting(by: UUID | None) -> AbstractContextManager[None]:
    return as_visitor() if by is None else as_user(by)


def _check_kind(kind: str | None) -> None:
    if kind is not None and kind not in KINDS:
        raise NoSuchThing(f"There is no kind {kind}. There are: {', '.join(KINDS)}.")


def _practice_of(slug: str | None) -> UUID | None:
    if slug is None:
        return None
    practice_id: UUID | None = db.session.execute(_BY_SLUG, {"slug": slug}).scalar_one()
    if practice_id is None:
        raise NoSuchThing(f"There is no practice {slug}.")
    return practice_id
