"""A session planned, changed or cancelled reaches the client once, with the calendar file that keeps up with it."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from coachhub.booking.models import Booking, Side
from coachhub.booking.service.visitor_links import booking_address
from coachhub.clients.models import Client
from coachhub.platform.clock import FixedClock
from coachhub.platform.tenancy import as_practice
from tests.booking.booked import an_offering as an_hour
from tests.booking.booked import confirmed
from tests.cast import Cast
from tests.coaching.booked_rows import an_offering, booked, call_off
from tests.coaching.planned import IN_A_WEEK, cancel, planned
from tests.coaching.planned import change as change_plan
from tests.conftest import NOW
from tests.factories import a_client
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, change

KIND = "session_changed"
LATER = IN_A_WEEK + timedelta(days=2)


def _event(mail: Any) -> tuple[str, Any]:
    [file] = mail.attachments
    calendar = Calendar.from_ical(file.content)
    assert (file.name, file.media_type) == ("session.ics", "text/calendar")
    assert f"method={calendar['METHOD']}" in file.content_type
    return str(calendar["METHOD"]), calendar.walk("VEVENT")[0]


def test_it_tells_ben_of_a_planned_session_with_the_file(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    planned_id = planned(cast)
    assert [office.deliver(cast.ana).sent for _ in range(3)] == [1, 0, 0]
    [mail] = mailer.to("ben@example.com")
    assert mail.subject == "Your coaching session: Thursday 12 March, 12:00"
    assert "Ana Alvarez has planned a coaching session with you:\n\nThursday 12 March, 12:00\n60 minutes" in mail.text
    assert "https://meet.example/ana" in mail.text
    assert "Whom to write to next" in mail.text
    assert f"http://localhost/sessions/{planned_id}" in mail.text
    assert mail.reply_to == "ana@example.com"
    method, event = _event(mail)
    assert (method, event["UID"], event["SEQUENCE"]) == ("PUBLISH", f"{planned_id}@localhost", 0)
    assert event["SUMMARY"] == "Coaching session with Ana Alvarez"


def test_it_moves_the_event_and_takes_it_out(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    planned_id = planned(cast)
    for act in (None, lambda: change_plan(cast, planned_id, starts_at=LATER), lambda: cancel(cast, planned_id)):
        clock.advance(timedelta(minutes=5))
        if act:
            act()
        assert [office.deliver(cast.ana).sent for _ in range(2)] == [1, 0]
    _, moved, off = mailer.mails
    assert moved.subject == "Changed: your coaching session is on Saturday 14 March, 12:00"
    assert "It stood at Thursday 12 March, 12:00." in moved.text
    assert off.subject == "Cancelled: your coaching session on Saturday 14 March"
    files = [_event(mail) for mail in mailer.mails]
    assert [method for method, _ in files] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert len({event["UID"] for _, event in files}) == 1
    assert [event["SEQUENCE"] for _, event in files] == [0, 1, 2]
    assert files[1][1]["DTSTART"].dt == LATER


def test_it_tells_only_how_it_stands_in_the_end(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    planned_id = planned(cast)
    office.plan(cast.ana, clock.now())
    clock.advance(timedelta(minutes=1))
    change_plan(cast, planned_id, starts_at=LATER)
    office.plan(cast.ana, clock.now())
    clock.advance(timedelta(minutes=1))
    change_plan(cast, planned_id, starts_at=LATER, place="At the office")
    assert office.deliver(cast.ana).sent == 1
    [mail] = mailer.mails
    assert mail.subject == "Your coaching session: Saturday 14 March, 12:00"
    assert "It stood" not in mail.text
    assert "At the office" in mail.text
    reasons = office.admin.execute("select state, reason from outbox order by id").fetchall()
    assert reasons == [("dropped", "superseded"), ("dropped", "superseded"), ("sent", None)]


def test_it_says_nothing_of_the_agenda_alone(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    planned_id = planned(cast)
    office.deliver(cast.ana)
    clock.advance(timedelta(minutes=1))
    change_plan(cast, planned_id, agenda="Something else")
    assert office.deliver(cast.ana).planned == 0


def test_it_does_not_cancel_what_nobody_was_told_of(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    planned_id = planned(cast)
    office.plan(cast.ana, NOW)
    cancel(cast, planned_id)
    office.deliver(cast.ana)
    reasons = office.admin.execute("select reason from outbox order by id").fetchall()
    assert reasons == [("superseded",), ("never told",)]
    assert mailer.mails == []


def test_it_cancels_what_was_told_of_weeks_ago(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    planned_id = planned(cast, NOW + timedelta(days=60))
    clock.advance(timedelta(days=20))
    assert office.deliver(cast.ana).planned == 0  # nobody looks for it any more
    cancel(cast, planned_id)
    assert office.deliver(cast.ana).sent == 1


def test_it_waits_for_the_morning_unless_the_session_is_or_was_near(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    clock.instant = NOW.replace(hour=22)
    planned(cast)
    assert office.deliver(cast.ana).sent == 0
    near = planned(cast, NOW + timedelta(days=1))
    assert office.deliver(cast.ana).sent == 1
    clock.advance(timedelta(hours=1))
    change_plan(cast, near, starts_at=LATER)
    assert office.deliver(cast.ana).sent == 1
    clock.instant = NOW.replace(hour=8) + timedelta(days=1)
    assert office.deliver(cast.ana).sent == 1


@pytest.mark.parametrize("what", ["archived", "over"])
def test_it_reads_again_whether_it_is_still_news(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock, what: str
) -> None:
    planned(cast)
    office.plan(cast.ana, NOW)
    if what == "archived":
        assert cast.ben.client_id is not None
        change(cast.app, cast.ana, Client, cast.ben.client_id, status="archived")
    else:
        clock.instant = IN_A_WEEK
    office.deliver(cast.ana)
    assert office.states(cast.ana)[KIND] == ("dropped", what)


def test_it_leads_a_client_who_has_not_started_to_the_page_of_the_booking(
    cast: Cast, office: Office, mailer: OutboxMailer
) -> None:
    planned(cast, client=a_client(cast.app, cast.ana, "Pia Petrov", "pia@example.com", status="invited"))
    office.deliver(cast.ana)
    [mail] = mailer.to("pia@example.com")
    assert "Thursday 12 March, 12:00" in mail.text
    assert "/sessions/" not in mail.text + mail.html
    assert str(_event(mail)[1]["URL"]).startswith("http://localhost/b/")


@pytest.mark.parametrize("words", ["<b>bold</b>", "{{ 7*7 }}", "جدول الأعمال", "%{name_0}%"])
def test_it_writes_any_agenda_and_place_safely(cast: Cast, office: Office, mailer: OutboxMailer, words: str) -> None:
    planned(cast, agenda=words, place=words)
    office.deliver(cast.ana)
    [mail] = mailer.mails
    assert words in mail.text
    assert "<b>bold" not in mail.html
    assert "49" not in re.sub(r"https?://\S+", "", mail.text)


def test_it_confirms_a_booking_with_price_rule_and_links(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    booking_id = booked(cast, offering_id=an_offering(cast))
    office.deliver(cast.ana)
    [mail] = mailer.to("ben@example.com")
    assert mail.subject == "Booked: your coaching session on Thursday 12 March, 12:00"
    for words in (
        "Ana Alvarez looks forward to your coaching session:\n\nThursday 12 March, 12:00\n60 minutes",
        "Career conversation\nPrice: £90.00",
        "Cancel at least 24 hours before, and all your money comes back. Later, 50% of it comes back.",
        "You can move it until 24 hours before.",
        f"http://localhost/sessions/{booking_id}",
    ):
        assert words in mail.text
    address = _address(cast, booking_id)
    assert f"Move it: {address}/move" in mail.text
    assert f'href="{address}/cancel"' in mail.html
    method, event = _event(mail)
    assert (method, event["UID"], event["SEQUENCE"]) == ("PUBLISH", f"{booking_id}@localhost", 0)


def test_it_leads_a_visitor_to_their_booking_in_their_own_language(
    cast: Cast, office: Office, mailer: OutboxMailer
) -> None:
    booking_id = confirmed(cast, "Vera", an_hour(cast.app, cast.ana), locale="en_US")
    office.deliver(cast.ana)
    [mail] = mailer.to("vera@example.org")
    assert "Price: £90.00" in mail.text
    assert f"See the session:\n{_address(cast, booking_id)}\n" in mail.text
    assert "/sessions/" not in mail.text
    page = cast.browser().get(_address(cast, booking_id).removeprefix("http://localhost"))
    assert "You are booked" in page.text


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"paid_with": "nothing", "price": 0}, "Free of charge"),
        ({"paid_with": "credit"}, "Paid with a session of your package"),
    ],
)
def test_it_says_how_it_is_settled(
    cast: Cast, office: Office, mailer: OutboxMailer, more: dict[str, Any], words: str
) -> None:
    booked(cast, offering_id=an_offering(cast), **more)
    office.deliver(cast.ana)
    [mail] = mailer.to("ben@example.com")
    assert words in mail.text
    assert "£" not in mail.text


def test_it_offers_no_move_when_it_is_too_late_for_one(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    booked(cast, NOW + timedelta(hours=20), offering_id=an_offering(cast))
    office.deliver(cast.ana)
    [mail] = mailer.to("ben@example.com")
    assert "/move" not in mail.text
    assert "/cancel" in mail.text


def test_it_says_who_called_it_off_and_why(cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock) -> None:
    offering_id = an_offering(cast)
    by_both = {Side.COACH: "I am ill", Side.CLIENT: "no time"}
    ids = {side: booked(cast, IN_A_WEEK + timedelta(days=n), offering_id=offering_id) for n, side in enumerate(by_both)}
    office.deliver(cast.ana)
    mailer.mails.clear()
    clock.advance(timedelta(minutes=5))
    for side, why in by_both.items():
        change(cast.app, cast.ana, Booking, ids[side], cancel_reason=why)
        call_off(cast, ids[side], side)
    office.deliver(cast.ana)
    his = [mail.text for mail in mailer.to("ben@example.com")]
    by_coach = next(text for text in his if "is cancelled." in text)
    assert "“I am ill”" in by_coach
    by_himself = next(text for text in his if "You have cancelled" in text)
    assert "no time" not in by_himself


def _address(cast: Cast, booking_id: UUID) -> str:
    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        return booking_address(booking_id)


@pytest.mark.parametrize("hours", [2, 24, 25], ids=["soon", "in a day", "later"])
def test_it_asks_what_to_talk_about_where_no_other_mail_asks_in_time(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock, hours: int
) -> None:
    starts_at = NOW + timedelta(hours=hours)
    planned(cast, starts_at)
    for at in (NOW, starts_at - timedelta(days=1), starts_at - timedelta(hours=1)):
        clock.instant = max(at, NOW)
        office.deliver(cast.ana)
    asking = [mail for mail in mailer.mails if "/topic/" in mail.text]
    assert [mail.kind for mail in asking] == [KIND if hours <= 24 else "session_day"]
    [found] = re.findall(r"what you would like to talk about: (http://localhost/topic/\S+)", asking[0].text)
    assert f'href="{found}"' in asking[0].html
    assert cast.browser().get(found).status_code == 200


def test_it_asks_nothing_that_was_said_and_nothing_of_what_is_off(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    planned_id = planned(cast, NOW + timedelta(hours=5))
    office.deliver(cast.ana)
    cast.browser(cast.ben).post(f"/sessions/{planned_id}/topic", data={"topic": "A new job"})
    for act in (lambda: change_plan(cast, planned_id, NOW + timedelta(hours=6)), lambda: cancel(cast, planned_id)):
        clock.advance(timedelta(minutes=5))
        act()
        office.deliver(cast.ana)
    assert ["/topic/" in mail.text for mail in mailer.mails] == [True, False, False]
