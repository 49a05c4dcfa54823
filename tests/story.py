"""A little history in practice A: one row of every kind, for tests that look at all of it."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from coachhub.accounts.models import TeamInvite
from coachhub.booking.models import BlockedTime, Booking, DatedHours, Offering, Package
from coachhub.clients.models import ClientInvite
from coachhub.coaching.models import Action, CoachingSession, NoteTemplate
from coachhub.habits.models import Assignment, Choice, Cycle, Habit, HabitTemplate, Plan
from coachhub.network.models import (
    Contact,
    FreeHour,
    Import,
    ImportChunk,
    ImportRow,
    Invitation,
    Log,
    Meetup,
    MeetupMove,
)
from coachhub.payments.models import Coupon, CreditEntry, Holding, Purchase
from coachhub.platform.db import Base, db
from coachhub.platform.tenancy import as_practice
from coachhub.reminders.models import Message
from coachhub.reports.models import Report, ReportBatch, ReportFile, SavedFilter
from tests.cast import Cast
from tests.factories import LONG_AGO

MONTH = date(2026, 3, 1)
STEPS = ["Keep an hour", "Choose a friend", "Write", "Meet", "Do it again"]


@dataclass(frozen=True)
class Story:
    """The ids of what happened."""

    habit_id: UUID
    assignment_id: UUID
    invitation_id: UUID
    meetup_id: UUID
    import_id: UUID


def tell_story(cast: Cast) -> Story:
    """Ana gives Ben the habit; he plans, chooses Dan, writes, meets him once moved, and logs it. All his own."""
    story = Story(uuid4(), uuid4(), uuid4(), uuid4(), uuid4())
    _keep(cast, cast.ana.user_id, _habit(story), _templates(story), _office(cast), _assignment(cast, story))
    _keep(cast, cast.ana.user_id, _calendar(cast), _coaching(cast), *_for_sale(cast), *_reports(cast))
    _keep(
        cast,
        cast.ben.user_id,
        _month(cast, story),
        _network(cast, story),
        _meeting(cast, story),
        _afterwards(cast, story),
    )
    _keep(cast, cast.ben.user_id, _on_its_way(cast, story))
    return story


def _keep(cast: Cast, user_id: UUID, *groups: list[Base]) -> None:
    with cast.app.app_context(), as_practice(cast.ana.practice_id, user_id):
        for group in groups:
            for row in group:
                row.practice_id = cast.ana.practice_id  # type: ignore[attr-defined]
                db.session.add(row)
            db.session.flush()


def _habit(story: Story) -> list[Base]:
    return [Habit(id=story.habit_id, name="One hour a month", steps=STEPS, is_default=True, created_at=LONG_AGO)]


def _templates(story: Story) -> list[Base]:
    return [
        HabitTemplate(habit_id=story.habit_id, tone=tone, subject="Coffee?", body="Hello {first_name}, coffee? {me}")
        for tone in ("warm", "light", "plain")
    ]


def _office(cast: Cast) -> list[Base]:
    expires_at = LONG_AGO + timedelta(days=3650)
    return [
        TeamInvite(
            email="eve@example.com",
            name="Eve",
            role="coach",
            invited_by=cast.ana.user_id,
            created_at=LONG_AGO,
            expires_at=expires_at,
        ),
        ClientInvite(
            client_id=cast.ben.client_id,
            created_by=cast.ana.user_id,
            by_mail=False,
            created_at=LONG_AGO,
            expires_at=expires_at,
        ),
        SavedFilter(user_id=cast.ana.user_id, name="Stuck", query="status=at_risk", created_at=LONG_AGO),
        Message(kind="new_month", key="told", client_id=cast.ben.client_id, due_at=LONG_AGO, planned_at=LONG_AGO),
    ]


def _calendar(cast: Cast) -> list[Base]:
    at, later = LONG_AGO.replace(year=2099), LONG_AGO.replace(year=2099, hour=13)
    times = {"starts_at": at, "ends_at": later, "busy_from": at, "busy_until": later}
    person = {"name": "Ben Berger", "email": cast.ben.email, "time_zone": "Europe/London", "locale": "en_GB"}
    terms = {"price": 0, "currency": "GBP", "free_until_minutes": 0, "late_percent": 0, "move_until_minutes": 0}
    stands = {"status": "confirmed", "paid_with": "coach", "title": "A session", "place_kind": "video"}
    whose = {"client_id": cast.ben.client_id, "coach_id": cast.ana.user_id}
    made = {"created_at": LONG_AGO, "confirmed_at": LONG_AGO}
    return [
        Booking(**whose, **times, **person, **terms, **stands, **made),
        BlockedTime(coach_id=cast.ana.user_id, starts_at=at, ends_at=later, created_at=LONG_AGO),
    ]


def _coaching(cast: Cast) -> list[Base]:
    at = {"created_at": LONG_AGO, "changed_at": LONG_AGO, "news_at": LONG_AGO, "starts_at": LONG_AGO.replace(year=2099)}
    said = {"minutes": 60, "place": "https://meet.example/ana", "agenda": "Whom to write to next"}
    whose = {"client_id": cast.ben.client_id, "coach_id": cast.ana.user_id}
    agreed = {"created_at": LONG_AGO, "created_by": cast.ana.user_id, "changed_at": LONG_AGO}
    action = Action(owner="client", text="Ask Eva for lunch", due_on=date(2099, 3, 1), **whose, **agreed)
    template = NoteTemplate(kind="notes", name="Usual", text="# Next", created_at=LONG_AGO, changed_at=LONG_AGO)
    return [CoachingSession(**whose, **at, **said), action, template]


def _reports(cast: Cast) -> tuple[list[Base], ...]:
    batch_id, report_id = uuid4(), uuid4()
    months = {"kind": "progress", "first_month": MONTH, "last_month": MONTH}
    asked = {"asked_by": cast.ana.user_id, "asked_at": LONG_AGO}
    made = {"state": "ready", "ready_at": LONG_AGO, "shared_at": LONG_AGO, "size": 4}
    batch = ReportBatch(id=batch_id, coach_id=cast.ana.user_id, total=1, **months, **asked)
    report = Report(id=report_id, batch_id=batch_id, client_id=cast.ben.client_id, **months, **asked, **made)
    return [batch], [report], [ReportFile(report_id=report_id, pdf=b"%PDF")]


def _for_sale(cast: Cast) -> tuple[list[Base], ...]:
    offering_id, at = uuid4(), {"created_at": LONG_AGO, "changed_at": LONG_AGO}
    sold = {"status": "open", "price": 9000, "currency": "GBP", **at}
    away = {"first_day": date(2099, 12, 24), "last_day": date(2099, 12, 31), "note": "home"}
    offering = Offering(id=offering_id, slug="hour", title="Career hour", minutes=60, place_kind="video", **sold)
    coupon = Coupon(code="SPRING-20", percent=20, created_at=LONG_AGO)
    package_id = uuid4()
    package = Package(id=package_id, offering_id=offering_id, slug="five", title="Five sessions", sessions=5, **sold)
    first = [offering, DatedHours(coach_id=cast.ana.user_id, **away)]
    return first, [package, coupon], _paid(cast, package_id), *_held(cast, offering_id, package_id)


def _paid(cast: Cast, package_id: UUID) -> list[Base]:
    who = {"name": "Ben Berger", "email": cast.ben.email, "time_zone": "Europe/London", "locale": "en_GB"}
    price = {"list_amount": 9000, "amount": 9000, "currency": "GBP", "status": "paid", "account_id": "acct_1"}
    when = {"created_at": LONG_AGO, "paid_at": LONG_AGO, "closed_at": LONG_AGO, "expires_at": LONG_AGO}
    what = {"package_id": package_id, "client_id": cast.ben.client_id, "title": "Five sessions"}
    return [Purchase(**what, **who, **price, **when)]


def _held(cast: Cast, offering_id: UUID, package_id: UUID) -> tuple[list[Base], ...]:
    holding_id, what = uuid4(), {"offering_id": offering_id, "package_id": package_id}
    held = {"client_id": cast.ben.client_id, "title": "Five sessions", "sessions": 5, "created_at": LONG_AGO}
    bought = CreditEntry(holding_id=holding_id, kind="bought", count=5, created_at=LONG_AGO)
    return [Holding(id=holding_id, **what, **held)], [bought]


def _assignment(cast: Cast, story: Story) -> list[Base]:
    return [
        Assignment(
            id=story.assignment_id,
            client_id=cast.ben.client_id,
            habit_id=story.habit_id,
            from_month=date(2026, 1, 1),
            target=1,
            minutes=60,
            created_at=LONG_AGO,
        )
    ]


def _own(cast: Cast) -> dict[str, Any]:
    return {"client_id": cast.ben.client_id, "user_id": cast.ben.user_id}


def _month(cast: Cast, story: Story) -> list[Base]:
    own, of_month = _own(cast), {"assignment_id": story.assignment_id, "month": MONTH}
    return [
        Cycle(client_id=cast.ben.client_id, committed_at=LONG_AGO, **of_month),
        Plan(at=LONG_AGO, doing="write to Dan", created_at=LONG_AGO, **own, **of_month),
        Choice(friend_id=cast.dan_id, chosen_at=LONG_AGO, **own, **of_month),
    ]


def _network(cast: Cast, story: Story) -> list[Base]:
    own = _own(cast)
    return [
        Contact(friend_id=cast.dan_id, happened_on=MONTH, how="call", note="between us", created_at=LONG_AGO, **own),
        FreeHour(weekday=3, at=time(12, 30), **own),
        Import(
            id=story.import_id,
            file_name="Connections.csv",
            source="linkedin",
            state="preview",
            created_at=LONG_AGO,
            **own,
        ),
    ]


def _on_its_way(cast: Cast, story: Story) -> list[Base]:
    of_import = {"import_id": story.import_id, "user_id": cast.ben.user_id}
    return [
        ImportChunk(number=0, content=b"First Name,Last Name", **of_import),
        ImportRow(line=2, name="Eli Eriksen", company="Acme", ticked=True, **of_import),
        ImportRow(line=3, name="Dan Dorsey", kind="like", friend_id=cast.dan_id, **of_import),
    ]


def _meeting(cast: Cast, story: Story) -> list[Base]:
    own = _own(cast)
    return [
        Invitation(
            id=story.invitation_id, friend_id=cast.dan_id, tone="warm", body="Hello Dan", created_at=LONG_AGO, **own
        ),
        Meetup(id=story.meetup_id, friend_id=cast.dan_id, starts_at=LONG_AGO, agreed_at=LONG_AGO, **own),
    ]


def _afterwards(cast: Cast, story: Story) -> list[Base]:
    own = _own(cast)
    return [
        MeetupMove(
            meetup_id=story.meetup_id,
            sequence=1,
            moved_at=LONG_AGO,
            from_starts_at=LONG_AGO,
            to_starts_at=LONG_AGO,
            **own,
        ),
        Log(
            meetup_id=story.meetup_id,
            friend_id=cast.dan_id,
            held_at=LONG_AGO,
            minutes=60,
            feeling=3,
            learned="a secret thing",
            created_at=LONG_AGO,
            **own,
        ),
    ]
