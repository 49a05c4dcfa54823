"""What the figures of a story must be, by the published definitions and nothing of the application's own code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean, median

from tests.reports.oracle.stories import HABITS, Meeting, Run, Story, Told, begins, number

STEPS = 5
OVER = 50
CHOOSE_BY, WRITE_BY, AGREE_WITHIN = 11, 18, 7
A_DAY = 86400


@dataclass(frozen=True)
class Lived:
    """What a month of a client came to: its kind, the furthest step (0 to 5), meetups held, minutes spent and asked."""

    kind: str
    stage: int
    held: int
    minutes: int
    asked: int

    @property
    def result(self) -> str:
        """Done, missed, or what else a month may be."""
        return {"twice": "done", "part": "missed"}.get(self.kind, self.kind)

    @property
    def counts(self) -> bool:
        """Whether it counts as done or missed."""
        return self.result in ("done", "missed")


def first_of(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def percent(part: int, whole: int) -> int | None:
    """Rounded; None where there is no whole."""
    return round(100 * part / whole) if whole else None


class Client:
    """A client of a story, judged at an instant; with a habit chosen, only by the months given to it."""

    def __init__(self, told: Told, now: datetime, habit: int | None = None) -> None:
        self.told, self.now, self.zone = told, now, told.zone
        self.this = number(now, told.zone)
        self.runs = [run for run in told.runs if habit in (None, run.habit)]
        self.began = min((run.first for run in self.runs), default=self.this + 1)
        self.months = {month: self._lived(month) for month in range(self.began, self.this + 1) if self.run(month)}

    @property
    def has_begun(self) -> bool:
        """Whether figures count them at all."""
        return self.told.status != "invited" and self.began <= self.this

    @property
    def left(self) -> int | None:
        """The month in which they left, where they are in the archive."""
        if self.told.status != "archived" or self.told.rests is None:
            return None
        return number(self.told.rests[0], self.zone)

    def run(self, month: int) -> Run | None:
        """The habit of a month."""
        return next((run for run in self.runs if run.first <= month and (run.end is None or month < run.end)), None)

    def is_in(self, at: datetime, month: int) -> bool:
        """Whether an instant lies in a month of theirs."""
        return number(at, self.zone) == month

    def held(self, month: int) -> list[Meeting]:
        """The meetups held in a month."""
        return [each for each in self.told.meetings if each.status == "held" and self.is_in(each.times[-1], month)]

    def rests_in(self, month: int, *, is_done: bool) -> bool:
        """Whether the coach let it rest, or the client was away and did not do it all the same."""
        if month in self.told.paused and self.run(month):
            return True
        if self.told.rests is None or is_done:
            return False
        since, until = (number(at, self.zone) if at else self.this + 1 for at in self.told.rests)
        return since <= month < until

    def taken(self, month: int) -> tuple[datetime | None, ...]:
        """When each of the first four steps of a month was taken."""
        told = self.told
        instants = (told.planned, told.chosen, [each.at for each in told.sent], self._agreed(month))
        found = [[at for at in each if place == 3 or self.is_in(at, month)] for place, each in enumerate(instants)]
        return tuple(min(each, default=None) for each in found)

    def _agreed(self, month: int) -> list[datetime]:
        found = []
        for each in self.told.meetings:
            if each.status == "cancelled":
                continue
            at = min(each.agreed_at, each.times[-1]) if each.status == "held" else each.agreed_at
            stood = {number(instant, self.zone) for instant in (at, *each.times)}
            if month in stood and month <= number(each.times[-1], self.zone):
                found.append(at)
        return found

    def has_moved_out(self, month: int) -> bool:
        """Whether a meetup of the month was moved into a later one."""
        return any(
            any(self.is_in(at, month) for at in each.times[:-1]) and number(each.times[-1], self.zone) > month
            for each in self.told.meetings
            if each.status != "cancelled"
        )

    def stage(self, month: int) -> int:
        """The furthest step."""
        if self.held(month):
            return STEPS
        return max((place for place, at in enumerate(self.taken(month), start=1) if at), default=0)

    def _lived(self, month: int) -> Lived:
        run = self.run(month)
        assert run
        target, length = HABITS[run.habit]
        held = self.held(month)
        is_done = len(held) >= target
        if self.rests_in(month, is_done=is_done):
            kind = "paused"
        elif is_done:
            kind = "twice" if len(held) > 1 else "done"
        elif month == self.this:
            kind = "now"
        elif self.has_moved_out(month):
            kind = "carried"
        else:
            kind = "part" if held else "missed"
        minutes = sum(each.logged or each.minutes for each in held)
        return Lived(kind, self.stage(month), len(held), minutes, 0 if kind == "paused" else target * length)

    def strengths(self) -> list[int]:
        """Habit strength after each month from the first on."""
        strength, shown = 0.0, []
        for month in range(self.began, self.this + 1):
            result = self.months[month].result if month in self.months else ""
            strength = 0.75 * strength + (0.25 if result == "done" else 0) if result in ("done", "missed") else strength
            shown.append(round(100 * strength))
        return shown

    def year(self) -> str:
        """The last twelve months, a letter each; without a habit now there is nothing to show."""
        letters = {"missed": "0", "part": "1", "done": "2", "twice": "3", "carried": "c", "paused": "p", "now": "n"}
        months = range(max(self.began, self.this - 11), self.this + 1) if self.run(self.this) else ()
        return "".join(letters[self.months[month].kind] if month in self.months else "-" for month in months)

    def met_at(self) -> datetime | None:
        """The last meetup in a month with a habit, where there is one now."""
        covered = [each for each in self.told.meetings if each.status == "held"]
        known = [each.times[-1] for each in covered if self.run(number(each.times[-1], self.zone))]
        return max(known, default=None) if self.run(self.this) else None

    def in_a_row(self) -> int:
        """The done months of the longest row up to now of which no six have two missed ones."""
        counted = [each.result for _, each in sorted(self.months.items()) if each.counts]
        rows = (counted[place:] for place in range(len(counted) + 1))
        return next(row for row in rows if all(row[n : n + 6].count("missed") < 2 for n in range(len(row)))).count(
            "done"
        )

    def standing(self) -> str:
        """Where the client stands now."""
        if self.told.status != "active":
            return self.told.status
        if self.run(self.this) is None:
            return "no_habit"
        return "paused" if self.this in self.told.paused or self._is_away() else self._status()

    def _is_away(self) -> bool:
        return self.told.rests is not None and self.told.rests[1] is None

    def _status(self) -> str:
        stage, missed = self.stage(self.this), self._missed_in_a_row()
        if stage == STEPS or self.has_moved_out(self.this):
            return "on_track"
        shown = self.now.astimezone(self.zone)
        left = (first_of(self.this + 1) - shown.date()).days
        chosen_late, written_late = shown.day >= CHOOSE_BY and stage < 2, shown.day >= WRITE_BY and stage < 3
        if missed > 1 or (missed and chosen_late):
            return "off_track"
        is_late = chosen_late or written_late or (left <= AGREE_WITHIN and stage < 4)
        return "at_risk" if is_late else "on_track"

    def _missed_in_a_row(self) -> int:
        missed, month = 0, self.this - 1
        while month in self.months and self.months[month].result == "missed":
            missed, month = missed + 1, month - 1
        return missed

    def network(self, month: int) -> float | None:
        """The strength of the network at the end of a month, or now; None without a friend."""
        today = self.now.astimezone(self.zone).date()
        if month > self.this:
            return None
        day = min(first_of(month + 1) - timedelta(days=1), today)
        values = [self._warmth(place, day) for place in range(len(self.told.friends))]
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    def _warmth(self, place: int, day: date) -> float | None:
        friend = self.told.friends[place]
        met = [each for each in self.told.meetings if each.status == "held" and each.friend == place]
        contacts = [*friend.calls, *(each.times[-1].astimezone(self.zone).date() for each in met)]
        known = [*contacts, friend.added_at.astimezone(self.zone).date()]
        known += [friend.known_until] if friend.known_until else []
        if min(known) > day:
            return None
        since = max([each for each in contacts if each <= day] + [friend.known_until or date.min])
        warmth = 0.25 if since == date.min else 2 ** (-max(0, (day - since).days) / 270)
        return float(warmth * friend.liking / 5)

    def replies(self, month: int) -> tuple[int, int, int]:
        """Of the friends written to in a month: how many, who answered, who was met after that."""
        sent = [each for each in self.told.sent if self.is_in(each.at, month)]
        friends = {each.friend for each in sent}
        answered = {each.friend for each in sent if each.is_answered}
        first = {friend: min(each.at for each in sent if each.friend == friend) for friend in friends}
        met = {
            each.friend
            for each in self.told.meetings
            if each.status == "held" and each.friend in first and each.times[-1] >= first[each.friend]
        }
        return len(friends), len(answered), len(met)


class Oracle:
    """The figures of those clients of a story who are meant."""

    def __init__(
        self, story: Story, coach: int | None = None, habit: int | None = None, begun: int | None = None
    ) -> None:
        told = [each for each in story.clients if coach in (None, each.coach)]
        self.everybody = [Client(each, story.now) for each in told]
        self.is_of_habit = habit is not None
        self.beginners = [each for each in (Client(one, story.now, habit) for one in told) if each.has_begun]
        self.clients = [each for each in self.beginners if begun in (None, each.began)]
        self.this = number(story.now, story.zone)

    def funnel(self, months: int | None) -> tuple[int, tuple[int, ...], int]:
        """Months that came along, how many reached each step, and of how many clients; None asks for now."""
        found = [(client, client.months[month]) for client, month in self._meant(months) if month in client.months]
        counted = [(client, each) for client, each in found if each.counts or each.kind == "now"]
        reached = tuple(sum(each.stage >= step for _, each in counted) for step in range(1, STEPS + 1))
        return len(counted), reached, len({id(client) for client, _ in counted})

    def _meant(self, months: int | None) -> Iterable[tuple[Client, int]]:
        """Each client's running month, or those before the page's that are over for the client."""
        for client in self.clients:
            if months is None:
                yield client, client.this
            else:
                yield from (
                    (client, self.this - back) for back in range(1, months + 1) if self.this - back < client.this
                )

    def paces(self, months: int | None) -> list[tuple[float | None, int]]:
        """The median of days until each step, and of how many months."""
        took: list[list[float]] = [[] for _ in range(STEPS)]
        for client, month in self._meant(months):
            if month not in client.months:
                continue
            start, held = begins(month, client.zone), client.held(month)
            committed, *others = client.taken(month)
            met = held[0].times[-1] if len(held) == 1 else None
            at = [start, max(committed, start) if committed else None, committed, *others, met]
            pairs = [(at[0], at[1]), (at[2], at[3]), (at[3], at[4]), (at[4], at[5]), (at[5], at[6])]
            for place, (before, after) in enumerate(pairs):
                if before and after and after >= before:
                    took[place].append((after - before).total_seconds() / A_DAY)
        return [(median(each) if each else None, len(each)) for each in took]

    def adopted(self, after: int) -> tuple[int, int]:
        """Of whom month number `after` is over, how many had a strength over 50 at its end."""
        at = [client.strengths()[after - 1] for client in self.clients if client.began + after <= client.this]
        return len(at), sum(each > OVER for each in at)

    def hours(self, month: int) -> tuple[int, int, int, int]:
        """Clients whose month did not rest, meetups, minutes spent, minutes asked."""
        here = [client.months[month] for client in self.clients if month in client.months]
        is_asked = sum(each.kind != "paused" for each in here)
        sums = (sum(getattr(each, name) for each in here) for name in ("held", "minutes", "asked"))
        return (is_asked, *sums)  # type: ignore[return-value]

    def network(self, month: int) -> tuple[int, float | None, float | None, int, int]:
        """Clients, the median, the mean; of how many there was one a year before, how many of these are stronger."""
        pairs = [(self._network(client, month), self._network(client, month - 12)) for client in self.clients]
        values = [value for value, _ in pairs if value is not None]
        gained = [value - before for value, before in pairs if value is not None and before is not None]
        typical = (median(values), fmean(values)) if values else (None, None)
        return len(values), *typical, len(gained), sum(each > 1e-9 for each in gained)

    def _network(self, client: Client, month: int) -> float | None:
        return client.network(month) if month >= client.began and self._counts(client, month) else None

    def _counts(self, client: Client, month: int) -> bool:
        """With a habit chosen only months that were given to it; nobody after they have left."""
        return (client.left is None or month <= client.left) and (not self.is_of_habit or month in client.months)

    def replies(self, month: int) -> tuple[int, ...]:
        """Friends written to, answered, met after that."""
        found = [client.replies(month) for client in self.clients if self._counts(client, month)]
        return tuple(map(sum, zip(*found, strict=True))) if found else (0, 0, 0)

    def standings(self) -> list[str]:
        """Where each client stands."""
        return [client.standing() for client in self.everybody]

    def day(self) -> tuple[int, int, int, int]:
        """Who needs the coach, whose month counts, who of these has met somebody, who has chosen nobody."""
        counted = [each for each in self.everybody if each.standing() in ("on_track", "at_risk", "off_track")]
        need = sum(standing in ("off_track", "at_risk", "no_habit", "invited") for standing in self.standings())
        stages = [client.stage(client.this) for client in counted]
        return need, len(counted), stages.count(STEPS), sum(stage < 2 for stage in stages)


def months_to(this: int, many: int) -> Sequence[int]:
    """So many months, the last one this."""
    return range(this - many + 1, this + 1)
