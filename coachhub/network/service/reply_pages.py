"""What a friend's link shows of an invitation: who writes, when, where, and how it stands. Nothing else of anybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.network.rules import Standing, next_free_times, on_offer, standing_of
from coachhub.network.service.free_hours import free_times
from coachhub.network.service.meetup_rows import MeetupRow, meetup_told
from coachhub.network.service.names import first_name
from coachhub.network.service.owner import Owner
from coachhub.platform import clock
from coachhub.platform.db import db, telling
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice
from coachhub.platform.told import instants_told
from coachhub.platform.zones import zone_or

_FREE = 6
# A function of the database, because a session plans what it reads once: see migration 0058.
_READ = telling("select reply_read(:practice, :client, :invitation)", "told")


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
    asked = {"practice": current_practice(), "client": owner.client_id, "invitation": invitation_id}
    return reply_told(owner.zone.key, invitation_id, db.session.execute(_READ, asked).scalar_one())


def reply_told(zone: str, invitation_id: UUID, told: Any) -> ReplyPage:
    """The answer of the function `reply_read`, as of now, about a client of that zone. Raises NotFound.

    Zones are many, and Python keeps eight of them: only the one that is needed is looked for.
    """
    if told is None:
        raise NotFound
    of_invitation, of_meetup, agreed = told
    now, found, meetup = clock.now(), _Invitation(*of_invitation), meetup_told(of_meetup) if of_meetup else None
    status, starts_at = (meetup.status.value, meetup.starts_at) if meetup else (None, None)
    standing = standing_of(found.answer, status, starts_at, now)
    is_asked = standing in (Standing.OPEN, Standing.OFFERED, Standing.DECLINED)
    # What was proposed before a time was agreed is history; proposed since, it answers what the friend offered.
    may_choose = is_asked or (standing is Standing.AGREED and found.answer is None)
    proposed = instants_told(found.proposed_times) if may_choose else ()
    counter_times = instants_told(found.counter_times)
    return ReplyPage(
        invitation_id=invitation_id,
        friend_id=UUID(found.friend_id),
        who=found.who,
        zone=ZoneInfo(zone_or(found.time_zone, zone)),
        place=meetup.place if meetup and standing is Standing.AGREED else found.place,
        standing=standing,
        version=found.version,
        proposed=on_offer(proposed, now, _taken(agreed, meetup)),
        offered=on_offer(counter_times, now, ()) if found.answer == "other" else (),
        is_turned_down=bool(counter_times) and found.answer != "other",
        is_sent=found.sent_at is not None,
        meetup=meetup,
    )


def times_at_once(owner: Owner, page: ReplyPage) -> tuple[datetime, ...]:
    """The client's next free times, which the friend may take by one tap instead of those proposed.

    None where the client has just called it off: whoever cannot come is asked first.
    """
    if not _offers_at_once(page):
        return ()
    known = {*page.proposed, page.starts_at} if page.standing is Standing.AGREED else set(page.proposed)
    return tuple(at for at in free_times(owner, _FREE) if at not in known)


def told_at_once(page: ReplyPage, zone: str, grid: Any, agreed: Any) -> tuple[datetime, ...]:
    """As `times_at_once`, of what was read along of an open invitation without a time that can be chosen.

    The client's free hours and what they have agreed on are as the function `reply_shown` tells them.
    """
    if not grid or not _offers_at_once(page):
        return ()
    hours = tuple((weekday, time.fromisoformat(at)) for weekday, at in grid)
    meets = ((datetime.fromisoformat(starts_at), timedelta(minutes=lasts)) for _id, starts_at, lasts in agreed)
    return next_free_times(
        hours, clock.now(), ZoneInfo(zone), [(begin, begin + lasts) for begin, lasts in meets], _FREE
    )


def _offers_at_once(page: ReplyPage) -> bool:
    return page.standing is not Standing.CALLED_OFF and page.standing.may_change


class _Invitation(NamedTuple):
    """What is read of the invitation itself, in this order."""

    friend_id: str
    place: str
    answer: str | None
    version: int
    sent_at: str | None
    proposed_times: list[str]
    counter_times: list[str]
    who: str
    time_zone: str | None


def _taken(agreed: Iterable[Sequence[str]], own: MeetupRow | None) -> tuple[datetime, ...]:
    """When the client meets others."""
    return instants_told(starts_at for meetup_id, starts_at, *_ in agreed if own is None or UUID(meetup_id) != own.id)
