"""Who may see how the installation stands: made and ended on the command line, asked for by the guard of the pages."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert

from coachhub.operations.models import Operator
from coachhub.operations.service.pausing import NoSuchThing
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_visitor

_BY_EMAIL = text("select user_id from lookup.user_by_email(:address)")
_IS_ONE = text("select lookup.is_operator(:person)")
_ALL = text("select email, since from lookup.operators() order by since, email")


@dataclass(frozen=True)
class OperatorRow:
    """An operator by the address with which they sign in, and since when they are one."""

    email: str
    since: datetime


def add_operator(email: str) -> bool:
    """Let the person who signs in with this address see how the installation stands; False where they already may.

    Raises NoSuchThing where nobody signs in with it. No transaction is open.
    """
    with as_visitor():
        values = {"user_id": _user_of(email), "since": clock.now()}
        adding = insert(Operator).values(**values).on_conflict_do_nothing().returning(Operator.user_id)
        return db.session.execute(adding).first() is not None


def remove_operator(email: str) -> bool:
    """They may no longer; False where they could not. Raises NoSuchThing. No transaction is open."""
    with as_visitor():
        ending = delete(Operator).where(Operator.user_id == _user_of(email)).returning(Operator.user_id)
        return db.session.execute(ending).first() is not None


def operators() -> list[OperatorRow]:
    """All of them, the first one first. No transaction is open; only the worker's role may ask."""
    with as_visitor():
        return [OperatorRow(row.email, row.since) for row in db.session.execute(_ALL)]


def is_operator(user_id: UUID) -> bool:
    """Whether this person may look. A transaction is open."""
    return bool(db.session.execute(_IS_ONE, {"person": user_id}).scalar_one())


def _user_of(email: str) -> UUID:
    found: UUID | None = db.session.execute(_BY_EMAIL, {"address": email.strip().lower()}).scalar_one_or_none()
    if found is None:
        raise NoSuchThing(f"Nobody signs in with {email}.")
    return found
