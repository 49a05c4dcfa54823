"""What is known of a friend, read as columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.sql import Select

from coachhub.network.models import Friend
from coachhub.network.rules import Kind, Silence, Warmth, silence, warmth, warmth_state
from coachhub.network.service.names import first_name
from coachhub.network.service.owner import Owner, owned_by
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.told import day_told, id_told, instant_told


@dataclass(frozen=True)
class FriendRow:
    """A friend with what time has done to the friendship, in the owner's local days.

    `profile` is an address without scheme, `time_zone` the friend's own where the client knows it.
    """

    id: UUID
    name: str
    company: str
    kind: Kind
    liking: int
    known_from: date | None
    known_until: date | None
    last_contact_on: date | None
    email: str
    phone: str
    city: str
    notes: str
    not_before: date | None
    never_suggest: bool
    shared: bool
    number: int
    title: str
    profile: str
    time_zone: str | None
    import_id: UUID | None
    created_at: datetime
    warmth: Warmth
    silence: Silence | None

    @property
    def first_name(self) -> str:
        return first_name(self.name)


_COLUMNS = (
    Friend.id,
    Friend.name,
    Friend.company,
    Friend.kind,
    Friend.liking,
    Friend.known_from,
    Friend.known_until,
    Friend.last_contact_on,
    Friend.email,
    Friend.phone,
    Friend.city,
    Friend.notes,
    Friend.not_before,
    Friend.never_suggest,
    Friend.shared,
    Friend.number,
    Friend.title,
    Friend.profile,
    Friend.time_zone,
    Friend.import_id,
    Friend.created_at,
)
_NAMES = tuple(column.key for column in _COLUMNS)


def select_friends(*owners: Owner) -> Select[*tuple[Any, ...]]:
    """The columns of the owners' friends, for `friend_row`."""
    return select(*_COLUMNS).where(or_(*(owned_by(owner, Friend) for owner in owners)))


def friend_row(row: Row[Any] | SimpleNamespace, owner: Owner, today: date) -> FriendRow:
    """A row of `select_friends`, with warmth and silence on a local day."""
    value = warmth(row.last_contact_on, row.known_until, today, owner.half_life_days)
    return FriendRow(
        id=row.id,
        name=row.name,
        company=row.company,
        kind=Kind(row.kind),
        liking=row.liking,
        known_from=row.known_from,
        known_until=row.known_until,
        last_contact_on=row.last_contact_on,
        email=row.email,
        phone=row.phone,
        city=row.city,
        notes=row.notes,
        not_before=row.not_before,
        never_suggest=row.never_suggest,
        shared=row.shared,
        number=row.number,
        title=row.title,
        profile=row.profile,
        time_zone=row.time_zone,
        import_id=row.import_id,
        created_at=row.created_at,
        warmth=warmth_state(value),
        silence=silence(row.last_contact_on, row.known_until, today),
    )


def friend_told(told: Sequence[Any], owner: Owner, today: date) -> FriendRow:
    """As `friend_row`, of the same columns as a function of the database tells them."""
    values = dict(zip(_NAMES, told, strict=True))
    days = {name: day_told(values[name]) for name in ("known_from", "known_until", "last_contact_on", "not_before")}
    ids = {"id": UUID(values["id"]), "import_id": id_told(values["import_id"])}
    return friend_row(
        SimpleNamespace(**values | days | ids | {"created_at": instant_told(values["created_at"])}), owner, today
    )


def friend_of(owner: Owner, friend_id: UUID) -> FriendRow:
    """One friend. Raises NotFound: not the owner's, or not shared with who asks."""
    row = db.session.execute(select_friends(owner).where(Friend.id == friend_id)).one_or_none()
    if row is None:
        raise NotFound
    return friend_row(row, owner, owner.today())


def quiet_since() -> ColumnElement[date | None]:
    """The local day from which the silence counts, as `rules.silence` does; NULL when nobody knows."""
    return func.greatest(Friend.last_contact_on, Friend.known_until)


def named_like(search: str) -> ColumnElement[bool]:
    """Whether a friend's name, company, city or title contains the words looked for."""
    fields = (Friend.name, Friend.company, Friend.city, Friend.title)
    return or_(*(field.icontains(search, autoescape=True) for field in fields))
