"""Friends: add, change, put off. The list, erasing, merging and contacts have files of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, insert, select, update

from coachhub.network.models import Friend
from coachhub.network.rules import Kind
from coachhub.network.service.changes import changed
from coachhub.network.service.contacts import insert_remembered, remember_contact
from coachhub.network.service.erasing import Losses, erase_friend, losses_of
from coachhub.network.service.friend_list import Order, list_friends
from coachhub.network.service.friend_rows import FriendRow, friend_of
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.network.service.sharing import share_friend
from coachhub.network.service.suggestions import suggest
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice
from coachhub.platform.texts import one_line

__all__ = [
    "FriendEntry",
    "FriendRow",
    "Losses",
    "Order",
    "add_friend",
    "add_friends",
    "edit_friend",
    "erase_friend",
    "friend_of",
    "list_friends",
    "losses_of",
    "never_suggest",
    "put_off",
    "share_friend",
    "suggest",
]
_SECOND_CLICK = timedelta(minutes=2)


@dataclass(frozen=True)
class FriendEntry:
    """What a client writes of a friend.

    Dates are local days; `phone` is E.164 where it could be understood; `profile` is the normalised address of a
    public profile, without scheme; `time_zone` a name of the IANA database.
    """

    name: str
    company: str = ""
    kind: Kind = Kind.COLLEAGUE
    liking: int = 4
    known_from: date | None = None
    known_until: date | None = None
    last_contact_on: date | None = None
    email: str = ""
    phone: str = ""
    city: str = ""
    notes: str = ""
    title: str = ""
    profile: str = ""
    time_zone: str | None = None


def add_friend(owner: Owner, entry: FriendEntry) -> UUID:
    """Add a friend; returns the id. The same entry again within two minutes is a second click: nothing is added.

    The last contact, where one is known, is kept as a contact that the client remembered.
    """
    shares_all = one_at_a_time(owner)
    friend_id = _just_added(owner, entry) or _insert(owner, entry, shares_all)
    changed(owner)
    return friend_id


def add_friends(owner: Owner, entries: Sequence[FriendEntry]) -> list[UUID]:
    """Add several friends, in the order given."""
    return [add_friend(owner, entry) for entry in entries]


def _just_added(owner: Owner, entry: FriendEntry) -> UUID | None:
    query = select(Friend.id).where(
        owned_by(owner, Friend),
        Friend.name == one_line(entry.name),
        Friend.company == one_line(entry.company),
        Friend.created_at > clock.now() - _SECOND_CLICK,
    )
    return db.session.execute(query.limit(1)).scalar_one_or_none()


def _insert(owner: Owner, entry: FriendEntry, shared: bool) -> UUID:
    counted = select(func.coalesce(func.max(Friend.number), 0) + 1).where(owned_by(owner, Friend))
    query = insert(Friend).values(
        practice_id=current_practice(),
        client_id=owner.client_id,
        user_id=owner.user_id,
        shared=shared,
        created_at=clock.now(),
        number=counted.scalar_subquery(),
        last_contact_on=entry.last_contact_on,
        **_columns(entry),
    )
    friend_id = db.session.execute(query.returning(Friend.id)).scalar_one()
    if entry.last_contact_on is not None:
        insert_remembered(owner, friend_id, entry.last_contact_on, shared)
    return friend_id


def _columns(entry: FriendEntry) -> dict[str, object]:
    return {
        "name": one_line(entry.name),
        "company": one_line(entry.company),
        "kind": entry.kind.value,
        "liking": entry.liking,
        "known_from": entry.known_from,
        "known_until": entry.known_until,
        "email": entry.email.strip(),
        "phone": entry.phone.strip(),
        "city": one_line(entry.city),
        "notes": entry.notes.strip(),
        "title": one_line(entry.title),
        "profile": entry.profile,
        "time_zone": entry.time_zone,
    }


def edit_friend(owner: Owner, friend_id: UUID, entry: FriendEntry) -> date | None:
    """Replace what is written of a friend. Raises NotFound.

    A last contact that differs from the known one is what the client remembers now. Returns the last contact as it
    stands: later than the one written where a log or a contact is.
    """
    one_at_a_time(owner)
    known = friend_of(owner, friend_id).last_contact_on
    if entry.last_contact_on != known:
        remember_contact(owner, friend_id, entry.last_contact_on)
    _change(owner, friend_id, **_columns(entry))
    return friend_of(owner, friend_id).last_contact_on


def put_off(owner: Owner, friend_id: UUID, until: date | None) -> None:
    """Not now: suggest this friend again from the local day `until` on; None takes it back. Raises NotFound."""
    _change(owner, friend_id, not_before=until)


def never_suggest(owner: Owner, friend_id: UUID, flag: bool = True) -> None:
    """Never suggest this friend, or do so again. Raises NotFound."""
    _change(owner, friend_id, never_suggest=flag)


def _change(owner: Owner, friend_id: UUID, **columns: object) -> None:
    query = update(Friend).where(owned_by(owner, Friend), Friend.id == friend_id).values(**columns)
    if db.session.execute(query.returning(Friend.id)).scalar_one_or_none() is None:
        raise NotFound
    changed(owner)
