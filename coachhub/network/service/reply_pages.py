"""What a friend's link shows of an invitation: who writes, when, where, and how it stands. Nothing else of anybody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select

from coachhub.clients.models import Client
from coachhub.network.models import Friend, Invitation, Meetup
from coachhub.network.rules import Standing, on_offer, standing_of
from coachhub.network.service.free_hours import free_times
from coachhub.network.service.meetup_rows import MeetupRow, live_meetup, scheduled
from coachhub.network.service.names import first_name
from coachhub.network.service.owner import Owner, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.zones import zone_or

_FREE = 6


@dataclass(frozen=True)
class ReplyPage:
    """An invitation as its friend sees it.

    `who` writes it; `zone` is the friend's where the client knows it, else the client's. `proposed` are the times
    that can be chosen by one tap, `offered` those that the friend has offered instead: instants in UTC, all ahead.
    `is_turned_down`: none of the times that the friend offered suits. `meetup` is what came of it, also when it is
    off. `version` is what an answer refers to.
    """

    invitation_id: UUID
    friend_id: UUID
    who: str
    zone: ZoneInfo
    place: str
    standing: Standing
    version: int
    proposed: tuple[datetime, ...]
    offered: tuple[datetime, ...]
    is_turned_down: bool
    is_sent: bool
    meetup: MeetupRow | None

    @property
    def who_first(self) -> str:
        """What to call the client in a sentence."""
        return first_name(self.who)

    @property
    def starts_at(self) -> datetime | None:
        """The UTC instant that is agreed, or was before it was called off."""
        return self.meetup.starts_at if self.meetup else None


def reply_page(owner: Owner, invitation_id: UUID) -> ReplyPage:
    """How an invitation of the owner's stands now. Raises NotFound."""
    now, found = clock.now(), _invitation(owner, invitation_id)
    meetup = live_meetup(owner, invitation_id)
    status, starts_at = (meetup.status.value, meetup.starts_at) if meetup else (None, None)
    standing = standing_of(found.answer, status, starts_at, now)
    is_asked = standing in (Standing.OPEN, Standing.OFFERED, Standing.DECLINED)
    # What was proposed before a time was agreed is history; proposed since, it answers what the friend offered.
    may_choose = is_asked or (standing is Standing.AGREED and found.answer is None)
    proposed = found.proposed_times if may_choose else ()
    return ReplyPage(
        invitation_id=invitation_id,
        friend_id=found.friend_id,
        who=found.who,
        zone=ZoneInfo(zone_or(found.time_zone, owner.zone.key)),
        place=meetup.place if meetup and standing is Standing.AGREED else found.place,
        standing=standing,
        version=found.version,
        proposed=on_offer(proposed, now, _taken(owner, meetup)),
        offered=on_offer(found.counter_times, now, ()) if found.answer == "other" else (),
        is_turned_down=bool(found.counter_times) and found.answer != "other",
        is_sent=found.sent_at is not None,
        meetup=meetup,
    )


def times_at_once(owner: Owner, page: ReplyPage) -> tuple[datetime, ...]:
    """The client's next free times, which the friend may take by one tap instead of those proposed.

    None where the client has just called it off: whoever cannot come is asked first.
    """
    if page.standing is Standing.CALLED_OFF or not page.standing.may_change:
        return ()
    known = {*page.proposed, page.starts_at} if page.standing is Standing.AGREED else set(page.proposed)
    return tuple(at for at in free_times(owner, _FREE) if at not in known)


def _invitation(owner: Owner, invitation_id: UUID) -> Row[Any]:
    client = (Client.practice_id == Invitation.practice_id) & (Client.id == Invitation.client_id)
    friend = (Friend.practice_id == Invitation.practice_id) & (Friend.id == Invitation.friend_id)
    query: Select[*tuple[Any, ...]] = (
        select(
            Invitation.friend_id,
            Invitation.place,
            Invitation.answer,
            Invitation.version,
            Invitation.sent_at,
            Invitation.proposed_times,
            Invitation.counter_times,
            Client.name.label("who"),
            Friend.time_zone,
        )
        .join(Client, client)
        .join(Friend, friend)
        .where(owned_by(owner, Invitation), Invitation.id == invitation_id, Invitation.withdrawn_at.is_(None))
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def _taken(owner: Owner, own: MeetupRow | None) -> list[datetime]:
    others = select(Meetup.starts_at).where(scheduled(owner), Meetup.id != (own.id if own else None))
    return list(db.session.scalars(others))
