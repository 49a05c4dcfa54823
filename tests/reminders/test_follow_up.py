"""Three days after Ben has written to Dan, and no answer: a gentle second line is ready."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from coachhub.clients.models import Client
from coachhub.habits.models import Assignment
from coachhub.network.models import Invitation
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import a_client, a_friend
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, a_cycle, a_habit_for, a_meetup, a_pause, an_invitation, change

MARCH = date(2026, 3, 1)
TUESDAY_EVENING = datetime(2026, 3, 10, 21, tzinfo=UTC)
FRIDAY_NINE = datetime(2026, 3, 13, 9, tzinfo=UTC)


@pytest.fixture
def friday(clock: FixedClock, cast: Cast) -> FixedClock:
    clock.instant = FRIDAY_NINE
    return clock


@pytest.fixture
def habit(cast: Cast, friday: FixedClock) -> UUID:
    """Ben's assignment."""
    return a_habit_for(cast.app, cast.ben)


@pytest.fixture
def written(cast: Cast, habit: UUID) -> UUID:
    """The message that Ben has sent to Dan."""
    return an_invitation(cast.app, cast.ben, cast.dan_id, TUESDAY_EVENING)


def test_it_says_on_the_third_day_at_nine_that_a_second_line_is_ready(
    cast: Cast, office: Office, mailer: OutboxMailer, friday: FixedClock, written: UUID
) -> None:
    friday.instant = FRIDAY_NINE - timedelta(seconds=1)
    assert office.deliver(cast.ana).sent == 0
    friday.instant = FRIDAY_NINE
    assert [office.deliver(cast.ana).sent for _ in range(3)] == [1, 0, 0]
    friday.advance(timedelta(days=1))
    assert office.deliver(cast.ana).planned == 0
    [mail] = mailer.mails
    assert mail.subject == "No word from Dan yet? A second line is ready"
    assert "You wrote to Dan Dorsey on Tuesday 10 March." in mail.text
    assert "http://localhost/month?ask=follow_up" in mail.text


@pytest.mark.parametrize(
    "more",
    [
        {"answer": "yes"},
        {"answer": "other"},
        {"answer": "later"},
        {"withdrawn_at": TUESDAY_EVENING},
        {"followed_up_at": TUESDAY_EVENING},
        {"sent_at": None},
    ],
    ids=str,
)
def test_it_says_nothing_of_a_message_that_does_not_wait(
    cast: Cast, office: Office, habit: UUID, more: dict[str, object]
) -> None:
    an_invitation(cast.app, cast.ben, cast.dan_id, **{"sent_at": TUESDAY_EVENING} | more)  # type: ignore[arg-type]
    assert office.plan(cast.ana, FRIDAY_NINE) == 0


def test_it_says_nothing_where_a_meetup_has_come_about(cast: Cast, office: Office, written: UUID) -> None:
    in_april = datetime(2026, 4, 20, 12, tzinfo=UTC)
    meetup_id = a_meetup(cast.app, cast.ben, cast.dan_id, in_april, agreed_at=TUESDAY_EVENING + timedelta(hours=3))
    assert office.plan(cast.ana, FRIDAY_NINE) == 0
    office.admin.execute("update meetups set status = 'cancelled' where id = %s", [meetup_id])
    assert office.plan(cast.ana, FRIDAY_NINE) == 1


@pytest.mark.parametrize("what", ["paused month", "ended", "met", "no habit then"])
def test_it_asks_nothing_in_a_month_that_asks_nothing(
    cast: Cast, office: Office, habit: UUID, written: UUID, what: str
) -> None:
    _MONTHS[what](cast, habit)
    assert office.plan(cast.ana, FRIDAY_NINE) == 0


_MONTHS: dict[str, Callable[[Cast, UUID], None]] = {
    "paused month": lambda cast, habit: a_pause(cast.app, cast.ben, habit, MARCH),
    "ended": lambda cast, habit: change(cast.app, cast.ana, Assignment, habit, ended_from=MARCH),
    "met": lambda cast, habit: a_cycle(cast.app, cast.ben, habit, MARCH, held=1),
    "no habit then": lambda cast, habit: change(cast.app, cast.ana, Assignment, habit, created_at=FRIDAY_NINE),
}


def _invitation(**values: object) -> Callable[[Cast, UUID, UUID], None]:
    return lambda cast, written, habit: change(cast.app, cast.ben, Invitation, written, **values)


def _client(status: str) -> Callable[[Cast, UUID, UUID], None]:
    return lambda cast, written, habit: change(cast.app, cast.ana, Client, cast.ben.client_id, status=status)  # type: ignore[arg-type]


def _agree(cast: Cast, written: UUID, habit: UUID) -> None:
    a_meetup(cast.app, cast.ben, cast.dan_id, FRIDAY_NINE + timedelta(days=9), agreed_at=FRIDAY_NINE)


def _switch_off(cast: Cast, written: UUID, habit: UUID) -> None:
    cast.browser(cast.ben).post("/my/reminders", data={"new_month": "y"})


def _of_month(what: str) -> Callable[[Cast, UUID, UUID], None]:
    return lambda cast, written, habit: _MONTHS[what](cast, habit)


_MEANWHILE = [
    ("answered", _invitation(answer="no")),
    ("withdrawn", _invitation(answer="no", withdrawn_at=FRIDAY_NINE)),
    ("followed up", _invitation(followed_up_at=FRIDAY_NINE)),
    ("agreed", _agree),
    ("paused", _of_month("paused month")),
    ("ended", _of_month("ended")),
    ("met", _of_month("met")),
    ("switched off", _switch_off),
    ("paused", _client("paused")),
    ("archived", _client("archived")),
]


@pytest.mark.parametrize(("reason", "happen"), _MEANWHILE)
def test_it_reads_again_what_became_of_the_message(
    cast: Cast,
    office: Office,
    mailer: OutboxMailer,
    written: UUID,
    habit: UUID,
    reason: str,
    happen: Callable[[Cast, UUID, UUID], None],
) -> None:
    assert office.plan(cast.ana, FRIDAY_NINE) == 1
    happen(cast, written, habit)
    assert office.deliver(cast.ana).dropped == 1
    assert office.states(cast.ana)["follow_up"] == ("dropped", reason)
    assert mailer.mails == []


@pytest.mark.parametrize(
    ("zone", "sent_at", "due"),
    [
        # sent just before and just after midnight of the wall: it is the local day that counts
        ("America/New_York", datetime(2026, 3, 11, 3, 59, tzinfo=UTC), datetime(2026, 3, 13, 13, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 11, 4, 0, tzinfo=UTC), datetime(2026, 3, 14, 13, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 26, 12, tzinfo=UTC), datetime(2026, 3, 29, 7, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 2, 2, tzinfo=UTC), datetime(2026, 4, 4, 22, 30, tzinfo=UTC)),
    ],
)
def test_it_counts_days_on_the_clients_wall(
    cast: Cast, office: Office, clock: FixedClock, zone: str, sent_at: datetime, due: datetime
) -> None:
    far = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com", time_zone=zone)
    a_habit_for(cast.app, far)
    an_invitation(cast.app, far, a_friend(cast.app, far, "Gus"), sent_at)
    clock.instant = due - timedelta(seconds=1)
    office.deliver(cast.ana)
    assert "follow_up" not in office.states(cast.ana)
    clock.instant = due
    office.deliver(cast.ana)
    assert office.states(cast.ana)["follow_up"] == ("sent", None)
