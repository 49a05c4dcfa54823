"""Ana's Monday mail: who needs her, and why."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from coachhub.platform.clock import FixedClock
from coachhub.reminders.models import ReminderRule
from tests.cast import Cast
from tests.coaching.planned import cancel, planned
from tests.factories import LONG_AGO, Person, a_client, a_coach
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, a_cycle, a_habit_for, keep, switch_monday_off
from tests.statements import asked
from tests.words import words_of

MARCH = date(2026, 3, 1)
MONDAY_SEVEN = datetime(2026, 3, 16, 7, tzinfo=UTC)


@pytest.fixture
def week(office: Office, admin: psycopg.Connection, clock: FixedClock) -> Office:
    """It is Monday, seven o'clock, and Ana gets her mail."""
    switch_monday_off(admin, is_off=False)
    clock.instant = MONDAY_SEVEN
    return office


def _client(cast: Cast, name: str, coach: Person | None = None, months: int = 1, **steps: datetime) -> Person:
    """A client who has had the habit for so many months, and has missed those before March."""
    person = a_client(cast.app, coach or cast.ana, name, f"{name.split()[0].lower()}@example.com")
    assignment_id = a_habit_for(cast.app, person, from_month=date(2026, 4 - months, 1))
    a_cycle(cast.app, person, assignment_id, MARCH, **steps)
    return person


def test_it_comes_on_monday_at_seven_and_once(
    cast: Cast, week: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    clock.instant = MONDAY_SEVEN - timedelta(seconds=1)
    assert week.deliver(cast.ana).sent == 0
    clock.instant = MONDAY_SEVEN
    assert [week.deliver(cast.ana).sent for _ in range(3)] == [1, 0, 0]
    clock.advance(timedelta(days=1))
    assert week.deliver(cast.ana).planned == 0
    [mail] = mailer.to("ana@example.com")
    assert (mail.kind, mail.from_name, mail.reply_to) == ("coach_week", "Ana Coaching", None)
    assert "http://localhost/today" in mail.text


def test_it_names_who_needs_her_most_urgent_first_with_the_reason(
    cast: Cast, week: Office, mailer: OutboxMailer
) -> None:
    a_habit_for(cast.app, cast.ben, from_month=MARCH)
    _client(cast, "Olga Off", months=3)
    _client(cast, "Tom Track", agreed_at=LONG_AGO)
    a_client(cast.app, cast.ana, "Nina None", "nina@example.com")
    a_client(cast.app, cast.ana, "Ida Invited", "ida@example.com", status="invited")
    a_client(cast.app, cast.ana, "Pia Paused", "pia@example.com", status="paused")
    week.deliver(cast.ana)
    [mail] = mailer.to("ana@example.com")
    assert mail.subject == "Your week: 3 clients need you"
    listed = (
        "- Olga Off: 2 months in a row were missed.\n"
        "- Ben Berger: Nobody chosen by day 16.\n"
        "- Nina None: Has no habit this month."
    )
    assert listed in mail.text
    assert "Off track: 1, At risk: 1, No habit: 1" in mail.text
    assert "0 of 3 have met somebody this month." in mail.text
    assert "1 has an invitation and has not started." in mail.text
    assert "Tom" not in words_of(mail.text)
    assert "Pia" not in words_of(mail.text)


def test_it_names_ten_at_most_and_counts_the_others(cast: Cast, week: Office, mailer: OutboxMailer) -> None:
    for n in range(12):
        a_client(cast.app, cast.ana, f"Client {n:02}", f"c{n}@example.com")
    week.deliver(cast.ana)
    [mail] = mailer.to("ana@example.com")
    assert mail.text.count("Has no habit this month.") == 10
    assert "And 3 more." in mail.text
    assert mail.subject == "Your week: 13 clients need you"


def test_it_says_so_where_everybody_is_on_track(cast: Cast, week: Office, mailer: OutboxMailer) -> None:
    a_cycle(cast.app, cast.ben, a_habit_for(cast.app, cast.ben), MARCH, held=1)
    week.deliver(cast.ana)
    [mail] = mailer.to("ana@example.com")
    assert mail.subject == "Your week: everybody is on track"
    assert "Most urgent" not in mail.text
    assert "1 of 1 has met somebody this month." in mail.text


def test_it_tells_each_coach_of_their_own_clients(cast: Cast, week: Office, mailer: OutboxMailer) -> None:
    eve = a_coach(cast.app, cast.ana, "Eve Ek", "eve@example.com")
    a_client(cast.app, eve, "Eves Own", "own@example.com")
    week.deliver(cast.ana)
    [hers], [mine] = mailer.to("eve@example.com"), mailer.to("ana@example.com")
    assert "Eves Own" in hers.text
    assert "Ben" not in words_of(hers.text)
    assert "Eves Own" not in mine.text


def test_it_does_not_write_to_who_coaches_nobody(cast: Cast, week: Office) -> None:
    a_coach(cast.app, cast.ana, "Eve Ek", "eve@example.com")
    assert week.plan(cast.ana, MONDAY_SEVEN) == 1
    assert cast.ben.client_id
    week.admin.execute("update clients set status = 'paused'")
    week.deliver(cast.ana)
    assert week.states(cast.ana)["coach_week"] == ("dropped", "no clients")
    assert week.plan(cast.cleo, MONDAY_SEVEN) == 0


@pytest.mark.parametrize("what", ["coach", "practice", "address", "came"])
def test_it_plans_nothing_for_the_past_nor_where_it_is_not_wanted(cast: Cast, week: Office, what: str) -> None:
    statements = {
        "coach": "update coach_switches set changed_at = %s",
        "practice": "insert into reminder_rules (practice_id, kind, is_off, switched_at) "
        "select id, 'coach_week', false, %s from practices",
        "address": "update users set email_verified_at = %s",
        "came": "update memberships set created_at = %s",
    }
    week.admin.execute(statements[what], [MONDAY_SEVEN])
    assert week.plan(cast.ana, MONDAY_SEVEN + timedelta(minutes=5)) == 0


@pytest.mark.parametrize("who", ["coach", "practice"])
def test_it_can_be_switched_off_by_coach_and_practice(cast: Cast, week: Office, who: str) -> None:
    week.plan(cast.ana, MONDAY_SEVEN)
    if who == "coach":
        week.admin.execute("update coach_switches set is_off = true")
    else:
        keep(cast.app, cast.ana, ReminderRule(kind="coach_week", is_off=True))
    week.deliver(cast.ana)
    assert week.states(cast.ana)["coach_week"] == ("dropped", "switched off")
    assert week.plan(cast.ana, MONDAY_SEVEN + timedelta(days=7)) == 0


def test_it_is_dropped_for_who_coaches_no_more(cast: Cast, week: Office) -> None:
    week.plan(cast.ana, MONDAY_SEVEN)
    week.admin.execute("update memberships set role = 'client' where user_id = %s", [cast.ana.user_id])
    week.deliver(cast.ana)
    assert week.states(cast.ana)["coach_week"] == ("dropped", "no coach")


def test_it_keeps_the_coachs_night_until_seven(
    cast: Cast, week: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    clock.instant = MONDAY_SEVEN.replace(hour=21)
    assert week.deliver(cast.ana).sent == 0
    clock.instant = MONDAY_SEVEN + timedelta(days=1)
    assert week.deliver(cast.ana).sent == 1


def test_it_goes_by_the_coachs_own_clock(cast: Cast, week: Office, clock: FixedClock) -> None:
    week.admin.execute("update users set time_zone = 'Australia/Lord_Howe' where id = %s", [cast.ana.user_id])
    due = datetime(2026, 3, 15, 20, tzinfo=UTC)
    clock.instant = due - timedelta(seconds=1)
    assert week.deliver(cast.ana).planned == 0
    clock.instant = due
    assert week.deliver(cast.ana).sent == 1


def test_it_reads_any_number_of_coaches_by_the_same_statements(cast: Cast, week: Office, clock: FixedClock) -> None:
    counts = []
    for coaches in (1, 5):
        for n in range(coaches - 1):
            coach = a_coach(cast.app, cast.ana, "Eve", f"eve{coaches}{n}@example.com")
            a_client(cast.app, coach, "Kim", f"kim{coaches}{n}@example.com")
        with asked(week.worker_app) as statements:
            assert week.deliver(cast.ana).sent == coaches
        counts.append(len(statements))
        clock.advance(timedelta(days=7))
    assert counts[1] <= counts[0]


def test_it_lists_the_sessions_of_her_week(cast: Cast, week: Office, mailer: OutboxMailer) -> None:
    planned(cast, MONDAY_SEVEN + timedelta(days=2, hours=7))
    planned(cast, MONDAY_SEVEN + timedelta(days=9))
    cancel(cast, planned(cast, MONDAY_SEVEN + timedelta(days=3)))
    week.deliver(cast.ana)
    [mail] = mailer.to("ana@example.com")
    assert "Your sessions:\n\n- Wednesday 18 March, 14:00: Ben Berger\n\n" in mail.text
