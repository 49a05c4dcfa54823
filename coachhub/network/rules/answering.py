"""What a friend's link shows: how an invitation stands, and which times are still on offer. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

MOST_TIMES = 3
"""How many times the client proposes, and how many others the friend may offer."""
ANSWERED_LATELY = timedelta(days=45)
"""An invitation older than this is not what a time agreed by hand answers."""
_AROUND_A_MEETUP = timedelta(hours=1)


class Standing(StrEnum):
    """How an invitation stands.

    `offered`: the friend has offered other times and nothing is agreed. `begun`: the agreed time has come, and nobody
    has said yet that they met. `called_off`: by the client; where the friend called it off, they have declined.
    """

    OPEN = "open"
    OFFERED = "offered"
    AGREED = "agreed"
    BEGUN = "begun"
    MET = "met"
    DECLINED = "declined"
    CALLED_OFF = "called_off"

    @property
    def may_change(self) -> bool:
        """Whether the friend may still choose, offer, decline or move: until the agreed time has come."""
        return self not in (Standing.BEGUN, Standing.MET)


class FriendDid(StrEnum):
    """What a friend did on their page, as the client is told of it: `other` is that they offered other times."""

    AGREED = "agreed"
    MOVED = "moved"
    OTHER = "other"
    DECLINED = "declined"
    CALLED_OFF = "called_off"


def standing_of(answer: str | None, meetup_status: str | None, starts_at: datetime | None, now: datetime) -> Standing:
    """How an invitation stands by its answer and its newest meetup; what is agreed or held outweighs any answer."""
    if meetup_status == "held":
        return Standing.MET
    if meetup_status == "scheduled" and starts_at is not None:
        return Standing.AGREED if starts_at > now else Standing.BEGUN
    by_answer = {"other": Standing.OFFERED, "no": Standing.DECLINED}
    if answer == "yes" and meetup_status == "cancelled":
        return Standing.CALLED_OFF
    return by_answer.get(answer or "", Standing.OPEN)


def friend_did(answer: str, cancelled_by: str | None, moved_by: str | None) -> FriendDid:
    """What a friend's answer came to, by who called the meetup off and who moved it last; None is nobody.

    Instants say nothing here: those of one act lie a moment apart.
    """
    if answer == "no":
        return FriendDid.CALLED_OFF if cancelled_by == "friend" else FriendDid.DECLINED
    if answer == "other":
        return FriendDid.OTHER
    return FriendDid.MOVED if moved_by == "friend" else FriendDid.AGREED


def clashes(at: datetime, busy: Iterable[datetime]) -> bool:
    """Whether another meetup begins within the hour around an instant."""
    return any(abs(other - at) < _AROUND_A_MEETUP for other in busy)


def on_offer(times: Iterable[datetime], now: datetime, busy: Sequence[datetime]) -> tuple[datetime, ...]:
    """The times that are still ahead and that no other meetup has taken, the earliest first, each once."""
    return tuple(sorted({at for at in times if at > now and not clashes(at, busy)}))
