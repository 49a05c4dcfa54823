"""What Ben promised Dan comes back on the morning of its day."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from coachhub.clients.models import Client
from coachhub.network.models import Friend, Log
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.factories import LONG_AGO, Person, a_client, a_friend
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, a_meetup, change, keep

MET = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
FRIDAY = date(2026, 3, 13)
FRIDAY_NINE = datetime(2026, 3, 13, 9, tzinfo=UTC)


def _promise(
    cast: Cast, words: str = "send the book", day: date | None = FRIDAY, person: Person | None = None, **more: object
) -> tuple[UUID, UUID]:
    """A promise to Dan, written down the evening after they met; the meetup and the log."""
    person, log_id = person or cast.ben, uuid4()
    friend_id = more.pop("friend_id", cast.dan_id)
    meetup_id = a_meetup(cast.app, person, friend_id, MET, status="held")  # type: ignore[arg-type]
    own = {"client_id": person.client_id, "user_id": person.user_id, "friend_id": friend_id, "meetup_id": meetup_id}
    given = {"created_at": MET + timedelta(hours=6), "held_at": MET, "minutes": 60, "feeling": 3} | more
    keep(cast.app, person, Log(id=log_id, follow_up=words, follow_up_on=day, **own, **given))
    return meetup_id, log_id


@pytest.fixture
def friday(clock: FixedClock, cast: Cast) -> FixedClock:
    clock.instant = FRIDAY_NINE
    return clock


def test_it_reminds_ben_on_the_morning_of_the_day(
    cast: Cast, office: Office, mailer: OutboxMailer, friday: FixedClock
) -> None:
    meetup_id, _ = _promise(cast)
    friday.instant = FRIDAY_NINE - timedelta(seconds=1)
    assert office.deliver(cast.ana).planned == 0
    friday.instant = FRIDAY_NINE
    assert [office.deliver(cast.ana).sent for _ in range(3)] == [1, 0, 0]
    [mail] = mailer.to("ben@example.com")
    assert mail.subject == "You promised Dan: send the book"
    assert "When you met Dan Dorsey on Wednesday 4 March, you promised:\n\n“send the book”" in mail.text
    assert f"http://localhost/meetups/{meetup_id}" in mail.text
    assert f"{mail.unsubscribe}\n" in mail.text
    assert (mail.from_name, mail.reply_to) == ("Ana Alvarez via Ana Coaching", "ana@example.com")


@pytest.mark.parametrize("what", ["kept", "taken back", "put off", "switched off", "paused", "archived", "gone"])
def test_it_reads_again_what_became_of_the_promise(
    cast: Cast, office: Office, mailer: OutboxMailer, friday: FixedClock, what: str
) -> None:
    meetup_id, log_id = _promise(cast)
    assert office.plan(cast.ana, FRIDAY_NINE) == 1
    if what == "kept":
        cast.browser(cast.ben).post(f"/meetups/{meetup_id}/promise/done")
    elif what == "taken back":
        change(cast.app, cast.ben, Log, log_id, follow_up="", follow_up_on=None)
    elif what == "put off":
        cast.browser(cast.ben).post(f"/meetups/{meetup_id}/promise/later", data={"to": "tomorrow"})
    elif what == "switched off":
        cast.browser(cast.ben).post("/my/reminders", data={"new_month": "y"})
    elif what == "gone":
        _erase_dan(cast)
    else:
        assert cast.ben.client_id is not None
        change(cast.app, cast.ana, Client, cast.ben.client_id, status=what)
    office.deliver(cast.ana)
    assert office.states(cast.ana)["promise_due"] == ("dropped", what)
    assert mailer.mails == []


def _erase_dan(cast: Cast) -> None:
    with cast.app.app_context(), as_practice(cast.ben.practice_id, cast.ben.user_id):
        db.session.delete(db.session.get_one(Friend, (cast.ben.practice_id, cast.dan_id)))


@pytest.mark.parametrize(
    "more",
    [
        {"words": ""},
        {"day": None},
        {"follow_up_done_at": MET},
        {"follow_up_set_at": FRIDAY_NINE},
        {"created_at": FRIDAY_NINE + timedelta(hours=1)},
        {"day": FRIDAY - timedelta(days=4)},
        {"day": FRIDAY + timedelta(days=1)},
    ],
    ids=["no words", "no day", "kept", "dated too late", "written too late", "long past", "tomorrow"],
)
def test_it_reminds_of_nothing_that_is_over_or_ahead(
    cast: Cast, office: Office, friday: FixedClock, more: dict[str, object]
) -> None:
    _promise(cast, **more)  # type: ignore[arg-type]
    assert office.plan(cast.ana, FRIDAY_NINE + timedelta(hours=2)) == 0


def test_it_reminds_again_on_the_new_day_of_a_promise_put_off(
    cast: Cast, office: Office, mailer: OutboxMailer, friday: FixedClock
) -> None:
    meetup_id, _ = _promise(cast)
    office.deliver(cast.ana)
    friday.advance(timedelta(minutes=30))
    for _ in range(2):
        cast.browser(cast.ben).post(f"/meetups/{meetup_id}/promise/later", data={"to": "next_week"})
    assert office.deliver(cast.ana).planned == 0
    friday.instant = FRIDAY_NINE + timedelta(days=7)
    assert [office.deliver(cast.ana).sent for _ in range(2)] == [1, 0]
    assert len(mailer.mails) == 2


def test_it_says_nothing_when_the_day_is_moved_to_this_morning(cast: Cast, office: Office, friday: FixedClock) -> None:
    meetup_id, _ = _promise(cast, day=FRIDAY + timedelta(days=30))
    friday.advance(timedelta(hours=5))
    form = {"feeling": "3", "minutes": "60", "day": "2026-03-04", "at": "12:30", "follow_up": "send the book"}
    answer = cast.browser(cast.ben).post(f"/meetups/{meetup_id}/log", data=form | {"follow_up_on": "2026-03-13"})
    assert answer.status_code == 303
    assert office.plan(cast.ana, friday.now()) == 0


def test_it_makes_good_an_outage_of_three_days_and_no_longer(
    cast: Cast, office: Office, mailer: OutboxMailer, friday: FixedClock
) -> None:
    _promise(cast)
    friday.instant = FRIDAY_NINE + timedelta(days=3)
    assert office.plan(cast.ana, friday.now()) == 1
    friday.advance(timedelta(hours=1))
    assert office.deliver(cast.ana).dropped == 1
    assert office.states(cast.ana)["promise_due"] == ("dropped", "stale")


def test_it_sends_none_at_night(cast: Cast, office: Office, mailer: OutboxMailer, friday: FixedClock) -> None:
    _promise(cast)
    friday.instant = FRIDAY_NINE + timedelta(hours=12)
    assert office.deliver(cast.ana).sent == 0
    friday.instant = FRIDAY_NINE + timedelta(hours=23)
    assert office.deliver(cast.ana).sent == 1


@pytest.mark.parametrize(
    ("zone", "day", "due"),
    [
        ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 29, 7, tzinfo=UTC)),  # the clock went forward
        ("Europe/Berlin", date(2026, 10, 25), datetime(2026, 10, 25, 8, tzinfo=UTC)),  # the clock went back
        ("Pacific/Kiritimati", FRIDAY, datetime(2026, 3, 12, 19, tzinfo=UTC)),
        ("Pacific/Pago_Pago", FRIDAY, datetime(2026, 3, 13, 20, tzinfo=UTC)),
        ("Asia/Kathmandu", FRIDAY, datetime(2026, 3, 13, 3, 15, tzinfo=UTC)),
    ],
)
def test_it_goes_by_the_clock_on_the_clients_wall(
    cast: Cast, office: Office, clock: FixedClock, zone: str, day: date, due: datetime
) -> None:
    far = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com", time_zone=zone)
    _promise(cast, day=day, person=far, friend_id=a_friend(cast.app, far, "Gus", date(2025, 1, 1)))
    clock.instant = due - timedelta(seconds=1)
    assert office.deliver(cast.ana).planned == 0
    clock.instant = due
    assert office.deliver(cast.ana).sent == 1


def test_it_keeps_practices_apart(cast: Cast, office: Office, friday: FixedClock) -> None:
    _promise(cast)
    assert office.deliver(cast.cleo).planned == 0


def test_it_keeps_names_and_words_out_of_the_outbox(cast: Cast, office: Office, friday: FixedClock) -> None:
    _promise(cast, words="a very private promise")
    office.deliver(cast.ana)
    row = office.admin.execute("select outbox::text from outbox").fetchone()
    assert row is not None
    assert "private" not in row[0]
    assert "Dan" not in row[0]


@pytest.mark.parametrize("words", ["<b>book</b>", "أرسل الكتاب إلى دان", "{{ 7*7 }} ☕️", "long " * 90])
def test_it_writes_any_promise_safely(
    cast: Cast, office: Office, mailer: OutboxMailer, friday: FixedClock, words: str
) -> None:
    change(cast.app, cast.ben, Friend, cast.dan_id, name="دان دورسي")
    _promise(cast, words=words)
    office.deliver(cast.ana)
    [mail] = mailer.mails
    assert words.strip() in mail.text
    assert len(mail.subject) < 110
    assert "\n" not in mail.subject
    assert "<b>book" not in mail.html
    assert "49" not in mail.subject
    assert "دان دورسي" in mail.html


def test_it_plans_many_promises_once_each(cast: Cast, office: Office, friday: FixedClock) -> None:
    own = {"client_id": cast.ben.client_id, "user_id": cast.ben.user_id, "friend_id": cast.dan_id}
    for number in range(40):
        meetup_id = a_meetup(cast.app, cast.ben, cast.dan_id, MET + timedelta(minutes=number), status="held")
        log = {"held_at": MET, "minutes": 60, "feeling": 3, "created_at": LONG_AGO}
        keep(cast.app, cast.ben, Log(meetup_id=meetup_id, follow_up="write", follow_up_on=FRIDAY, **own, **log))
    assert office.plan(cast.ana, FRIDAY_NINE) == 40
    assert office.plan(cast.ana, FRIDAY_NINE) == 0
