"""The actions that coach and client agreed on, as pages, mails and reports read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select

from coachhub.accounts.models import User
from coachhub.clients.models import Client
from coachhub.coaching.models import Action, Party
from coachhub.platform.db import db, telling
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice
from coachhub.platform.told import day_told, id_told, instant_told


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action, with the names of both; `due_on` is a day of the client's calendar, which `client_zone` keeps."""

    id: UUID
    client_id: UUID
    client_name: str
    client_zone: ZoneInfo
    session_id: UUID | None
    owner: Party
    coach_id: UUID
    coach_name: str
    text: str
    due_on: date | None
    created_at: datetime
    done_at: datetime | None
    done_by: Party | None
    dropped_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor dropped."""
        return self.done_at is None and self.dropped_at is None

    @property
    def owner_name(self) -> str:
        """Who is to do it."""
        return self.client_name if self.owner is Party.CLIENT else self.coach_name


_IS_OPEN = and_(Action.done_at.is_(None), Action.dropped_at.is_(None))
_SOONEST = (Action.due_on.asc().nulls_last(), Action.created_at, Action.id)
_NEWEST_END = func.coalesce(Action.done_at, Action.dropped_at).desc()
A_PAGE = 50


def action_of(client_id: UUID, action_id: UUID) -> ActionRow:
    """One action of a client of the practice. Raises NotFound, also where it is another client's."""
    row = db.session.execute(_select(Action.client_id == client_id, Action.id == action_id)).one_or_none()
    if row is None:
        raise NotFound
    return _row(row)


def open_actions(client_ids: Sequence[UUID]) -> dict[UUID, tuple[ActionRow, ...]]:
    """What is still to do, by client: soonest due first, those without a day last. Whoever has none is left out."""
    of_these = _select(Action.client_id.in_(client_ids), _IS_OPEN)
    found = _rows(of_these.order_by(Action.client_id, *_SOONEST))
    return {client_id: tuple(theirs) for client_id, theirs in groupby(found, attrgetter("client_id"))}


def open_actions_of(client_id: UUID) -> tuple[ActionRow, ...]:
    """As `open_actions`, of one client: every page of theirs asks for it, so the database keeps the plan."""
    told = db.session.execute(_OPEN, {"practice": current_practice(), "client": client_id}).scalar_one()
    return actions_told(told or ())


def actions_told(told: Sequence[Sequence[Any]]) -> tuple[ActionRow, ...]:
    """As `open_actions_of`, of what a function of the database tells: `actions_open`, and `month_shown`."""
    return tuple(_told(each) for each in told)


def actions_lately(begins: Mapping[UUID, datetime]) -> dict[UUID, tuple[ActionRow, ...]]:
    """By client, what is open and what was done since an instant of each, soonest due first. One statement."""
    if not begins:
        return {}
    lately = or_(_IS_OPEN, Action.done_at >= min(begins.values()))
    found = _rows(_select(Action.client_id.in_(begins), lately).order_by(Action.client_id, *_SOONEST))
    return {
        client_id: tuple(each for each in theirs if each.is_open or _is_since(each.done_at, begins[client_id]))
        for client_id, theirs in groupby(found, attrgetter("client_id"))
    }


def _is_since(done_at: datetime | None, begin: datetime) -> bool:
    return done_at is not None and done_at >= begin


def actions_between(client_id: UUID, first: datetime, last: datetime) -> tuple[ActionRow, ...]:
    """What a client and their coach agreed on or did from `first` until before `last` (UTC instants), oldest first.

    What was dropped is left out.
    """
    asked = {"practice": current_practice(), "client": client_id, "first": first, "last": last}
    return tuple(_row(row) for row in db.session.execute(_between(), asked))


@cache
def _between() -> Select[*tuple[Any, ...]]:
    """Made once: a worker asks it for each of many reports, and to make it takes as long as to answer it."""
    first, last = bindparam("first", type_=Action.created_at.type), bindparam("last", type_=Action.created_at.type)
    agreed = and_(Action.created_at >= first, Action.created_at < last)
    done = and_(Action.done_at >= first, Action.done_at < last)
    theirs = (Action.practice_id == bindparam("practice"), Action.client_id == bindparam("client"))
    query = _columns().where(*theirs, Action.dropped_at.is_(None), or_(agreed, done))
    return query.order_by(Action.created_at, Action.id)


def actions_of_session(session_id: UUID) -> tuple[ActionRow, ...]:
    """What was agreed in a coaching session, in the order in which it was written; what was dropped is left out."""
    agreed_there = _select(Action.session_id == session_id, Action.dropped_at.is_(None))
    return tuple(_rows(agreed_there.order_by(Action.created_at, Action.id)))


def carried_over(client_id: UUID, session_id: UUID, starts_at: datetime) -> tuple[ActionRow, ...]:
    """What was agreed with a client before a coaching session that begins at `starts_at`, and is still open."""
    elsewhere = Action.session_id.is_distinct_from(session_id)
    before = _select(Action.client_id == client_id, _IS_OPEN, elsewhere, Action.created_at < starts_at)
    return tuple(_rows(before.order_by(*_SOONEST)))


def closed_actions(client_id: UUID, page: int = 1) -> tuple[tuple[ActionRow, ...], bool]:
    """A page of what is done or dropped, the newest end first; and whether there are more. Pages count from 1."""
    ended = _select(Action.client_id == client_id, ~_IS_OPEN).order_by(_NEWEST_END, Action.id)
    found = _rows(ended.limit(A_PAGE + 1).offset(A_PAGE * (page - 1)))
    return tuple(found[:A_PAGE]), len(found) > A_PAGE


def actions_of_coach(coach_id: UUID | None, until: date) -> tuple[ActionRow, ...]:
    """What a coach (None: any coach) has still to do by a local day, soonest first."""
    due = [_IS_OPEN, Action.owner == Party.COACH, Action.due_on <= until]
    if coach_id is not None:
        due.append(Action.coach_id == coach_id)
    return tuple(_rows(_select(*due).order_by(*_SOONEST)))


def _select(*wanted: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return _columns().where(Action.practice_id == current_practice(), *wanted)


def _columns() -> Select[*tuple[Any, ...]]:
    client = and_(Client.practice_id == Action.practice_id, Client.id == Action.client_id)
    return (
        select(
            Action.id,
            Action.client_id,
            Client.name.label("client_name"),
            Client.time_zone.label("client_zone"),
            Action.session_id,
            Action.owner,
            Action.coach_id,
            User.name.label("coach_name"),
            Action.text,
            Action.due_on,
            Action.created_at,
            Action.done_at,
            Action.done_by,
            Action.dropped_at,
        )
        .join(Client, client)
        .join(User, User.id == Action.coach_id)
    )


def _rows(query: Select[*tuple[Any, ...]]) -> list[ActionRow]:
    return [_row(row) for row in db.session.execute(query)]


def _row(row: Row[Any]) -> ActionRow:
    done_by = Party(row.done_by) if row.done_by else None
    known = {"owner": Party(row.owner), "done_by": done_by, "client_zone": ZoneInfo(row.client_zone)}
    return ActionRow(**{**row._mapping, **known})


# A function of the database: see migration 0058.
_OPEN = telling("select actions_open(:practice, :client)", "told")
_FIELDS = tuple(ActionRow.__dataclass_fields__)


def _told(told: Sequence[Any]) -> ActionRow:
    values = dict(zip(_FIELDS, told, strict=True))
    ids = {name: id_told(values[name]) for name in ("id", "client_id", "session_id", "coach_id")}
    instants = {name: instant_told(values[name]) for name in ("created_at", "done_at", "dropped_at")}
    done_by = Party(values["done_by"]) if values["done_by"] else None
    known = {"owner": Party(values["owner"]), "done_by": done_by, "due_on": day_told(values["due_on"])}
    zone = ZoneInfo(values["client_zone"])
    return ActionRow(**values | ids | instants | known | {"client_zone": zone})
