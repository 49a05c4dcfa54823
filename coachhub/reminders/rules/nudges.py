"""Who may be nudged, and who is told by mail of a report."""

from enum import StrEnum


class Barrier(StrEnum):
    """Why a client is not nudged now, or not told of a report."""

    ARCHIVED = "archived"
    INVITED = "invited"
    PAUSED = "paused"
    SWITCHED_OFF = "switched_off"
    COMPLAINED = "complained"
    BOUNCED = "bounced"
    NUDGED = "nudged"


def barrier_of(status: str, cause: str | None, *, is_off: bool, is_nudged: bool) -> Barrier | None:
    """Why a client of this status is not nudged; None where they may be.

    `cause` is why nothing is sent to their address; `is_off`: they want none; `is_nudged`: they had one within a day.
    """
    if status != "active":
        return Barrier(status)
    if is_off:
        return Barrier.SWITCHED_OFF
    if cause is not None:
        return Barrier(cause)
    return Barrier.NUDGED if is_nudged else None


def untold_because(status: str, cause: str | None, *, is_off: bool) -> Barrier | None:
    """Why a client of this status gets no mail about a report; None where they do, as while their habit is paused."""
    read_as = "active" if status == "paused" else status
    return barrier_of(read_as, cause, is_off=is_off, is_nudged=False)
