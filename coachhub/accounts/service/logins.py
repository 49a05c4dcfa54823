"""Who is signed in where: a browser holds a random token, the table holds only its hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, text

from coachhub.accounts.models import Login, Practice
from coachhub.platform import clock
from coachhub.platform.along import Along
from coachhub.platform.db import db, telling
from coachhub.platform.identity import SIGN_IN_LASTS, Identity, Role
from coachhub.platform.tenancy import Scope, bind, bind_by, bind_to_holder, read_as_holder

_SEEN_EVERY = timedelta(minutes=10)


class _Holder(NamedTuple):
    """The row of `lookup.holder`, its columns in their order."""

    login_id: UUID
    last_seen_at: datetime
    user_id: UUID
    name: str
    email: str
    email_verified: bool
    locale: str
    time_zone: str
    practice_id: UUID
    practice_name: str
    practice_time_zone: str
    currency: str
    role: str
    is_elsewhere: bool
    client_id: UUID | None


_SEEN = text("select login_seen(cast(:practice as uuid), cast(:user as uuid), :login, :at)")
_HOLDER = telling("select * from lookup.holder(:token, :at) s where s.login_id is not null", *_Holder._fields)


def hash_of(token: str) -> bytes:
    """What we keep of a sign-in token (it is 256 random bits, so one round of SHA-256 is enough)."""
    return hashlib.sha256(token.encode()).digest()


def start_login(user_id: UUID, practice_id: UUID) -> str:
    """Sign a browser in as a member of a practice; binds the transaction. Returns the token for its cookie."""
    bind(practice_id, user_id)
    token, now = secrets.token_urlsafe(32), clock.now()
    db.session.add(
        Login(
            token_hash=hash_of(token),
            user_id=user_id,
            practice_id=practice_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + SIGN_IN_LASTS,
        )
    )
    return token


def replace_login(user_id: UUID, practice_id: UUID, former: Identity | None) -> str:
    """As `start_login`, for a browser in which somebody (`former`, or nobody) is signed in: that login ends."""
    if former is not None:
        bind(former.practice_id, former.user_id)
        end_login(former.login_id)
    return start_login(user_id, practice_id)


def end_login(login_id: UUID) -> None:
    """Sign one browser out."""
    db.session.execute(delete(Login).where(Login.id == login_id))


def end_own_login(login_id: UUID) -> bool:
    """Sign one of the bound person's browsers out; False where it is not theirs (row security hides the others')."""
    ended = db.session.execute(delete(Login).where(Login.id == login_id).returning(Login.id))
    return ended.first() is not None


def end_other_logins(user_id: UUID, kept: UUID | None = None) -> None:
    """Sign the person out everywhere, but for the login that is kept."""
    db.session.execute(delete(Login).where(Login.user_id == user_id, Login.id.is_distinct_from(kept)))


def identify(token: str) -> Identity | None:
    """Who holds this token, with the transaction bound to them; None where it is unknown or has ended."""
    now = clock.now()
    row = bind_to_holder(_HOLDER, token=hash_of(token), at=now)
    if row is None:
        return None
    holder = _Holder(*row)
    _note_seen(holder, now)
    return _identity(holder)


def identify_along(token: str, along: Along, roles: frozenset[Role]) -> tuple[Identity | None, Any]:
    """As `identify`, before anything else was asked, and what is read along for who is in one of these roles.

    One statement, which is a transaction of its own: what is asked after it begins one, bound to the same person.
    """
    now = clock.now()
    asked = {**along.values, "signed_in_by": hash_of(token), "signed_in_at": now}
    found = read_as_holder(_with(along.call, roles), asked, _holder_and_answer)
    if found is None:
        return None, None
    holder, answer = found
    _note_seen(holder, now)
    return _identity(holder), answer


@lru_cache(maxsize=64)
def _with(call: str, roles: frozenset[Role]) -> str:
    """Texts of ours alone; all values come beside it."""
    named = ", ".join(f"'{role.value}'" for role in sorted(roles or Role))
    read = f"case when s.role in ({named}) then {call} end"
    holder = "lookup.holder(%(signed_in_by)s, %(signed_in_at)s) s where s.login_id is not null"
    return f"select s.*, {read} from {holder}"  # noqa: S608 (as it says)


def _holder_and_answer(row: tuple[Any, ...]) -> tuple[Scope, tuple[_Holder, Any]]:
    *of_holder, answer = row
    holder = _Holder(*of_holder)
    return Scope(holder.practice_id, holder.user_id), (holder, answer)


def _identity(row: _Holder) -> Identity:
    return Identity(
        login_id=row.login_id,
        user_id=row.user_id,
        practice_id=row.practice_id,
        role=Role(row.role),
        name=row.name,
        email=row.email,
        email_verified=row.email_verified,
        locale=row.locale,
        time_zone=row.time_zone,
        practice_name=row.practice_name,
        practice_time_zone=row.practice_time_zone,
        currency=row.currency,
        client_id=row.client_id,
        is_elsewhere=row.is_elsewhere,
        last_seen_at=row.last_seen_at,
    )


def _note_seen(row: _Holder, now: datetime) -> None:
    if now - row.last_seen_at > _SEEN_EVERY:
        bind_by(_SEEN, Scope(row.practice_id, row.user_id), login=row.login_id, at=now)


@dataclass(frozen=True)
class OwnLogin:
    """One of a person's browsers, as the account page lists it."""

    login_id: UUID
    practice_name: str
    created_at: datetime
    last_seen_at: datetime


def own_logins(user_id: UUID) -> list[OwnLogin]:
    """Where the bound person is signed in, the one seen last first."""
    rows = db.session.execute(
        select(Login.id, Practice.name, Login.created_at, Login.last_seen_at)
        .join(Practice, Practice.id == Login.practice_id)
        .where(Login.user_id == user_id, Login.expires_at > clock.now())
        .order_by(Login.last_seen_at.desc(), Login.id)
    )
    return [OwnLogin(*row) for row in rows]
