"""A coach hears at once of a client who books, moves or cancels, with the file for their calendar."""

from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar

from coachhub.booking.models import BookingAnswer, Side
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.coaching.booked_rows import IN_A_WEEK, booked, call_off, move
from tests.coaching.planned import planned
from tests.conftest import NOW
from tests.factories import a_client, a_coach
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, keep

KIND = "session_booked"
LATER = IN_A_WEEK + timedelta(days=2)


def _hers(mailer: OutboxMailer) -> list[Any]:
    return [mail for mail in mailer.to("ana@example.com") if mail.kind == KIND]


def _event(mail: Any) -> tuple[str, Any]:
    [file] = mail.attachments
    calendar = Calendar.from_ical(file.content)
    return str(calendar["METHOD"]), calendar.walk("VEVENT")[0]


def test_it_tells_ana_who_booked_and_what_they_answered(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    booking_id = booked(cast, phone="+44 20 7946 0000")
    said = {"label": "What is on your mind?", "answer": "A new job\nand <courage>"}
    keep(cast.app, cast.ana, BookingAnswer(booking_id=booking_id, position=0, **said))
    for _ in range(2):
        office.deliver(cast.ana)
    [mail] = _hers(mailer)
    assert mail.subject == "Ben Berger has booked Thursday 12 March, 12:00"
    for words in ("Career conversation", "Price: £90.00", "ben@example.com", "+44 20 7946 0000", "A new job\nand"):
        assert words in mail.text
    assert "What is on your mind?" in mail.html
    assert "<courage>" not in mail.html
    assert f"http://localhost/clients/{cast.ben.client_id}/sessions/{booking_id}" in mail.text
    assert (mail.reply_to, mail.from_name) == ("ben@example.com", "Ana Coaching")
    method, event = _event(mail)
    assert (method, event["UID"], event["SEQUENCE"]) == ("PUBLISH", f"{booking_id}@localhost", 0)
    assert event["SUMMARY"] == "Coaching session with Ben Berger"


def test_it_follows_moves_and_the_end(cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock) -> None:
    booking_id = booked(cast)
    for act in (None, lambda: move(cast, booking_id, LATER), lambda: call_off(cast, booking_id)):
        clock.advance(timedelta(minutes=5))
        if act:
            act()
        office.deliver(cast.ana)
    _, moved, off = _hers(mailer)
    assert moved.subject == "Ben Berger has moved to Saturday 14 March, 12:00"
    assert "It stood at Thursday 12 March, 12:00." in moved.text
    assert off.subject == "Ben Berger has cancelled Saturday 14 March, 12:00"
    files = [_event(mail) for mail in _hers(mailer)]
    assert [(method, event["SEQUENCE"]) for method, event in files] == [("PUBLISH", 0), ("PUBLISH", 1), ("CANCEL", 2)]


def test_it_is_silent_about_what_the_coach_did(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    planned(cast)
    booking_id = booked(cast, IN_A_WEEK + timedelta(days=1))
    office.deliver(cast.ana)
    mailer.mails.clear()
    for act in (lambda: move(cast, booking_id, LATER, Side.COACH), lambda: call_off(cast, booking_id, Side.COACH)):
        clock.advance(timedelta(minutes=5))
        act()
        office.deliver(cast.ana)
    assert _hers(mailer) == []
    assert len(mailer.to("ben@example.com")) == 2


def test_it_goes_to_the_coach_who_holds_it(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    sam = a_coach(cast.app, cast.ana, "Sam Okafor", "sam@example.com")
    booked(cast, coach_id=sam.user_id)
    office.deliver(cast.ana)
    assert [mail.kind for mail in mailer.to("sam@example.com")] == [KIND]
    assert _hers(mailer) == []


def test_it_tells_the_time_by_both_clocks(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    fay = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com", time_zone="Asia/Tokyo")
    booked(cast, client_id=fay.client_id, name="Fay Far", email="fay@example.com")
    office.deliver(cast.ana)
    [mail] = _hers(mailer)
    assert "Thursday 12 March, 12:00" in mail.text
    assert "for them: Thursday 12 March, 21:00 (Japan Time)" in mail.text


def test_it_is_switched_off_on_the_page_or_by_one_click(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    browser = cast.browser(cast.ana)
    assert 'name="session_booked"' in browser.get("/settings/reminders").text
    booked(cast)
    office.deliver(cast.ana)
    [mail] = _hers(mailer)
    assert mail.unsubscribe in mail.text
    path = mail.unsubscribe.removeprefix("http://localhost")
    assert cast.browser().post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    booked(cast, LATER)
    office.deliver(cast.ana)
    assert len(_hers(mailer)) == 1


def test_it_waits_for_the_morning_unless_it_is_about_the_next_day(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    clock.instant = NOW.replace(hour=23)
    booked(cast)
    booked(cast, NOW + timedelta(hours=20))
    office.deliver(cast.ana)
    assert len(_hers(mailer)) == 1
    clock.instant = NOW.replace(hour=7) + timedelta(days=1)
    office.deliver(cast.ana)
    assert len(_hers(mailer)) == 2


@pytest.mark.parametrize("what", ["superseded", "no coach", "switched off", "over", "never told"])
def test_it_reads_again_whether_it_is_news(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock, what: str
) -> None:
    booking_id = booked(cast)
    office.plan(cast.ana, NOW)
    if what == "superseded":
        move(cast, booking_id, LATER, Side.COACH)
    elif what == "no coach":
        office.admin.execute("update memberships set role = 'client' where user_id = %s", [cast.ana.user_id])
    elif what == "switched off":
        cast.browser(cast.ana).post("/settings/reminders", data={"coach_week": "y"})
    elif what == "over":
        clock.instant = IN_A_WEEK
    else:
        call_off(cast, booking_id)
        office.plan(cast.ana, NOW)
    office.deliver(cast.ana)
    assert office.states(cast.ana)[KIND] == ("dropped", what)
    assert _hers(mailer) == []


def test_it_keeps_names_out_of_the_outbox(cast: Cast, office: Office) -> None:
    booked(cast)
    office.deliver(cast.ana)
    rows = office.admin.execute("select outbox::text from outbox").fetchall()
    assert not any("Ben" in row for (row,) in rows)
