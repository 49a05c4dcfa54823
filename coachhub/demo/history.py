"""A client's life as rows: month by month what was planned, written, met and logged, then the friends."""

import random
from datetime import date, datetime, time, timedelta
from uuid import UUID

from coachhub.demo import people
from coachhub.demo.circle import Circle, Known
from coachhub.demo.people import Life
from coachhub.demo.sheets import Sheets
from coachhub.demo.who import Who, new_id, own
from coachhub.habits.models import Assignment, AssignmentPause, Choice, Cycle, Plan
from coachhub.habits.rules import Month
from coachhub.network.models import Invitation, Log, Meetup, MeetupMove
from coachhub.network.service.reply_links import reply_address
from coachhub.platform.local_time import local_day, local_instant

_STEPS = {"n": 0, "k": 1, "c": 2, "i": 3, "o": 3, "a": 4, "y": 4, "h": 5}


class History:
    """Writes one client's rows into the sheets. `now` is the instant at which the story stops."""

    def __init__(self, sheets: Sheets, who: Who, life: Life, now: datetime, chance: random.Random) -> None:
        self.sheets, self.who, self.life, self.now, self.chance = sheets, who, life, now, chance
        self.this_month = Month.local(now, who.zone)
        self.today = local_day(now, who.zone)
        self.circle = Circle(sheets, who, now, chance)
        self.friends: list[Known] = []
        self.last_met: dict[UUID, date] = {}
        self.carried: datetime | None = None
        self.assignment_id = new_id(chance)

    def write(self, habit_id: UUID, friends: int, imported: int = 0) -> None:
        """Everything: the assignment, each month, and the friends with the last contact that came of it.

        The last `imported` of the friends came in a file.
        """
        self.friends = self.circle.gather(friends)
        months = [self.this_month.plus(n - len(self.life.past)) for n in range(len(self.life.past))]
        lived = [(month, how) for month, how in zip(months, self.life.past, strict=True) if how != "."]
        first = lived[0][0] if lived else self.this_month
        self._assign(habit_id, first)
        for n, (month, how) in enumerate(lived):
            self._past_month(n, month, how)
        self._running_month(len(lived))
        self.circle.write(self.friends, self.last_met, imported)

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
        self._facts(month, friend, steps, self._at(first + timedelta(days=20), 12, 30))
        self._cycle(month, steps)

    def _done(self, month: Month, friend: Known, first: date, *, twice: bool) -> None:
        day = self.chance.randint(12, 25)
        steps = [self._at(first + timedelta(days=n), 12, 30) for n in (1, 3, 5, 8)]
        minutes = self.chance.choice((45, 60, 60, 75, 90))
        held = self._at(first + timedelta(days=day - 1), 17)
        invitation_id = self._facts(month, friend, steps, held)
        self._held(friend, steps[3], held, minutes, invitation_id)
        if twice:
            other = self.friends[(self.friends.index(friend) + 1) % len(self.friends)]
            again = self._at(first + timedelta(days=26), 12)
            self._held(other, again - timedelta(days=4), again, 45)
        self._cycle(month, steps, [held], minutes + (45 if twice else 0), held=2 if twice else 1)

    def _carried(self, month: Month, friend: Known, first: date) -> None:
        """Agreed for the 28th, moved to the 2nd of the next month and held there: that month's row adds it."""
        steps = [self._at(first + timedelta(days=n), 12, 30) for n in (2, 4, 7, 12)]
        meant, held = (
            self._at(first + timedelta(days=27), 12),
            self._at(month.next().first_day(), 9) + timedelta(days=1),
        )
        invitation_id = self._facts(month, friend, steps, meant, version=2)
        meetup_id = self._held(friend, steps[3], held, 60, invitation_id, sequence=1)
        self._moved(meetup_id, meant, held, meant - timedelta(days=1))
        self._cycle(month, steps, moved_out=True)
        self.carried = held

    def _running_month(self, n: int) -> None:
        if self.life.now == "p":
            self._pause(self.this_month)
            return
        friend = self.friends[n % len(self.friends)]
        reached = _STEPS[self.life.now]
        first, today = self.this_month.first_day(), self.today
        meant = [self._at(first + (today - first) * step // 6, 12, 10 + 5 * step) for step in range(min(reached, 4))]
        steps = [min(at, self.now - timedelta(minutes=5 - step)) for step, at in enumerate(meant)]
        starts_at = self._running_start(steps)
        invitation_id = self._facts(self.this_month, friend, steps, starts_at)
        self._running_meetup(friend, steps, starts_at, invitation_id)

    def _running_start(self, steps: list[datetime]) -> datetime:
        """When the running month's meetup is, was, or was meant to be."""
        if self.life.now == "y":
            return self._at(self.today - timedelta(days=1), 17)
        if self.life.now == "h":
            return max(steps[3], self._at(self.today - timedelta(days=2), 12))
        return self._at(self.today + timedelta(days=3), 12, 30)

    def _running_meetup(
        self, friend: Known, steps: list[datetime], starts_at: datetime, invitation_id: UUID | None
    ) -> None:
        if self.life.now in ("a", "y"):
            self._meetup(friend, steps[3], starts_at, 60, "scheduled", 0, invitation_id)
        if self.life.now != "h":
            self._cycle(self.this_month, steps)
            return
        self._held(friend, steps[3], starts_at, 60, invitation_id)
        self._cycle(self.this_month, steps, [starts_at], 60, held=1)

    def _facts(
        self, month: Month, friend: Known, steps: list[datetime], starts_at: datetime, version: int = 1
    ) -> UUID | None:
        """Plan, choice and message, as far as the month went. Returns the message's id, where one was sent."""
        of_month = {"assignment_id": self.assignment_id, "month": month.first_day()}
        if steps:
            doing = self.chance.choice(people.DOING).format(friend=friend.name)
            self.sheets.add(
                Plan,
                **own(self.who, self.chance, is_private=True),
                **of_month,
                at=steps[0],
                doing=doing,
                place="at my desk",
                created_at=steps[0],
            )
        if len(steps) > 1:
            mine = own(self.who, self.chance, is_private=True)
            self.sheets.add(Choice, **mine, **of_month, friend_id=friend.id, chosen_at=steps[1])
        if len(steps) <= 2:
            return None
        answered_at = steps[3] if len(steps) > 3 else None
        return self._invitation(friend, steps[2], answered_at, starts_at, version, is_now=month == self.this_month)

    def _invitation(
        self,
        friend: Known,
        sent_at: datetime,
        answered_at: datetime | None,
        starts_at: datetime,
        version: int,
        *,
        is_now: bool,
    ) -> UUID:
        """The message, with the answer: yes, or other times where the life says so, or none yet."""
        mine = own(self.who, self.chance, is_private=True)
        invitation_id: UUID = mine["id"]
        offers = is_now and self.life.now == "o"
        answered_at = self.now - timedelta(minutes=2) if offers else answered_at
        later = starts_at + timedelta(days=4)
        link = f"\n{reply_address(invitation_id)}" if is_now else ""
        self.sheets.add(
            Invitation,
            **mine,
            friend_id=friend.id,
            tone="warm",
            subject="It has been a while",
            body=f"Hello {friend.name}, I was thinking of you. Would you have an hour?{link}\n{self.who.first_name}",
            channel="mail",
            proposed_times=[starts_at, starts_at + timedelta(days=1)],
            created_at=sent_at,
            sent_at=sent_at,
            answer=("other" if offers else "yes") if answered_at else None,
            answered_at=answered_at,
            answered_by=("friend" if friend.number % 3 else "client") if answered_at else None,
            counter_times=[later, later + timedelta(days=1, hours=5)] if offers else [],
            reply_note=self.chance.choice(people.REPLIES) if offers else "",
            version=version if answered_at else 0,
            followed_up_at=None if answered_at or is_now else sent_at + timedelta(days=4),
        )
        return invitation_id

    def _meetup(
        self,
        friend: Known,
        agreed_at: datetime,
        starts_at: datetime,
        minutes: int,
        status: str,
        sequence: int,
        invitation_id: UUID | None,
    ) -> UUID:
        mine = own(self.who, self.chance)
        self.sheets.add(
            Meetup,
            **mine,
            friend_id=friend.id,
            starts_at=starts_at,
            minutes=minutes,
            place=self.chance.choice(people.PLACES),
            status=status,
            sequence=sequence,
            agreed_at=agreed_at,
            ended_at=starts_at + timedelta(minutes=minutes) if status == "held" else None,
            invitation_id=invitation_id,
        )
        meetup_id: UUID = mine["id"]
        return meetup_id

    def _held(
        self,
        friend: Known,
        agreed_at: datetime,
        held: datetime,
        minutes: int,
        invitation_id: UUID | None = None,
        sequence: int = 0,
    ) -> UUID:
        meetup_id = self._meetup(friend, agreed_at, held, minutes, "held", sequence, invitation_id)
        self.last_met[friend.id] = local_day(held, self.who.zone)
        self._log(meetup_id, friend, held, minutes)
        return meetup_id

    def _log(self, meetup_id: UUID, friend: Known, held: datetime, minutes: int) -> None:
        """How it was. A promise of the last weeks comes due in some days; those before were kept."""
        promise = self.chance.choice(people.PROMISES) if friend.number % 2 else ""
        is_ahead = self.last_met[friend.id] > self.today - timedelta(days=45)
        due = self.today + timedelta(days=4) if is_ahead else self.last_met[friend.id] + timedelta(days=10)
        is_kept = bool(promise) and not is_ahead
        self.sheets.add(
            Log,
            **own(self.who, self.chance),
            meetup_id=meetup_id,
            friend_id=friend.id,
            held_at=held,
            minutes=minutes,
            feeling=self.chance.choice((2, 3, 3)),
            learned=self.chance.choice(people.LEARNED),
            help_given=self.chance.choice(people.HELP_GIVEN),
            help_received=self.chance.choice(people.HELP_RECEIVED),
            follow_up=promise,
            follow_up_on=due if promise else None,
            created_at=min(held + timedelta(hours=20), self.now),
            follow_up_done_at=held + timedelta(days=9) if is_kept else None,
            thanked_at=min(held + timedelta(hours=21), self.now) if friend.number % 3 else None,
        )

    def _moved(self, meetup_id: UUID, meant: datetime, held: datetime, moved_at: datetime) -> None:
        self.sheets.add(
            MeetupMove,
            **own(self.who, self.chance),
            meetup_id=meetup_id,
            sequence=1,
            moved_at=moved_at,
            from_starts_at=meant,
            to_starts_at=held,
            moved_by=self.chance.choice(("client", "friend")),
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
