"""A coaching session is reminded of 24 hours and one hour before it begins, as it stands then, once each."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from coachhub.clients.models import Client
from coachhub.coaching.models import CoachingSession
from coachhub.coaching.service.entries import SessionEntry
from coachhub.coaching.service.planning import cancel_session, change_session, note_held
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from coachhub.reminders.models import ReminderRule, ReminderSwitch
from coachhub.reminders.service.planning import plan_due
from tests.cast import Cast
from tests.coaching.booked_rows import an_offering, booked
from tests.factories import LONG_AGO, Person, a_client, a_coach
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, change, keep

AT = datetime(2026, 3, 12, 14, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LINK = "https://meet.example/ana"


def _session(cast: Cast, starts_at: datetime = AT, person: Person | None = None, **more: Any) -> UUID:
    """A session with Ben, planned and told of long ago."""
    session_id, client = uuid4(), person or cast.ben
    times = {"created_at": LONG_AGO, "changed_at": LONG_AGO, "news_at": LONG_AGO, "starts_at": starts_at}
    said = {"minutes": 60, "place": LINK, "agenda": "Whom to write to next", "coach_id": cast.ana.user_id}
    keep(cast.app, cast.ana, CoachingSession(id=session_id, client_id=client.client_id, **{**times, **said, **more}))
    return session_id


def _as_coach(cast: Cast, act: Callable[[UUID], None]) -> None:
    assert cast.ben.client_id is not None
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        act(cast.ben.client_id)


def _move(cast: Cast, session_id: UUID, starts_at: datetime) -> None:
    entry = SessionEntry(cast.ana.user_id, starts_at, 60, LINK, "Whom to write to next")
    _as_coach(cast, lambda ben: change_session(ben, session_id, entry))


def _subjects(mailer: OutboxMailer, kind: str = "session_") -> list[str]:
    return [mail.subject for mail in mailer.mails if mail.kind.startswith(kind)]


def test_it_reminds_ben_a_day_and_an_hour_before(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    session_id = _session(cast)
    sent = []
    for at in (AT - DAY, AT - HOUR):
        clock.instant = at - timedelta(seconds=1)
        assert office.deliver(cast.ana).planned == 0
        clock.instant = at
        sent.append([office.deliver(cast.ana).sent for _ in range(2)])
    assert sent == [[1, 0], [1, 0]]
    day, hour = mailer.to("ben@example.com")
    assert day.subject == "Coming up: your coaching session, Thursday 12 March, 14:00"
    assert hour.subject == "At 14:00: your coaching session with Ana Alvarez"
    for mail in (day, hour):
        assert f"Where: {LINK}" in mail.text
        assert "What it is about:\n\nWhom to write to next" in mail.text
        assert f"http://localhost/sessions/{session_id}" in mail.text
        assert (mail.from_name, mail.reply_to) == ("Ana Alvarez via Ana Coaching", "ana@example.com")


def _by_the_practice(cast: Cast, at: datetime) -> ReminderRule:
    return ReminderRule(kind="session_day", is_off=False, switched_at=at)


def _by_ben(cast: Cast, at: datetime) -> ReminderSwitch:
    return ReminderSwitch(client_id=cast.ben.client_id, kind="session_day", is_off=False, changed_at=at)


@pytest.mark.parametrize("switched_on", [_by_the_practice, _by_ben])
def test_it_reminds_of_what_is_due_after_it_was_switched_on_again_whatever_was_before(
    cast: Cast, office: Office, clock: FixedClock, switched_on: Callable[[Cast, datetime], Any]
) -> None:
    _session(cast, AT - 10 * DAY)
    _session(cast)
    keep(cast.app, cast.ana, switched_on(cast, AT - 5 * DAY))
    clock.instant = AT - DAY
    assert office.deliver(cast.ana).sent == 1


@pytest.mark.parametrize("switched_on", [_by_the_practice, _by_ben])
def test_it_says_nothing_of_what_was_due_before_it_was_switched_on_again(
    cast: Cast, office: Office, clock: FixedClock, switched_on: Callable[[Cast, datetime], Any]
) -> None:
    _session(cast)
    keep(cast.app, cast.ana, switched_on(cast, AT - DAY))
    clock.instant = AT - DAY
    assert office.deliver(cast.ana).planned == 0


def test_the_mail_of_the_day_before_asks_what_to_talk_about(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    _session(cast)
    clock.instant = AT - DAY
    office.deliver(cast.ana)
    [mail] = mailer.mails
    found = re.search(
        r"Tell Ana Alvarez in a line what you would like to talk about: (http://localhost/topic/\S+)", mail.text
    )
    assert found is not None
    assert f'<a href="{found[1]}">' in mail.html
    assert cast.browser().get(found[1]).status_code == 200


def test_the_mail_says_what_was_said_already_instead_of_asking(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    _session(cast, topic="A <new> job")
    clock.instant = AT - DAY
    office.deliver(cast.ana)
    [mail] = mailer.mails
    assert "You would like to talk about:\n\nA <new> job" in mail.text
    assert "A &lt;new&gt; job" in mail.html
    assert "/topic/" not in mail.text


def test_it_tells_the_time_by_the_readers_clock_and_leaves_out_what_nobody_said(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    fay = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com", time_zone="Asia/Kathmandu")
    _session(cast, AT - timedelta(hours=6), fay, place="", agenda="")
    clock.instant = AT - DAY - timedelta(hours=6)
    office.deliver(cast.ana)
    [mail] = mailer.to("fay@example.com")
    assert "with Ana Alvarez is on Thursday 12 March, 13:45, for 60 minutes." in mail.text
    assert "Where" not in mail.text
    assert "What it is about" not in mail.text
    assert "You would like" not in mail.text


def test_it_comes_from_the_coach_who_holds_the_session(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    sam = a_coach(cast.app, cast.ana, "Sam Okafor", "sam@example.com")
    _session(cast, coach_id=sam.user_id)
    clock.instant = AT - HOUR
    office.deliver(cast.ana)
    [mail] = mailer.mails
    assert (mail.from_name, mail.reply_to) == ("Sam Okafor via Ana Coaching", "sam@example.com")
    assert "with Sam Okafor" in mail.text


@pytest.mark.parametrize("before", [DAY, HOUR], ids=["day", "hour"])
@pytest.mark.parametrize(
    "what", ["cancelled", "held", "moved", "switched off", "paused", "archived", "gone", "too late"]
)
def test_it_reads_again_what_became_of_the_session(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock, what: str, before: timedelta
) -> None:
    session_id, clock.instant = _session(cast), AT - before
    assert office.plan(cast.ana, clock.now()) == 1
    if what == "cancelled":
        _as_coach(cast, lambda ben: cancel_session(ben, session_id))
    elif what == "held":
        change(cast.app, cast.ana, CoachingSession, session_id, status="held")
    elif what == "moved":
        _move(cast, session_id, AT + timedelta(days=9))
    elif what == "switched off":
        cast.browser(cast.ben).post("/my/reminders", data={"new_month": "y"})
    elif what == "gone":
        with cast.app.app_context(), as_practice(cast.ana.practice_id):
            db.session.execute(text("delete from coaching_sessions"))
    elif what == "too late":
        clock.instant = AT - HOUR if before == DAY else AT
    else:
        assert cast.ben.client_id is not None
        change(cast.app, cast.ana, Client, cast.ben.client_id, status=what)
    office.deliver(cast.ana)
    kind = "session_day" if before == DAY else "session_hour"
    assert office.states(cast.ana)[kind] == ("dropped", what)
    assert not any(mail.kind == kind for mail in mailer.mails)


def test_it_is_dropped_when_it_took_place_earlier_than_planned(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    session_id, clock.instant = _session(cast), AT
    _as_coach(cast, lambda ben: note_held(ben, session_id))
    assert office.deliver(cast.ana).planned == 0


@pytest.mark.parametrize(("before", "planned"), [(DAY, [0, 1]), (HOUR, [0, 0])], ids=["within a day", "in an hour"])
def test_it_reminds_of_nothing_that_was_due_before_the_session_was_planned(
    cast: Cast, office: Office, clock: FixedClock, before: timedelta, planned: list[int]
) -> None:
    _session(cast, created_at=AT - before, changed_at=AT - before)
    found = []
    for at in (AT - before, AT - HOUR):
        clock.instant = at
        found.append(office.plan(cast.ana, at))
    assert found == planned


def test_it_reminds_of_each_new_time_of_a_session_moved_twice(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    session_id = _session(cast)
    for n, starts_at in enumerate((AT, AT + timedelta(days=3), AT + timedelta(days=6))):
        clock.instant = starts_at - DAY
        office.deliver(cast.ana)
        assert len(_subjects(mailer, "session_day")) == n + 1
        clock.advance(timedelta(minutes=1))
        _move(cast, session_id, starts_at + timedelta(days=3))
    clock.instant = AT - HOUR
    assert office.deliver(cast.ana).planned == 0
    assert len(set(_subjects(mailer, "session_day"))) == 3


def test_it_is_quiet_about_a_session_moved_into_the_next_hours(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    session_id = _session(cast, AT + timedelta(days=9))
    clock.instant = AT - timedelta(minutes=30)
    _move(cast, session_id, AT)
    office.deliver(cast.ana)
    assert [mail.kind for mail in mailer.mails] == ["session_changed"]


def test_it_waits_for_the_morning_with_the_days_reminder(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    _session(cast, AT.replace(hour=22))
    clock.instant = AT.replace(hour=22) - DAY
    assert office.deliver(cast.ana).sent == 0
    clock.instant = AT.replace(hour=8)
    assert office.deliver(cast.ana).sent == 1


def test_it_does_not_wait_where_the_morning_is_too_late(cast: Cast, office: Office, clock: FixedClock) -> None:
    """An outage of a night ends before dawn; at eight the hour's reminder has gone."""
    _session(cast, AT.replace(hour=8, minute=30))
    clock.instant = AT.replace(hour=3)
    assert office.deliver(cast.ana).sent == 1


def test_it_sends_the_hours_reminder_at_any_hour_and_alone(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    _session(cast, AT.replace(hour=8, minute=30))
    _session(cast, AT.replace(hour=7, minute=30) + DAY, agenda="The other one")
    clock.instant = AT.replace(hour=7, minute=30)
    assert office.deliver(cast.ana).sent == 1
    [mail] = mailer.mails
    assert mail.kind == "session_hour"
    assert "The other one" not in mail.text
    clock.instant = AT.replace(hour=8)
    assert office.deliver(cast.ana).sent == 1


def test_it_makes_good_a_short_outage_and_nothing_that_has_begun(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    _session(cast)
    clock.instant = AT - timedelta(minutes=10)
    office.deliver(cast.ana)
    assert [mail.kind for mail in mailer.mails] == ["session_hour"]
    _session(cast, AT + timedelta(hours=1), place="Office")
    clock.instant = AT + timedelta(hours=2)
    assert office.deliver(cast.ana).planned == 0


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Vancouver"])
def test_it_counts_hours_that_pass_whatever_zone_the_database_keeps(cast: Cast, office: Office, zone: str) -> None:
    """The clocks of Berlin change on 29 March at 01:00 UTC, those of Vancouver on 8 March at 10:00."""
    for starts_at in (datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 3, 8, 18, tzinfo=UTC)):
        _session(cast, starts_at)
        with office.worker_app.app_context(), as_practice(cast.ana.practice_id):
            db.session.execute(text(f"set local time zone '{zone}'"))
            assert plan_due(starts_at - DAY - timedelta(seconds=1)) == 0
            assert plan_due(starts_at - DAY) == 1
    due = office.admin.execute("select due_at from outbox where kind = 'session_day' order by due_at").fetchall()
    assert [at for (at,) in due] == [datetime(2026, 3, 7, 18, tzinfo=UTC), datetime(2026, 3, 28, 12, tzinfo=UTC)]


def test_it_keeps_practices_apart(cast: Cast, office: Office, clock: FixedClock) -> None:
    _session(cast)
    clock.instant = AT - HOUR
    assert office.deliver(cast.cleo).planned == 0


def test_it_keeps_words_and_names_out_of_the_outbox(cast: Cast, office: Office, clock: FixedClock) -> None:
    _session(cast, agenda="a very private matter")
    clock.instant = AT - HOUR
    office.deliver(cast.ana)
    row = office.admin.execute("select outbox::text from outbox").fetchone()
    assert row is not None
    assert "private" not in row[0]
    assert "meet.example" not in row[0]


def test_it_reminds_nobody_who_has_not_started(cast: Cast, office: Office, clock: FixedClock) -> None:
    pia = a_client(cast.app, cast.ana, "Pia Petrov", "pia@example.com", status="invited")
    _session(cast, person=pia)
    clock.instant = AT - HOUR
    assert office.deliver(cast.ana).planned == 0


@pytest.mark.parametrize("status", ["invited", "paused"])
def test_it_reminds_whoever_booked_themselves(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock, status: str
) -> None:
    pia = a_client(cast.app, cast.ana, "Pia Petrov", "pia@example.com", status=status)
    booking_id = booked(cast, AT, client_id=pia.client_id, offering_id=an_offering(cast))
    for at in (AT - DAY, AT - HOUR):
        clock.instant = at
        office.deliver(cast.ana)
    day, hour = [mail for mail in mailer.to("pia@example.com") if mail.kind != "session_changed"]
    page = {"invited": "http://localhost/b/", "paused": f"http://localhost/sessions/{booking_id}"}[status]
    assert "not suit you any more, move it or cancel it here: http://localhost/b/" in day.text
    for mail in (day, hour):
        assert f"See the session:\n{page}" in mail.text


def test_it_does_not_remind_whoever_was_put_away(cast: Cast, office: Office, clock: FixedClock) -> None:
    booked(cast, AT)
    assert cast.ben.client_id is not None
    change(cast.app, cast.ana, Client, cast.ben.client_id, status="archived")
    clock.instant = AT - HOUR
    assert office.deliver(cast.ana).planned == 0


def test_it_is_planned_once_for_many(cast: Cast, office: Office, clock: FixedClock) -> None:
    for n in range(30):
        _session(cast, AT + timedelta(minutes=n))
    at = AT - HOUR + timedelta(minutes=29)
    assert [office.plan(cast.ana, at) for _ in range(2)] == [30, 0]
