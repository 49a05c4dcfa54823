"""One transaction, as one practice and one person. This is the only file that commits.

PostgreSQL's row-level security reads `app.practice_id` and `app.user_id`; both are set locally to the
transaction, so a pooled connection can never carry them to somebody else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from flask import g
from sqlalchemy import Connection, TextClause, TextualSelect, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction
from structlog.contextvars import bind_contextvars, unbind_contextvars

from coachhub.platform import counts, jobs
from coachhub.platform.at_once import ask_at_once
from coachhub.platform.db import db
from coachhub.platform.retries import note_doubt

_SET = text("select set_config('app.practice_id', :practice, true), set_config('app.user_id', :user, true)")
_AS_WRITTEN = text("set local join_collapse_limit to 1")
_SET_NOT_WAITING = text(
    "select set_config('app.practice_id', :practice, true), set_config('app.user_id', :user, true), "
    "set_config('synchronous_commit', 'off', true)"
)
_FIND_AND_SET = (
    "select set_config('app.practice_id', coalesce(found.id::text, ''), true) as bound, "
    "set_config('app.user_id', '', true) as unbound from (select lookup.{} as id) found"
)


Read = TypeVar("Read")


class NoPracticeSet(RuntimeError):
    """A query ran outside `as_practice`, `as_user` or `as_visitor`."""


@dataclass(frozen=True)
class Scope:
    """Whose rows a transaction may touch; None binds it to nobody's."""

    practice_id: UUID | None = None
    user_id: UUID | None = None

    def parameters(self) -> dict[str, str]:
        return {"practice": str(self.practice_id or ""), "user": str(self.user_id or "")}


_NOBODY = Scope()


def as_practice(practice_id: UUID, user_id: UUID | None = None) -> AbstractContextManager[None]:
    """Run the block as one transaction bound to a practice and, where given, to a person."""
    return _transaction(Scope(practice_id, user_id))


def as_hasty_practice(practice_id: UUID) -> AbstractContextManager[None]:
    """The same, and it ends before it is on the disk: a crash of the database may undo it.

    For what would be found and done again. What is committed after it in the usual way is on the disk only with it.
    """
    return _transaction(Scope(practice_id), is_hasty=True)


def as_user(user_id: UUID) -> AbstractContextManager[None]:
    """Run the block as one transaction bound to a person in no practice."""
    return _transaction(Scope(None, user_id))


def as_visitor() -> AbstractContextManager[None]:
    """Run the block as one transaction bound to nobody: only global tables and narrow functions answer."""
    return _transaction(_NOBODY)


def bind(practice_id: UUID | None, user_id: UUID | None) -> None:
    """Bind the running transaction to whom the caller has just proved to be."""
    scope = Scope(practice_id, user_id)
    db.session.flush()
    _hold(scope)
    db.session.execute(_SET, scope.parameters())


def bind_by(statement: TextClause, scope: Scope, **named: object) -> None:
    """As `bind`, by a statement that does so itself, from `practice` and `user`, and then something else."""
    _hold(scope)
    _binding(statement, {**scope.parameters(), **named})


def _hold(scope: Scope) -> None:
    """From here on the transaction is that scope's, and what is logged says of which practice it tells."""
    g.scope = scope
    if scope.practice_id is None:
        unbind_contextvars("practice_id")
    else:
        bind_contextvars(practice_id=str(scope.practice_id))


def bind_to_found(look_up: str, **named: object) -> UUID | None:
    """Bind the running transaction, in one statement, to the practice that a narrow function finds, and to no person.

    `look_up` is the call as it is written in SQL, such as `practice_by_slug(:slug)`. None: there is none, and the
    transaction is bound to nobody.
    """
    bound = _bound_by(text(_FIND_AND_SET.format(look_up)), named).bound
    practice_id = UUID(bound) if bound else None
    _hold(Scope(practice_id))
    return practice_id


def bind_and_read(statement: TextClause | TextualSelect, **named: object) -> Any:
    """As `bind_to_found`, by a statement that binds the transaction itself and reads as that practice in one go.

    It answers with one row: to which practice it has bound the transaction (None: to nobody), and what it has read.
    Where nothing was asked yet it is a transaction of its own: nobody has to begin and to end one around it. What is
    asked after it begins one, bound to the same practice.
    """
    return bind_and_read_all(statement, named)[0]


def bind_and_read_all(statement: TextClause | TextualSelect, asked: Mapping[str, object]) -> Sequence[Any]:
    """As `bind_and_read`, by a statement that has read several things."""
    row: Sequence[Any] = _own_row(statement, asked)
    _hold(Scope(row[0]))
    return row[1:]


def bind_to_holder_and_read(statement: TextClause | TextualSelect, **named: object) -> Sequence[Any] | None:
    """As `bind_and_read`, by a statement whose one row begins with the practice and the person it is bound to.

    None: there is no row, and the transaction is bound to nobody.
    """
    row: Sequence[Any] | None = _own_row(statement, named)
    _hold(Scope(row[0], row[1]) if row else Scope())
    return row


def _own_row(statement: TextClause | TextualSelect, named: Mapping[str, object]) -> Any:
    """Of the running transaction; where nothing was asked in it yet, of one of the statement's own."""
    if _was_asked() and db.session().in_transaction():
        return _binding(statement, named).one_or_none()
    return ask_at_once(_as_the_driver_reads(statement), named)


@lru_cache(maxsize=64)
def _as_the_driver_reads(statement: TextClause | TextualSelect) -> str:
    return str(statement.compile(db.engine))


def _bound_by(statement: TextClause | TextualSelect, named: dict[str, object]) -> Any:
    return _binding(statement, named).one()


def bind_to_holder(statement: TextClause | TextualSelect, **named: object) -> Any:
    """Bind the running transaction, by a statement that does so itself, to the practice and the person of its one row.

    None: there is no row. The statement has left the transaction as it was, so here it is bound to nobody.
    """
    row = _binding(statement, named).one_or_none()
    if row is None:
        bind(None, None)
    else:
        _hold(Scope(row.practice_id, row.user_id))
    return row


def read_as_holder(
    statement: str, asked: Mapping[str, Any], read: Callable[[tuple[Any, ...]], tuple[Scope, Read]]
) -> Read | None:
    """As `bind_to_holder`, where nothing was asked yet, by the driver's own text: a transaction of its own.

    `read` says whose its one row is, and what is in it. What is asked after it begins one, bound to the same.
    """
    row = ask_at_once(statement, asked)
    scope, found = (Scope(), None) if row is None else read(row)
    _hold(scope)
    return found


def _binding(statement: TextClause | TextualSelect, named: Mapping[str, object]) -> Any:
    db.session.flush()
    g.binds_itself = True
    try:
        return db.session.execute(statement, named)
    finally:
        g.pop("binds_itself", None)


def join_as_written() -> None:
    """Have the database join tables in the order in which the running transaction's statements name them.

    For statements that begin with the few rows they are about: to look for a better order takes longer than to join.
    """
    db.session.execute(_AS_WRITTEN)


def current_scope() -> Scope:
    """The scope of the running transaction. Raises NoPracticeSet outside of one."""
    scope: Scope | None = g.get("scope")
    if scope is None:
        raise NoPracticeSet("no transaction is open: use as_practice, as_user or as_visitor")
    return scope


def current_practice() -> UUID:
    """The practice of the running transaction. Raises NoPracticeSet where none is bound."""
    practice_id = current_scope().practice_id
    if practice_id is None:
        raise NoPracticeSet("the running transaction is bound to no practice")
    return practice_id


@contextmanager
def _transaction(scope: Scope, *, is_hasty: bool = False) -> Iterator[None]:
    here = g._get_current_object()  # once: through its proxy each look costs as much as a small call
    if here.get("scope") is not None:
        raise RuntimeError("a transaction is open already: one request or job is one transaction")
    _hold(scope)
    here.is_hasty = is_hasty
    rung: list[jobs.Ring] = []
    happened: list[counts.Step] = []
    try:
        with jobs.collecting(rung), counts.collecting(happened):
            yield
        if _was_asked():
            _commit(db.session())
    except BaseException:
        if _was_asked():
            db.session.rollback()
        raise
    finally:
        here.pop("scope", None)
        if _was_asked():
            db.session.close()
    if rung:
        jobs.ring(rung)
    if happened:
        counts.tell(happened)


def _was_asked() -> bool:
    """Whether somebody has used the session: otherwise there is none, and none need be made to be ended."""
    return bool(db.session.registry.has())


def _commit(session: Session) -> None:
    """Commit what was said; where just that fails, it may have been kept, and must not be said a second time.

    Where nothing was asked of the session there is nothing to end.
    """
    if not session.in_transaction():
        return
    session.flush()
    try:
        session.commit()
    except DBAPIError as error:
        note_doubt(error)
        raise


@event.listens_for(Session, "after_begin")
def _set_scope(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.nested:
        return
    scope: Scope | None = g.get("scope")
    if scope is None:
        raise NoPracticeSet("a query ran outside as_practice, as_user or as_visitor")
    if g.get("binds_itself"):  # the statement that begins the transaction says whose it is
        return
    connection.execute(_SET_NOT_WAITING if g.get("is_hasty") else _SET, scope.parameters())
