"""What is known of meetups, read as columns; and the one way in which a meetup's time changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, insert, select, update
from sqlalchemy.sql import Select

from coachhub.network.models import Friend, Invitation, Log, Meetup, MeetupMove, MeetupStatus
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.local_time import local_instant
from coachhub.platform.tenancy import current_practice
from coachhub.platform.told import id_told, instant_told

PAGE = 50
By = Literal["client", "friend"]


@dataclass(frozen=True)
class MeetupRow:
    """A meetup. `sequence` counts its changes, `moves` those of time or place.

    `friend_name` is empty where the friend is not shared with who asks. `invitation_id` is the message it came of.
    """

    id: UUID
    friend_id: UUID
    friend_name: str
    starts_at: datetime
    minutes: int
    place: str
    status: MeetupStatus
    sequence: int
    shared: bool
    agreed_at: datetime
    ended_at: datetime | None
    logged_minutes: int | None
    feeling: int | None
    learned: str
    moves: int = 0
    invitation_id: UUID | None = None
    cancelled_by: By | None = None


@dataclass(frozen=True)
class MoveRow:
    """One move: from when and where, to when and where, and by whom. Instants in UTC."""

    sequence: int
    moved_at: datetime
    from_starts_at: datetime
    to_starts_at: datetime
    from_place: str
    to_place: str
    moved_by: By


@dataclass(frozen=True)
class LogRow:
    """What the client wrote after a meetup."""

    id: UUID
    held_at: datetime
    minutes: int
    feeling: int
    learned: str
    help_given: str
    help_received: str
    follow_up: str
    follow_up_on: date | None
    shared: bool
    follow_up_done_at: datetime | None = None
    thanked_at: datetime | None = None


@dataclass(frozen=True)
class Meetups:
    """The owner's meetups: ahead, waiting for a word about how it was, and past ones, a page at a time."""

    ahead: tuple[MeetupRow, ...]
    to_log: tuple[MeetupRow, ...]
    past: tuple[MeetupRow, ...]
    has_more: bool
    minutes_this_year: int
    held_this_year: int


@dataclass(frozen=True)
class MeetupPage:
    """One meetup with its history, oldest move first, and what was written about it."""

    meetup: MeetupRow
    moves: tuple[MoveRow, ...]
    log: LogRow | None


def scheduled(owner: Owner) -> ColumnElement[bool]:
    """Whether a meetup is agreed by the owner and neither held nor called off; its time may have passed."""
    return owned_by(owner, Meetup) & (Meetup.status == MeetupStatus.SCHEDULED)


def _select(owner: Owner) -> Select[*tuple[Any, ...]]:
    # The friend and the log are looked at through their own policies, so both may be missing.
    friend = (Friend.practice_id == Meetup.practice_id) & (Friend.id == Meetup.friend_id)
    log = (Log.practice_id == Meetup.practice_id) & (Log.meetup_id == Meetup.id)
    moves = select(func.count()).where(MeetupMove.practice_id == Meetup.practice_id, MeetupMove.meetup_id == Meetup.id)
    return (
        select(
            Meetup.id,
            Meetup.friend_id,
            func.coalesce(Friend.name, "").label("friend_name"),
            Meetup.starts_at,
            Meetup.minutes,
            Meetup.place,
            Meetup.status,
            Meetup.sequence,
            Meetup.shared,
            Meetup.agreed_at,
            Meetup.ended_at,
            Log.minutes.label("logged_minutes"),
            Log.feeling,
            func.coalesce(Log.learned, "").label("learned"),
            moves.correlate(Meetup).scalar_subquery().label("moves"),
            Meetup.invitation_id,
            Meetup.cancelled_by,
        )
        .outerjoin(Friend, friend)
        .outerjoin(Log, log)
        .where(owned_by(owner, Meetup))
    )


def _row(row: Row[Any]) -> MeetupRow:
    return MeetupRow(**{**row._mapping, "status": MeetupStatus(row.status)})


def meetup_told(told: Sequence[Any]) -> MeetupRow:
    """A meetup as the functions of the database that read whole pages tell it: the columns of `MeetupRow`."""
    meetup_id, friend_id, name, starts_at, minutes, place, status, sequence, shared, agreed_at, ended_at, *rest = told
    logged_minutes, feeling, learned, moves, invitation_id, cancelled_by = rest
    return MeetupRow(
        UUID(meetup_id),
        UUID(friend_id),
        name,
        datetime.fromisoformat(starts_at).astimezone(UTC),
        minutes,
        place,
        MeetupStatus(status),
        sequence,
        shared,
        datetime.fromisoformat(agreed_at).astimezone(UTC),
        instant_told(ended_at),
        logged_minutes,
        feeling,
        learned,
        moves,
        id_told(invitation_id),
        cancelled_by,
    )


def list_meetups(owner: Owner, page: int = 1) -> Meetups:
    """The owner's meetups as of now; `page` counts the pages of past ones, newest first, from 1."""
    now = clock.now()
    scheduled = _select(owner).where(Meetup.status == MeetupStatus.SCHEDULED).order_by(Meetup.starts_at, Meetup.id)
    open_ones = [_row(row) for row in db.session.execute(scheduled)]
    ended = _select(owner).where(Meetup.status != MeetupStatus.SCHEDULED)
    newest_first = ended.order_by(Meetup.starts_at.desc(), Meetup.id.desc())
    past = [_row(row) for row in db.session.execute(newest_first.limit(PAGE + 1).offset(PAGE * (page - 1)))]
    minutes, held = _this_year(owner)
    return Meetups(
        ahead=tuple(meetup for meetup in open_ones if meetup.starts_at > now),
        to_log=tuple(meetup for meetup in open_ones if meetup.starts_at <= now),
        past=tuple(past[:PAGE]),
        has_more=len(past) > PAGE,
        minutes_this_year=minutes,
        held_this_year=held,
    )


def meetups_since(owner: Owner, since: datetime) -> list[MeetupRow]:
    """The owner's meetups that begin at this instant or later and are not called off, soonest first."""
    standing = _select(owner).where(Meetup.status != MeetupStatus.CANCELLED, Meetup.starts_at >= since)
    return [_row(row) for row in db.session.execute(standing.order_by(Meetup.starts_at, Meetup.id))]


def _this_year(owner: Owner) -> tuple[int, int]:
    year = owner.today().year
    begins, ends = (local_instant(date(first, 1, 1), time.min, owner.zone) for first in (year, year + 1))
    query = select(func.coalesce(func.sum(Log.minutes), 0), func.count()).where(
        owned_by(owner, Log), Log.held_at >= begins, Log.held_at < ends
    )
    minutes, held = db.session.execute(query).one()
    return int(minutes), held


def meetup_of(owner: Owner, meetup_id: UUID) -> MeetupPage:
    """One meetup with moves and log. Raises NotFound: not the owner's, or not shared with who asks."""
    row = db.session.execute(_select(owner).where(Meetup.id == meetup_id)).one_or_none()
    if row is None:
        raise NotFound
    return MeetupPage(_row(row), moves_of(owner, meetup_id), _log(owner, meetup_id))


def moves_of(owner: Owner, meetup_id: UUID) -> tuple[MoveRow, ...]:
    """The moves of one meetup, the last one last."""
    query: Select[*tuple[Any, ...]] = select(
        MeetupMove.sequence,
        MeetupMove.moved_at,
        MeetupMove.from_starts_at,
        MeetupMove.to_starts_at,
        MeetupMove.from_place,
        MeetupMove.to_place,
        MeetupMove.moved_by,
    ).where(owned_by(owner, MeetupMove), MeetupMove.meetup_id == meetup_id)
    return tuple(MoveRow(*row) for row in db.session.execute(query.order_by(MeetupMove.sequence)))


def _log(owner: Owner, meetup_id: UUID) -> LogRow | None:
    query: Select[*tuple[Any, ...]] = select(
        Log.id,
        Log.held_at,
        Log.minutes,
        Log.feeling,
        Log.learned,
        Log.help_given,
        Log.help_received,
        Log.follow_up,
        Log.follow_up_on,
        Log.shared,
        Log.follow_up_done_at,
        Log.thanked_at,
    ).where(owned_by(owner, Log), Log.meetup_id == meetup_id)
    row = db.session.execute(query).one_or_none()
    return LogRow(*row) if row else None


def same_meetup(owner: Owner, friend_id: UUID, starts_at: datetime, status: MeetupStatus) -> UUID | None:
    """The meetup with a friend that begins at this instant and stands so: a second click means that one."""
    same = select(Meetup.id).where(
        owned_by(owner, Meetup),
        Meetup.friend_id == friend_id,
        Meetup.starts_at == starts_at,
        Meetup.status == status,
    )
    return db.session.execute(same.limit(1)).scalar_one_or_none()


def hold_meetup(owner: Owner, meetup_id: UUID) -> MeetupRow:
    """The owner's meetup, held until the transaction ends so that a second click waits. Raises NotFound."""
    one_at_a_time(owner)
    row = db.session.execute(_select(owner).where(Meetup.id == meetup_id)).one_or_none()
    if row is None:
        raise NotFound
    return _row(row)


def live_meetup(owner: Owner, invitation_id: UUID) -> MeetupRow | None:
    """The meetup that came of an invitation: the one scheduled or held, else the one called off last."""
    is_off = Meetup.status == MeetupStatus.CANCELLED
    query = _select(owner).where(Meetup.invitation_id == invitation_id)
    newest = query.order_by(is_off, Meetup.agreed_at.desc(), Meetup.id.desc()).limit(1)
    row = db.session.execute(newest).one_or_none()
    return _row(row) if row else None


def record_move(
    owner: Owner,
    meetup: MeetupRow,
    starts_at: datetime,
    place: str,
    now: datetime,
    *,
    minutes: int | None = None,
    moved_by: By = "client",
) -> None:
    """Write down a move of a meetup that is held by `hold_meetup`, and where it stands since."""
    move = insert(MeetupMove).values(
        practice_id=current_practice(),
        client_id=owner.client_id,
        user_id=owner.user_id,
        shared=meetup.shared,
        meetup_id=meetup.id,
        sequence=meetup.sequence + 1,
        moved_at=now,
        from_starts_at=meetup.starts_at,
        to_starts_at=starts_at,
        from_place=meetup.place,
        to_place=place,
        moved_by=moved_by,
    )
    db.session.execute(move)
    record_change(owner, meetup, starts_at=starts_at, place=place, minutes=minutes or meetup.minutes)


def record_change(owner: Owner, meetup: MeetupRow, **columns: object) -> None:
    """Change a meetup that is held by `hold_meetup`: its calendar file and its friend's page grow old with it."""
    query = update(Meetup).where(owned_by(owner, Meetup), Meetup.id == meetup.id)
    db.session.execute(query.values(sequence=meetup.sequence + 1, **columns))
    if meetup.invitation_id is not None:
        came_of = update(Invitation).where(owned_by(owner, Invitation), Invitation.id == meetup.invitation_id)
        db.session.execute(came_of.values(version=Invitation.version + 1))
