"""A client's life as rows: friends first, then month by month what was planned, written, met and logged."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.demo import people
from coachhub.demo.people import Life
from coachhub.demo.sheets import Sheets
from coachhub.habits.models import Assignment, AssignmentPause, Choice, Cycle, Plan
from coachhub.habits.rules import Month
from coachhub.network.models import Friend, Invitation, Log, Meetup, MeetupMove
from coachhub.platform.local_time import local_day, local_instant

_STEPS = {"n": 0, "k": 1, "c": 2, "i": 3, "a": 4, "y": 4, "h": 5}


@dataclass(frozen=True)
class Who:
    """The client whose life it is."""

    practice_id: UUID
    client_id: UUID
    user_id: UUID
    zone: ZoneInfo
    first_name: str
    shares: bool


@dataclass(frozen=True)
class Known:
    """A friend, as far as the story needs them."""

    id: UUID
    name: str


def new_id(chance: random.Random) -> UUID:
    """A random id; from a seeded source, so the same demo is made twice."""
    return UUID(int=chance.getrandbits(128), version=4)


class History:
    """Writes one client's rows into the sheets. `now` is the instant at which the story stops."""

    def __init__(self, sheets: Sheets, who: Who, life: Life, now: datetime, chance: random.Random) -> None:
        self.sheets, self.who, self.life, self.now, self.chance = sheets, who, life, now, chance
        self.this_month = Month.local(now, who.zone)
        self.friends: list[Known] = []
        self.last_met: dict[UUID, date] = {}
        self.carried: datetime | None = None
        self.assignment_id = new_id(chance)

    def write(self, habit_id: UUID, friends: int) -> None:
        """Everything: the assignment, each month, and the friends with the last contact that came of it."""
        names = self.chance.sample(people.FRIENDS, min(friends, len(people.FRIENDS)))
        self.friends = [Known(new_id(self.chance), name) for name in names]
        months = [self.this_month.plus(n - len(self.life.past)) for n in range(len(self.life.past))]
        lived = [(month, how) for month, how in zip(months, self.life.past, strict=True) if how != "."]
        first = lived[0][0] if lived else self.this_month
        self._assign(habit_id, first)
        for n, (month, how) in enumerate(lived):
            self._past_month(n, month, how)
        self._running_month(len(lived))
        self._friends()

    def _own(self) -> dict[str, Any]:
        who = self.who
        return {
            "practice_id": who.practice_id,
            "id": new_id(self.chance),
            "client_id": who.client_id,
            "user_id": who.user_id,
            "shared": who.shares,
        }

    def _assign(self, habit_id: UUID, first: Month) -> None:
        self.sheets.add(
            Assignment,
            practice_id=self.who.practice_id,
            id=self.assignment_id,
            client_id=self.who.client_id,
            habit_id=habit_id,
            from_month=first.first_day(),
            target=1,
            minutes=60,
            created_at=first.starts_at(self.who.zone) - timedelta(days=2),
        )

    def _at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return local_instant(day, time(hour, minute), self.who.zone)

    def _past_month(self, n: int, month: Month, how: str) -> None:
        friend = self.friends[n % len(self.friends)]
        first = month.first_day()
        if how == "p":
            self._pause(month)
        elif how == "m":
            self._missed(month, friend, first)
        elif how == "c":
            self._carried(month, friend, first)
        else:
            self._done(month, friend, first, twice=how == "D")

    def _pause(self, month: Month) -> None:
        self.sheets.add(
            AssignmentPause,
            practice_id=self.who.practice_id,
            assignment_id=self.assignment_id,
            month=month.first_day(),
        )

    def _missed(self, month: Month, friend: Known, first: date) -> None:
        reached = self.chance.choice((0, 1, 2, 3))
        steps = [self._at(first + timedelta(days=2 + 3 * n), 12, 30) for n in range(reached)]
        self._facts(month, friend, steps)
        self._cycle(month, steps)

    def _done(self, month: Month, friend: Known, first: date, *, twice: bool) -> None:
        day = self.chance.randint(12, 25)
        steps = [self._at(first + timedelta(days=n), 12, 30) for n in (1, 3, 5, 8)]
        minutes = self.chance.choice((45, 60, 60, 75, 90))
        self._facts(month, friend, steps)
        held = self._at(first + timedelta(days=day - 1), 17)
        self._held(friend, steps[3], held, minutes)
        if twice:
            other = self.friends[(self.friends.index(friend) + 1) % len(self.friends)]
            again = self._at(first + timedelta(days=26), 12)
            self._held(other, again - timedelta(days=4), again, 45)
        self._cycle(month, steps, [held], minutes + (45 if twice else 0), held=2 if twice else 1)

    def _carried(self, month: Month, friend: Known, first: date) -> None:
        """Agreed for the 28th, moved to the 2nd of the next month and held there: that month's row adds it."""
        steps = [self._at(first + timedelta(days=n), 12, 30) for n in (2, 4, 7, 12)]
        self._facts(month, friend, steps)
        meant, held = (
            self._at(first + timedelta(days=27), 12),
            self._at(month.next().first_day(), 9) + timedelta(days=1),
        )
        meetup_id = self._held(friend, steps[3], held, 60, sequence=1)
        self._moved(meetup_id, meant, held, meant - timedelta(days=1))
        self._cycle(month, steps, moved_out=True)
        self.carried = held

    def _running_month(self, n: int) -> None:
        if self.life.now == "p":
            self._pause(self.this_month)
            return
        friend = self.friends[n % len(self.friends)]
        reached = _STEPS[self.life.now]
        first, today = self.this_month.first_day(), local_day(self.now, self.who.zone)
        meant = [self._at(first + (today - first) * step // 6, 12, 10 + 5 * step) for step in range(min(reached, 4))]
        steps = [min(at, self.now - timedelta(minutes=5 - step)) for step, at in enumerate(meant)]
        self._facts(self.this_month, friend, steps)
        self._running_meetup(friend, steps)

    def _running_meetup(self, friend: Known, steps: list[datetime]) -> None:
        today = local_day(self.now, self.who.zone)
        if self.life.now == "a":
            self._scheduled(friend, steps[3], self._at(today + timedelta(days=3), 12, 30))
        elif self.life.now == "y":
            self._scheduled(friend, steps[3], self._at(today - timedelta(days=1), 17))
        if self.life.now != "h":
            self._cycle(self.this_month, steps)
            return
        held = max(steps[3], self._at(today - timedelta(days=2), 12))
        self._held(friend, steps[3], held, 60)
        self._cycle(self.this_month, steps, [held], 60, held=1)

    def _facts(self, month: Month, friend: Known, steps: list[datetime]) -> None:
        of_month = {"assignment_id": self.assignment_id, "month": month.first_day()}
        if steps:
            doing = self.chance.choice(people.DOING).format(friend=friend.name)
            self.sheets.add(
                Plan, **self._own(), **of_month, at=steps[0], doing=doing, place="at my desk", created_at=steps[0]
            )
        if len(steps) > 1:
            self.sheets.add(Choice, **self._own(), **of_month, friend_id=friend.id, chosen_at=steps[1])
        if len(steps) > 2:
            self._invitation(friend, steps[2], steps[3] if len(steps) > 3 else None)

    def _invitation(self, friend: Known, sent_at: datetime, answered_at: datetime | None) -> None:
        self.sheets.add(
            Invitation,
            **self._own(),
            friend_id=friend.id,
            tone="warm",
            subject="It has been a while",
            body=f"Hello {friend.name}, I was thinking of you. Would you have an hour?\n{self.who.first_name}",
            channel="mail",
            created_at=sent_at,
            sent_at=sent_at,
            answer="yes" if answered_at else None,
            answered_at=answered_at,
        )

    def _scheduled(self, friend: Known, agreed_at: datetime, starts_at: datetime) -> None:
        self._meetup(friend, agreed_at, starts_at, 60, "scheduled", 0)

    def _meetup(
        self, friend: Known, agreed_at: datetime, starts_at: datetime, minutes: int, status: str, sequence: int
    ) -> UUID:
        own = self._own()
        self.sheets.add(
            Meetup,
            **own,
            friend_id=friend.id,
            starts_at=starts_at,
            minutes=minutes,
            place=self.chance.choice(people.PLACES),
            status=status,
            sequence=sequence,
            agreed_at=agreed_at,
            ended_at=starts_at + timedelta(minutes=minutes) if status == "held" else None,
        )
        meetup_id: UUID = own["id"]
        return meetup_id

    def _held(self, friend: Known, agreed_at: datetime, held: datetime, minutes: int, sequence: int = 0) -> UUID:
        meetup_id = self._meetup(friend, agreed_at, held, minutes, "held", sequence)
        self.last_met[friend.id] = local_day(held, self.who.zone)
        self.sheets.add(
            Log,
            **self._own(),
            meetup_id=meetup_id,
            friend_id=friend.id,
            held_at=held,
            minutes=minutes,
            feeling=self.chance.choice((2, 3, 3)),
            learned=self.chance.choice(people.LEARNED),
            help_given=self.chance.choice(people.HELP),
            created_at=held + timedelta(hours=20),
        )
        return meetup_id

    def _moved(self, meetup_id: UUID, meant: datetime, held: datetime, moved_at: datetime) -> None:
        self.sheets.add(
            MeetupMove,
            **self._own(),
            meetup_id=meetup_id,
            sequence=1,
            moved_at=moved_at,
            from_starts_at=meant,
            to_starts_at=held,
        )

    def _cycle(
        self,
        month: Month,
        steps: list[datetime],
        met: list[datetime] | None = None,
        minutes: int = 0,
        *,
        held: int = 0,
        moved_out: bool = False,
    ) -> None:
        """The month's row, as `refresh_cycles` would make it, with the meetup carried in from the month before."""
        reached = [*steps, None, None, None, None]
        met = [*([self.carried] if self.carried else []), *(met or [])]
        extra, self.carried = (1 if self.carried else 0), None
        self.sheets.add(
            Cycle,
            practice_id=self.who.practice_id,
            assignment_id=self.assignment_id,
            month=month.first_day(),
            client_id=self.who.client_id,
            committed_at=reached[0],
            chosen_at=reached[1],
            invited_at=reached[2],
            agreed_at=reached[3],
            last_held_at=met[-1] if met else None,
            held=held + extra,
            minutes=minutes + 60 * extra,
            moved_out=moved_out,
        )

    def _friends(self) -> None:
        for friend in self.friends:
            left = self.this_month.first_day() - timedelta(days=self.chance.randint(200, 3200))
            self.sheets.add(
                Friend,
                **{**self._own(), "id": friend.id},
                name=friend.name,
                company=self.chance.choice(people.COMPANIES),
                kind=self.chance.choice(people.KINDS),
                liking=self.chance.choice((3, 4, 4, 5, 5)),
                known_from=left - timedelta(days=self.chance.randint(300, 2000)),
                known_until=left,
                last_contact_on=self.last_met.get(friend.id, left + timedelta(days=self.chance.randint(0, 190))),
                email=f"friend{self.chance.randint(1000, 9999)}@friends.example",
                city=self.chance.choice(people.CITIES),
                created_at=self.now - timedelta(days=430),
            )
