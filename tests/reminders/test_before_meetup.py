"""The day before Ben meets Dan: when, where, and how to move it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from coachhub.clients.models import Client
from coachhub.network.models import Meetup, MeetupMove
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import a_client, a_friend
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, a_meetup, change, keep

WEDNESDAY_NINE = datetime(2026, 3, 11, 9, tzinfo=UTC)
THURSDAY_LUNCH = datetime(2026, 3, 12, 12, 30, tzinfo=UTC)


@pytest.fixture
def wednesday(clock: FixedClock, cast: Cast) -> FixedClock:
    clock.instant = WEDNESDAY_NINE
    return clock


@pytest.fixture
def meetup(cast: Cast, wednesday: FixedClock) -> UUID:
    """Lunch with Dan tomorrow."""
    return a_meetup(cast.app, cast.ben, cast.dan_id, THURSDAY_LUNCH, place="Café Central")


def test_it_tells_of_tomorrow_at_nine(
    cast: Cast, office: Office, mailer: OutboxMailer, wednesday: FixedClock, meetup: UUID
) -> None:
    wednesday.instant = WEDNESDAY_NINE - timedelta(seconds=1)
    assert office.deliver(cast.ana).sent == 0
    wednesday.instant = WEDNESDAY_NINE
    assert [office.deliver(cast.ana).sent for _ in range(3)] == [1, 0, 0]
    [mail] = mailer.mails
    assert mail.subject == "Tomorrow at 12:30: Dan Dorsey"
    assert "Tomorrow you meet Dan Dorsey: Thursday 12 March, 12:30.\n\nWhere: Café Central" in mail.text
    assert f"See it, or move it:\nhttp://localhost/meetups/{meetup}" in mail.text


def test_it_leaves_out_a_place_that_is_not_known(
    cast: Cast, office: Office, mailer: OutboxMailer, wednesday: FixedClock
) -> None:
    a_meetup(cast.app, cast.ben, cast.dan_id, THURSDAY_LUNCH)
    office.deliver(cast.ana)
    assert "Where" not in mailer.mails[0].text


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "held"}, "held"),
        ({"starts_at": THURSDAY_LUNCH + timedelta(days=7)}, "moved"),
        ({"starts_at": THURSDAY_LUNCH + timedelta(hours=3)}, None),
    ],
)
def test_it_reads_again_what_became_of_the_meetup(
    cast: Cast, office: Office, meetup: UUID, values: dict[str, object], reason: str | None
) -> None:
    office.plan(cast.ana, WEDNESDAY_NINE)
    change(cast.app, cast.ben, Meetup, meetup, **values)
    office.deliver(cast.ana)
    assert office.states(cast.ana)["before_meetup"] == ("dropped" if reason else "sent", reason)


@pytest.mark.parametrize("reason", ["paused", "archived", "switched off"])
def test_it_is_not_for_who_rests_or_does_not_want_it(cast: Cast, office: Office, meetup: UUID, reason: str) -> None:
    office.plan(cast.ana, WEDNESDAY_NINE)
    if reason == "switched off":
        cast.browser(cast.ben).post("/my/reminders", data={"new_month": "y"})
    else:
        assert cast.ben.client_id
        change(cast.app, cast.ana, Client, cast.ben.client_id, status=reason)
    office.deliver(cast.ana)
    assert office.states(cast.ana)["before_meetup"] == ("dropped", reason)


def test_it_says_today_where_it_comes_a_day_late(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock, meetup: UUID
) -> None:
    clock.instant = THURSDAY_LUNCH - timedelta(hours=4)
    office.deliver(cast.ana)
    assert mailer.mails[0].subject == "Today at 12:30: Dan Dorsey"


def test_it_says_nothing_once_the_meetup_has_begun(cast: Cast, office: Office, clock: FixedClock, meetup: UUID) -> None:
    office.plan(cast.ana, WEDNESDAY_NINE)
    clock.instant = THURSDAY_LUNCH
    office.deliver(cast.ana)
    assert office.states(cast.ana)["before_meetup"] == ("dropped", "over")
    office.admin.execute("truncate outbox")
    assert office.plan(cast.ana, THURSDAY_LUNCH) == 0


def test_it_is_not_for_what_was_agreed_or_moved_after_it_was_due(cast: Cast, office: Office, meetup: UUID) -> None:
    change(cast.app, cast.ben, Meetup, meetup, agreed_at=WEDNESDAY_NINE)
    assert office.plan(cast.ana, WEDNESDAY_NINE + timedelta(hours=1)) == 0
    change(cast.app, cast.ben, Meetup, meetup, agreed_at=WEDNESDAY_NINE - timedelta(seconds=1))
    own = {"client_id": cast.ben.client_id, "user_id": cast.ben.user_id, "meetup_id": meetup, "sequence": 1}
    times = {"from_starts_at": THURSDAY_LUNCH + timedelta(days=9), "to_starts_at": THURSDAY_LUNCH}
    keep(cast.app, cast.ben, MeetupMove(moved_at=WEDNESDAY_NINE + timedelta(minutes=30), **own, **times))
    assert office.plan(cast.ana, WEDNESDAY_NINE + timedelta(hours=1)) == 0


@pytest.mark.parametrize(
    ("zone", "starts_at", "due"),
    [
        # an evening in New York is tomorrow in London
        ("America/New_York", datetime(2026, 3, 12, 1, 30, tzinfo=UTC), datetime(2026, 3, 10, 13, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 29, 22, 30, tzinfo=UTC), datetime(2026, 3, 29, 7, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 3, 12, 11, tzinfo=UTC), datetime(2026, 3, 11, 19, tzinfo=UTC)),
        ("Pacific/Apia", datetime(2026, 3, 12, 12, tzinfo=UTC), datetime(2026, 3, 11, 20, tzinfo=UTC)),
    ],
)
def test_it_goes_by_the_clock_on_the_clients_wall(
    cast: Cast, office: Office, clock: FixedClock, zone: str, starts_at: datetime, due: datetime
) -> None:
    far = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com", time_zone=zone)
    a_meetup(cast.app, far, a_friend(cast.app, far, "Gus", date(2025, 1, 1)), starts_at)
    clock.instant = due - timedelta(seconds=1)
    assert office.deliver(cast.ana).planned == 0
    clock.instant = due
    assert office.deliver(cast.ana).sent == 1
