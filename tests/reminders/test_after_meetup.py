"""The reminder on the day after a meetup."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coachhub.network.models import Log, Meetup
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import LONG_AGO, a_client, a_friend
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, a_meetup, change, keep

WEDNESDAY_LUNCH = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
THURSDAY_NINE = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.fixture
def thursday(clock: FixedClock, cast: Cast) -> FixedClock:
    clock.instant = THURSDAY_NINE
    return clock


def test_it_asks_ben_the_morning_after(cast: Cast, office: Office, mailer: OutboxMailer, thursday: FixedClock) -> None:
    meetup_id = a_meetup(cast.app, cast.ben, cast.dan_id, WEDNESDAY_LUNCH)
    thursday.instant = THURSDAY_NINE - timedelta(seconds=1)
    assert office.deliver(cast.ana).sent == 0
    thursday.instant = THURSDAY_NINE
    assert [office.deliver(cast.ana).sent for _ in range(2)] == [1, 0]
    [mail] = mailer.to("ben@example.com")
    assert mail.subject == "How was it with Dan Dorsey?"
    assert "You were going to meet Dan Dorsey on Wednesday 4 March." in mail.text
    assert f"http://localhost/meetups/{meetup_id}" in mail.text


@pytest.mark.parametrize(
    ("what", "reason"), [("logged", "logged"), ("cancelled", "cancelled"), ("moved", "moved"), ("later", "")]
)
def test_it_reads_again_what_became_of_the_meetup(
    cast: Cast, office: Office, mailer: OutboxMailer, thursday: FixedClock, what: str, reason: str
) -> None:
    meetup_id = a_meetup(cast.app, cast.ben, cast.dan_id, WEDNESDAY_LUNCH)
    assert office.plan(cast.ana, THURSDAY_NINE) == 1
    if what == "logged":
        own = {"client_id": cast.ben.client_id, "user_id": cast.ben.user_id, "friend_id": cast.dan_id}
        keep(
            cast.app,
            cast.ben,
            Log(meetup_id=meetup_id, held_at=WEDNESDAY_LUNCH, minutes=60, feeling=3, created_at=LONG_AGO, **own),
        )
    elif what == "cancelled":
        change(cast.app, cast.ben, Meetup, meetup_id, status="cancelled")
    else:
        hours = 48 if what == "moved" else 3
        change(cast.app, cast.ben, Meetup, meetup_id, starts_at=WEDNESDAY_LUNCH + timedelta(hours=hours))
    office.deliver(cast.ana)
    assert office.states(cast.ana)["after_meetup"] == (("dropped", reason) if reason else ("sent", None))


def test_it_asks_again_after_the_new_date_of_a_moved_meetup(
    cast: Cast, office: Office, mailer: OutboxMailer, thursday: FixedClock
) -> None:
    meetup_id = a_meetup(cast.app, cast.ben, cast.dan_id, WEDNESDAY_LUNCH)
    office.deliver(cast.ana)
    change(cast.app, cast.ben, Meetup, meetup_id, starts_at=WEDNESDAY_LUNCH + timedelta(days=7))
    assert office.deliver(cast.ana).planned == 0
    thursday.advance(timedelta(days=7))
    assert office.deliver(cast.ana).sent == 1
    assert len(mailer.mails) == 2


def test_it_asks_nothing_about_the_past_or_what_is_over(cast: Cast, office: Office, thursday: FixedClock) -> None:
    a_meetup(cast.app, cast.ben, cast.dan_id, WEDNESDAY_LUNCH, agreed_at=THURSDAY_NINE + timedelta(minutes=5))
    a_meetup(cast.app, cast.ben, cast.dan_id, WEDNESDAY_LUNCH, status="held")
    a_meetup(cast.app, cast.ben, cast.dan_id, WEDNESDAY_LUNCH - timedelta(days=6))
    a_meetup(cast.app, cast.ben, cast.dan_id, THURSDAY_NINE + timedelta(hours=3))
    office.plan(cast.ana, THURSDAY_NINE + timedelta(minutes=30))
    assert "after_meetup" not in office.states(cast.ana)


def test_it_makes_good_an_outage_of_three_days(cast: Cast, office: Office, thursday: FixedClock) -> None:
    for back in range(6):
        a_meetup(cast.app, cast.ben, cast.dan_id, WEDNESDAY_LUNCH - timedelta(days=back))
    assert office.plan(cast.ana, THURSDAY_NINE + timedelta(hours=1)) == 3
    assert office.plan(cast.ana, THURSDAY_NINE) == 1  # due three days ago to the second


@pytest.mark.parametrize(
    ("zone", "starts_at", "due"),
    [
        # the clock goes forward in the night after: nine o'clock comes an hour sooner
        ("Europe/Berlin", datetime(2026, 3, 28, 18, tzinfo=UTC), datetime(2026, 3, 29, 7, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 24, 18, tzinfo=UTC), datetime(2026, 10, 25, 8, tzinfo=UTC)),
        ("Pacific/Pago_Pago", datetime(2026, 3, 5, 10, 59, tzinfo=UTC), datetime(2026, 3, 5, 20, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 3, 4, 10, 1, tzinfo=UTC), datetime(2026, 3, 5, 19, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 3, 4, 18, 14, tzinfo=UTC), datetime(2026, 3, 5, 3, 15, tzinfo=UTC)),
    ],
)
def test_it_goes_by_the_clock_on_the_clients_wall(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock, zone: str, starts_at: datetime, due: datetime
) -> None:
    far = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com", time_zone=zone)
    a_meetup(cast.app, far, a_friend(cast.app, far, "Gus", date(2025, 1, 1)), starts_at)
    clock.instant = due - timedelta(seconds=1)
    assert office.deliver(cast.ana).planned == 0
    clock.instant = due
    assert office.deliver(cast.ana).sent == 1
