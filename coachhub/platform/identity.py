"""Who is asking: what a page may know of the signed-in person without another query."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import g
from flask_login import UserMixin

from coachhub.platform.along import Along

SIGN_IN_LASTS = timedelta(days=90)
"""How long a browser stays signed in: its cookie, its row, and what its form session holds."""


class Role(StrEnum):
    """What a person is in a practice."""

    OWNER = "owner"
    COACH = "coach"
    CLIENT = "client"

    @property
    def is_staff(self) -> bool:
        return self in (Role.OWNER, Role.COACH)


@dataclass(frozen=True)
class Identity(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """A signed-in person in one practice; `is_elsewhere`: they belong to another one, too."""

    login_id: UUID
    user_id: UUID
    practice_id: UUID
    role: Role
    name: str
    email: str
    email_verified: bool
    locale: str
    time_zone: str
    practice_name: str
    practice_time_zone: str
    currency: str
    client_id: UUID | None
    is_elsewhere: bool
    last_seen_at: datetime

    def get_id(self) -> str:
        return str(self.user_id)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which this person reads times."""
        return ZoneInfo(self.time_zone)


Identify = Callable[[str], Identity | None]
"""Finds who holds a sign-in token, and binds the running transaction to that person and practice."""
IdentifyAlong = Callable[[str, Along, frozenset[Role]], tuple[Identity | None, Any]]
"""The same before anything else was asked, and what is read along for somebody in one of these roles, or in any."""


def identity() -> Identity | None:
    """The signed-in person of this request, or None."""
    found: Identity | None = g.get("identity")
    return found


def signed_in_as() -> Identity:
    """The signed-in person; only for views whose guard has made sure that there is one."""
    found = identity()
    if found is None:
        raise RuntimeError("this view needs a guard: nobody is signed in")
    return found
