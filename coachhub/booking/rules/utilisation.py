"""How much of a coach's working time is booked."""

from collections.abc import Iterable, Sequence

Stretch = tuple[int, int]
"""From an instant until another one, in whole seconds."""


def utilisation(booked: int, available: int) -> int | None:
    """Booked minutes of available minutes, in percent, rounded; None where no time was available.

    Sessions outside of the hours count as booked, too: it may be over 100.
    """
    return round(100 * booked / available) if available > 0 else None


def minutes_available(work: Iterable[Stretch], blocked: Iterable[Stretch]) -> int:
    """The whole minutes of work that nothing blocks. Stretches of work do not overlap; blocked ones may."""
    kept_free = _joined(blocked)
    seconds = sum(end - begin - _blocked_of(begin, end, kept_free) for begin, end in work)
    return seconds // 60


def _blocked_of(begin: int, end: int, blocked: Sequence[Stretch]) -> int:
    return sum(max(0, min(end, until) - max(begin, since)) for since, until in blocked)


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for begin, end in sorted(stretches):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined
