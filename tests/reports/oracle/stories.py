"""Stories drawn by chance: a few clients somewhere on earth, what they did, and the instant at which a coach looks.

Only raw facts. Instants crowd where months and clocks turn.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.properties import ZONES

MONTHS_BACK = 15
HABITS = ((1, 60), (2, 45))
"""Meetups a month, and the minutes of each."""
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Meeting:
    """A meetup with a friend: all its times, the one in force last. `logged` are the minutes noted after it."""

    friend: int
    agreed_at: datetime
    times: tuple[datetime, ...]
    status: str
    minutes: int
    logged: int | None


@dataclass(frozen=True)
class Sent:
    """A message to a friend."""

    friend: int
    at: datetime
    is_answered: bool


@dataclass(frozen=True)
class FriendTold:
    """What the client says of a friend."""

    liking: int
    known_until: date | None
    added_at: datetime
    calls: tuple[date, ...]


@dataclass(frozen=True)
class Run:
    """A habit (its place among `HABITS`) from a month until before another; months by number."""

    habit: int
    first: int
    end: int | None


@dataclass(frozen=True)
class Told:
    """A client with all that is known of them. `status` is what they end as; they rested from an instant until another,
    or rest still. `was_away`: in the archive.
    """

    zone: ZoneInfo
    coach: int
    runs: tuple[Run, ...]
    friends: tuple[FriendTold, ...]
    planned: tuple[datetime, ...]
    chosen: tuple[datetime, ...]
    sent: tuple[Sent, ...]
    meetings: tuple[Meeting, ...]
    paused: frozenset[int]
    status: str
    rests: tuple[datetime, datetime | None] | None
    was_away: bool


@dataclass(frozen=True)
class Story:
    """The clients, when somebody looks, how much later again, and in which zone they live who do."""

    now: datetime
    later: tuple[timedelta, ...]
    zone: ZoneInfo
    clients: tuple[Told, ...]


def number(at: datetime, zone: ZoneInfo) -> int:
    """The month that a calendar on the wall shows, counted through the years."""
    shown = at.astimezone(zone)
    return shown.year * 12 + shown.month - 1


def begins(month: int, zone: ZoneInfo) -> datetime:
    """The first instant of a month of a zone."""
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=zone).astimezone(UTC)


_hours = st.integers(-40, 40).map(lambda n: timedelta(hours=n, minutes=n % 7))
_turns = st.sampled_from(
    [
        *(datetime(2026, month, 1, tzinfo=UTC) for month in (3, 4, 5, 7, 11, 12)),
        *(datetime(2026, month, day, tzinfo=UTC) for month, day in ((3, 8), (3, 29), (4, 11), (4, 18), (4, 24))),
        *(datetime(2026, month, day, tzinfo=UTC) for month, day in ((10, 25), (11, 11), (11, 18), (12, 25), (12, 31))),
    ]
)
looks = st.builds(lambda turn, by: turn + by, _turns, _hours)


@st.composite
def _instants(draw: st.DrawFn, now: datetime, zone: ZoneInfo) -> datetime:
    """An instant before now, often within a minute of a month's end."""
    begin = begins(number(now, zone) - draw(st.integers(0, MONTHS_BACK)), zone)
    into = draw(
        st.sampled_from([timedelta(), -_A_MINUTE, _A_MINUTE, timedelta(hours=20), timedelta(days=26, hours=3)])
        | st.integers(0, 700).map(lambda n: timedelta(hours=n))
    )
    return min(begin + into, now)


@st.composite
def _meetings(draw: st.DrawFn, now: datetime, zone: ZoneInfo) -> Meeting:
    moves = draw(st.lists(st.integers(-20, 40), max_size=2))
    at = draw(_instants(now, zone))
    agreed_at = min(now, at + timedelta(days=draw(st.integers(-20, 3))))
    times = [at]
    for days in moves:
        times.append(times[-1] + timedelta(days=days))
    over = times[-1] <= now
    status = draw(st.sampled_from(["held", "held", "held", "cancelled"] if over else ["scheduled", "cancelled"]))
    minutes, logged = draw(st.sampled_from([(60, 60), (60, 45), (30, 95)]))
    return Meeting(draw(st.integers(0, 1)), agreed_at, tuple(times), status, minutes, logged)


@st.composite
def _runs(draw: st.DrawFn, this: int) -> tuple[Run, ...]:
    """No habit, one that may have ended, or another one after it, at once or later."""
    first = this - draw(st.integers(-1, MONTHS_BACK))
    kind = draw(st.sampled_from(["none", "one", "one", "one", "one", "ended", "two"]))
    if kind == "none":
        return ()
    habit = draw(st.integers(0, 1))
    if kind == "one":
        return (Run(habit, first, None),)
    end = first + draw(st.integers(1, 6))
    if kind == "ended":
        return (Run(habit, first, end),)
    return Run(habit, first, end), Run(1 - habit, end + draw(st.integers(0, 2)), None)


def _few(of: st.SearchStrategy[object], most: int) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=most).map(tuple)


@st.composite
def _friends(draw: st.DrawFn, now: datetime, zone: ZoneInfo) -> FriendTold:
    days = st.dates(date(2022, 1, 1), now.astimezone(zone).date())
    added_at = draw(_instants(now, zone))
    return FriendTold(
        draw(st.integers(1, 5)), draw(st.none() | days), added_at, tuple(draw(st.lists(days, max_size=2)))
    )


@st.composite
def _clients(draw: st.DrawFn, now: datetime) -> Told:
    zone = draw(st.sampled_from(ZONES))
    this, some = number(now, zone), _instants(now, zone)
    status = draw(st.sampled_from(["active", "active", "active", "active", "paused", "archived", "invited"]))
    rests: tuple[datetime, datetime | None] | None = None
    if status in ("paused", "archived"):
        rests = draw(some), None
    elif status == "active" and draw(st.booleans()):
        first, second = sorted((draw(some), draw(some)))
        rests = first, second
    has_begun = status != "invited"
    sent = st.builds(Sent, st.integers(0, 1), some, st.booleans())
    return Told(
        zone=zone,
        coach=draw(st.integers(0, 1)),
        runs=draw(_runs(this)),
        friends=tuple(draw(_friends(now, zone)) for _ in range(2)) if has_begun else (),
        planned=draw(_few(some, 3)) if has_begun else (),  # type: ignore[arg-type]
        chosen=draw(_few(some, 3)) if has_begun else (),  # type: ignore[arg-type]
        sent=draw(_few(sent, 4)) if has_begun else (),  # type: ignore[arg-type]
        meetings=draw(_few(_meetings(now, zone), 8)) if has_begun else (),  # type: ignore[arg-type]
        paused=frozenset(this - back for back in draw(st.lists(st.integers(0, MONTHS_BACK), max_size=2))),
        status=status,
        rests=rests,
        was_away=status == "archived" or (status == "active" and draw(st.booleans())),
    )


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A practice of one to four clients."""
    now = draw(looks)
    clients = tuple(draw(_clients(now)) for _ in range(draw(st.integers(1, 4))))
    later = st.integers(1, 45 * 24).map(lambda n: timedelta(hours=n, minutes=n % 61)) | st.just(_A_MINUTE)
    return Story(now, tuple(draw(st.lists(later, max_size=2))), draw(st.sampled_from(ZONES)), clients)
