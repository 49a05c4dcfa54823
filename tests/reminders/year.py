"""A practice lives: a seeded story of clients who plan, choose, write, wait, meet, miss, rest and come back.

Time goes from one thing to the next: an act of somebody, or the next instant at which the database says that
something is to be looked at. So nothing goes out here but by the wakes and rows that the sweep would find.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coachhub.clients.service.standing import archive_clients, pause_client, resume_client
from coachhub.habits.rules import Month
from coachhub.habits.service.assignments import assign_habit, assignments_of, end_assignment, pause_month
from coachhub.habits.service.habits import ensure_default_habit
from coachhub.habits.service.steps import choice_of, choose_friend, commit_plan, drop_choice
from coachhub.network.models import Meetup
from coachhub.network.service.channels import Channel
from coachhub.network.service.drafts import Tone, keep_draft, mark_followed_up, mark_sent, record_answer
from coachhub.network.service.logs import LogEntry, log_meetup, note_meetup
from coachhub.network.service.meetups import agree_meetup, cancel_meetup, move_meetup
from coachhub.network.service.owner import Owner, owner_of
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.local_time import local_instant
from coachhub.platform.tenancy import as_practice
from coachhub.platform.wakes import look_now
from coachhub.reminders.kinds import KINDS
from coachhub.reminders.models import ReminderRule
from coachhub.reminders.service.switches import Reader, want_only
from tests.cast import Cast
from tests.factories import Person, a_client, a_coach, a_friend
from tests.reminders.rows import Office

ZONES = tuple(
    ZoneInfo(name)
    for name in ("Europe/London", "America/Vancouver", "Australia/Lord_Howe", "America/Havana", "Europe/Berlin")
)
OF_CLIENTS = frozenset(kind.name for kind in KINDS.values() if kind.is_reminder and not kind.to_staff)
_A_DAY = timedelta(days=1)
_TIMES = (time(12, 30), time(8, 30), time(17), time(12, 30), time(21), time(6, 30))

Act = Callable[["Life"], None]


@dataclass(frozen=True)
class Size:
    """How many live, for how long: `bulk` of them get the habit in one step in the third month."""

    clients: int
    bulk: int
    begins: date
    ends: date
    zones: tuple[ZoneInfo, ...] = ZONES


@dataclass
class Life:
    """One client, what they are like, and what became of them: since when each status, switch and pause has been."""

    person: Person
    zone: ZoneInfo
    friends: list[UUID]
    keenness: float
    statuses: list[tuple[datetime, str]]
    off: list[tuple[datetime, frozenset[str]]] = field(default_factory=list)
    rests: dict[date, datetime] = field(default_factory=dict)

    def status_at(self, instant: datetime) -> str:
        """What they were then."""
        return [status for since, status in self.statuses if since <= instant][-1]

    def is_off_at(self, kind: str, instant: datetime) -> bool:
        """Whether they did not want this kind then."""
        switched = [off for since, off in self.off if since <= instant]
        return bool(switched) and kind in switched[-1]


class Story:
    """Runs a practice through its days. `month_ends` is ruled out until `rule_on`; nobody works in the `outage`."""

    def __init__(self, cast: Cast, office: Office, clock: FixedClock, size: Size, seed: int) -> None:
        self.cast, self.office, self.clock, self.size = cast, office, clock, size
        self.chance = Random(seed)  # noqa: S311 (a story is told again by its number)
        self.begins = datetime.combine(size.begins, time(), tzinfo=UTC)
        self.ends = datetime.combine(size.ends, time(), tzinfo=UTC)
        middle = self.begins + (self.ends - self.begins) / 2
        self.rule_on = middle.replace(day=28, hour=11)
        self.outage = (middle.replace(day=8, hour=5), middle.replace(day=9, hour=22))
        self.given_to_many_at = datetime.combine((size.begins + 31 * _A_DAY).replace(day=20), time(10), tzinfo=UTC)
        self.lives: dict[UUID, Life] = {}
        self.coaches: list[Person] = []
        self._acts: list[tuple[datetime, int, Act, Life]] = []
        self._number = count()

    def tell(self) -> None:
        """From the first day to the last."""
        self.clock.instant = self.begins
        self._people()
        while True:
            look, act_at = self._next_look(), self._acts[0][0] if self._acts else self.ends
            if min(look, act_at) >= self.ends:
                return
            self.clock.instant = max(self.clock.instant, min(look, act_at))
            if act_at <= look:
                _, _, act, life = heappop(self._acts)
                self._do(act, life)
            else:
                self.office.deliver(self.cast.ana)

    def _next_look(self) -> datetime:
        """The next look that somebody has asked for, as the sweep would find it; in an outage, its end."""
        asked = self.office.admin.execute(
            "select least((select min(at) from wakes where practice_id = %(id)s), "
            "(select min(due_at) from outbox where practice_id = %(id)s and state = 'due'))",
            {"id": self.cast.ana.practice_id},
        ).fetchone()
        look = max(asked[0], self.clock.instant) if asked and asked[0] else self.ends
        return self.outage[1] if self.outage[0] <= look < self.outage[1] else look

    def _people(self) -> None:
        app, ana = self.cast.app, self.cast.ana
        self.coaches = [ana, a_coach(app, ana, "Eve Ek", "eve@example.com"), a_coach(app, ana, "Kai Kim", "kai@x.org")]
        for number in range(self.size.clients):
            zone = self.size.zones[number % len(self.size.zones)]
            coach = self.coaches[number % len(self.coaches)]
            person = a_client(app, coach, f"Client {number}", f"c{number}@example.com", time_zone=zone.key)
            friends = [a_friend(app, person, f"Friend {n}", date(2025, 1, 1)) for n in range(4)]
            life = Life(person, zone, friends, self.chance.random(), [(self.begins, "active")])
            assert person.client_id
            self.lives[person.client_id] = life
        self._as(ana, lambda: self._rule(is_off=True))
        lives = list(self.lives.values())
        many, others = lives[: self.size.bulk], lives[self.size.bulk :]
        for life in others:
            self._give([life], Month.local(self.begins, life.zone))
        self.at(
            self.given_to_many_at, lambda _: self._give(many, Month.of(self.given_to_many_at.date()).next()), lives[0]
        )
        self.at(self.rule_on, lambda _: self._as(ana, lambda: self._rule(is_off=False)), lives[0])
        for life in lives:
            self._months(life)

    def _rule(self, *, is_off: bool) -> None:
        values = {"practice_id": self.cast.ana.practice_id, "kind": "month_ends", "switched_at": self.clock.now()}
        db.session.merge(ReminderRule(is_off=is_off, **values))
        look_now()

    def _give(self, lives: list[Life], month: Month) -> None:
        ids = [life.person.client_id for life in lives if life.person.client_id]
        self._as(self.cast.ana, lambda: assign_habit(ids, ensure_default_habit(), month))

    def _months(self, life: Life) -> None:
        """What a client will do in each month is decided when it begins."""
        month = Month.of(self.size.begins)
        while month.first_day() < self.size.ends:
            self.at(local_instant(month.first_day(), time(7), life.zone), self._begin_month, life)
            month = month.next()

    # What somebody does, each as themselves

    def at(self, instant: datetime, act: Act, life: Life) -> None:
        """Have somebody do something then."""
        heappush(self._acts, (instant, next(self._number), act, life))

    def later(self, life: Life, days: float, act: Act) -> None:
        """Have them do it some days from now, in the daytime."""
        day = (self.clock.now() + timedelta(days=days)).astimezone(life.zone).date()
        hour = time(self.chance.randint(8, 21), self.chance.choice((0, 10, 40)))
        self.at(max(local_instant(day, hour, life.zone), self.clock.now() + timedelta(minutes=5)), act, life)

    def _do(self, act: Act, life: Life) -> None:
        try:
            act(life)
        except (Refused, NotFound):
            return  # the page would have told them why

    def _as(self, person: Person, act: Callable[[], object]) -> None:
        with self.cast.app.test_request_context(), as_practice(person.practice_id, person.user_id):
            act()

    def _own(self, life: Life, act: Callable[[Owner], object]) -> None:
        self._as(life.person, lambda: act(owner_of(life.person.client_id)))

    def happens(self, probability: float) -> bool:
        """Whether it does."""
        return self.chance.random() < probability

    def _begin_month(self, life: Life) -> None:
        if life.status_at(self.clock.now()) == "archived":
            return
        if self.happens(0.1 + life.keenness * 0.7):
            self.later(life, self.chance.randint(0, 5), self._plan)
        if self.happens(0.15 + life.keenness * 0.8):
            self.later(life, self.chance.choice((1, 3, 6, 9, 10, 13, 17, 24)), self._choose)
        if self.happens(0.05):
            self.later(life, self.chance.randint(2, 26), self._meet_by_chance)
        for probability, act in (
            (0.02, self._rest),
            (0.004, self._leave),
            (0.03, self._pause_month),
            (0.005, self._end_habit),
            (0.03, self._switch),
        ):
            if self.happens(probability):
                self.later(life, self.chance.randint(0, 25), act)

    def _plan(self, life: Life) -> None:
        day = self.clock.now().astimezone(life.zone).date() + self.chance.randint(0, 7) * _A_DAY
        self._own(life, lambda owner: commit_plan(owner, day, self.chance.choice(_TIMES), "write to somebody", "home"))

    def _choose(self, life: Life) -> None:
        friend_id = self.chance.choice(life.friends)
        self._own(life, lambda owner: choose_friend(owner, friend_id))
        if self.happens(0.05):
            self.later(life, 2, lambda life: self._own(life, drop_choice))
        elif self.happens(0.5 + life.keenness * 0.4):
            self.later(life, self.chance.choice((0, 0, 1, 4, 8)), self._write)

    def _write(self, life: Life) -> None:
        def write(owner: Owner) -> None:
            choice = choice_of(owner, Month.local(self.clock.now(), owner.zone))
            if choice is not None:
                invitation_id = keep_draft(owner, choice.friend_id, Tone.WARM, "Hello", "Coffee?")
                mark_sent(owner, invitation_id, Channel.COPY)
                self._answers(life, invitation_id, choice.friend_id)

        self._own(life, write)

    def _answers(self, life: Life, invitation_id: UUID, friend_id: UUID) -> None:
        if self.happens(0.6):
            yes = self.happens(0.8)
            days = self.chance.choice((0, 1, 1, 2, 4, 6))
            self.later(life, days, (lambda it: self._agree(it, friend_id)) if yes else self._refused(invitation_id))
        elif self.happens(0.6):
            self.later(life, self.chance.choice((3, 4, 6)), self._write_again(invitation_id, friend_id))

    def _refused(self, invitation_id: UUID) -> Act:
        return lambda life: self._own(life, lambda owner: record_answer(owner, invitation_id, "no"))

    def _write_again(self, invitation_id: UUID, friend_id: UUID) -> Act:
        def write_again(life: Life) -> None:
            self._own(life, lambda owner: mark_followed_up(owner, invitation_id))
            if self.happens(0.5):
                self.later(life, 2, lambda it: self._agree(it, friend_id))

        return write_again

    def _agree(self, life: Life, friend_id: UUID) -> None:
        starts_at = self._some_day(life, self.chance.choice((1, 2, 4, 7, 10, 16)))
        meetups: list[UUID] = []
        self._own(life, lambda owner: meetups.append(agree_meetup(owner, friend_id, starts_at, place="Café")))
        if self.happens(0.2):
            later = self._some_day(life, self.chance.choice((8, 14, 20)))
            self.later(life, 1, self._move(meetups[0], later))
        elif self.happens(0.08):
            self.later(life, 1, lambda it: self._own(it, lambda owner: cancel_meetup(owner, meetups[0])))
        if self.happens(0.8):
            self.at(starts_at + timedelta(hours=self.chance.choice((2, 20, 30, 60))), self._log(meetups[0]), life)

    def _some_day(self, life: Life, days: int) -> datetime:
        day = self.clock.now().astimezone(life.zone).date() + days * _A_DAY
        return local_instant(day, self.chance.choice((time(8), time(12, 30), time(18, 30))), life.zone)

    def _move(self, meetup_id: UUID, starts_at: datetime) -> Act:
        def move(life: Life) -> None:
            self._own(life, lambda owner: move_meetup(owner, meetup_id, starts_at, "Park"))
            self.at(starts_at + timedelta(hours=26), self._log(meetup_id), life)

        return move

    def _log(self, meetup_id: UUID) -> Act:
        def log(owner: Owner) -> None:
            held_at = db.session.scalar(select(Meetup.starts_at).where(Meetup.id == meetup_id))
            assert held_at
            log_meetup(owner, meetup_id, self._entry(owner, held_at))

        return lambda life: self._own(life, log)

    def _entry(self, owner: Owner, held_at: datetime) -> LogEntry:
        promised = owner.today() + self.chance.randint(1, 12) * _A_DAY if self.happens(0.3) else None
        return LogEntry(held_at, 45, 3, follow_up="send the book" if promised else "", follow_up_on=promised)

    def _meet_by_chance(self, life: Life) -> None:
        held_at = self.clock.now() - timedelta(hours=3)
        self._own(life, lambda owner: note_meetup(owner, life.friends[0], self._entry(owner, held_at)))

    def _rest(self, life: Life) -> None:
        client_id = life.person.client_id
        if client_id is None or life.status_at(self.clock.now()) != "active":
            return
        self._as(self.cast.ana, lambda: pause_client(client_id))
        life.statuses.append((self.clock.now(), "paused"))
        self.later(life, self.chance.choice((4, 20, 45)), self._come_back)

    def _come_back(self, life: Life) -> None:
        client_id = life.person.client_id
        if client_id is None or life.status_at(self.clock.now()) != "paused":
            return
        self._as(self.cast.ana, lambda: resume_client(client_id))
        life.statuses.append((self.clock.now(), "active"))

    def _leave(self, life: Life) -> None:
        client_id = life.person.client_id
        assert client_id
        self._as(self.cast.ana, lambda: archive_clients([client_id]))
        life.statuses.append((self.clock.now(), "archived"))

    def _pause_month(self, life: Life) -> None:
        month = Month.local(self.clock.now(), life.zone)
        self._as(self.cast.ana, lambda: pause_month(self._assignment(life), month))
        life.rests[month.first_day()] = self.clock.now()

    def _end_habit(self, life: Life) -> None:
        month = Month.local(self.clock.now(), life.zone).next()
        self._as(self.cast.ana, lambda: end_assignment(self._assignment(life), month))

    def _assignment(self, life: Life) -> UUID:
        assert life.person.client_id
        found = assignments_of(life.person.client_id)
        if not found:
            raise NotFound
        return found[0].id

    def _switch(self, life: Life) -> None:
        """Off with some kinds; after a while on with all."""
        client_id = life.person.client_id
        assert client_id
        is_off = bool(life.off and life.off[-1][1])
        off = frozenset() if is_off else frozenset(self.chance.sample(sorted(OF_CLIENTS), 3))
        self._as(life.person, lambda: want_only(Reader(client_id), OF_CLIENTS - off, OF_CLIENTS))
        life.off.append((self.clock.now(), off))
        if off:
            self.later(life, 40, self._switch)
