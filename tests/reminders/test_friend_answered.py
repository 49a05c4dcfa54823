"""What Dan answered on his page reaches Ben at once, as it stands now, with the calendar file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from coachhub.clients.models import Client
from coachhub.network.models import Friend, Invitation
from coachhub.network.service.meetups import cancel_meetup, move_meetup
from coachhub.network.service.offers import accept_offer, turn_down_offer
from coachhub.network.service.owner import Owner, owner_of
from coachhub.network.service.replies import Outcome, call_off, choose_time, decline, offer_times
from coachhub.network.service.reply_pages import reply_page
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from coachhub.reminders.rules import cannot_wait
from tests.cast import Cast
from tests.conftest import NOW
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, change, keep

TIMES = [NOW + timedelta(days=days) for days in (6, 7, 8)]
OTHERS = [NOW + timedelta(days=days, hours=2) for days in (9, 10)]
KIND = "friend_answered"
Answer = Callable[[Owner, UUID, int], Outcome]


def _invite(cast: Cast, times: list[datetime] | None = None) -> UUID:
    """Ben has written to Dan and proposed three times."""
    invitation_id = uuid4()
    own = {"client_id": cast.ben.client_id, "user_id": cast.ben.user_id, "friend_id": cast.dan_id}
    sent = {"created_at": NOW - timedelta(days=1), "sent_at": NOW - timedelta(days=1)}
    words = {"tone": "warm", "body": "Coffee?", "place": "Café Zürich", "proposed_times": times or TIMES}
    keep(cast.app, cast.ben, Invitation(id=invitation_id, **own, **sent, **words))
    return invitation_id


@contextmanager
def _as_ben(cast: Cast) -> Iterator[Owner]:
    with cast.app.app_context(), as_practice(cast.ben.practice_id, cast.ben.user_id):
        yield owner_of(cast.ben.client_id)


def _dan(cast: Cast, invitation_id: UUID, answer: Callable[..., Outcome], *more: Any) -> None:
    """Dan answers on his page, which he has just opened."""
    with _as_ben(cast) as ben:
        version = reply_page(ben, invitation_id).version
        assert answer(ben, invitation_id, version, *more) is Outcome.DONE


def _meetup(cast: Cast, invitation_id: UUID) -> UUID:
    with _as_ben(cast) as ben:
        meetup = reply_page(ben, invitation_id).meetup
        assert meetup is not None
        return meetup.id


def _event(mail: Any) -> tuple[str, Any]:
    [file] = mail.attachments
    calendar = Calendar.from_ical(file.content)
    assert (file.name, file.media_type) == ("meetup.ics", "text/calendar")
    assert f"method={calendar['METHOD']}" in file.content_type
    return str(calendar["METHOD"]), calendar.walk("VEVENT")[0]


def test_it_tells_ben_of_a_yes_with_the_file_for_his_calendar(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    invitation_id = _invite(cast)
    _dan(cast, invitation_id, choose_time, TIMES[1])
    assert [office.deliver(cast.ana).sent for _ in range(3)] == [1, 0, 0]
    [mail] = mailer.to("ben@example.com")
    meetup_id = _meetup(cast, invitation_id)
    assert mail.subject == "Dan says yes: Thursday 12 March, 12:00"
    assert "Dan Dorsey says yes. You meet on Thursday 12 March, 12:00. Place: Café Zürich" in mail.text
    assert f"http://localhost/meetups/{meetup_id}" in mail.text
    assert "Café Zürich" in mail.html
    method, event = _event(mail)
    assert (method, event["UID"], event["DTSTART"].dt) == ("PUBLISH", f"{meetup_id}@localhost", TIMES[1])
    assert event["SUMMARY"] == "Meeting Dan Dorsey"
    assert "Ben Berger and Dan Dorsey" in event["DESCRIPTION"]


def test_it_comes_from_the_practice_so_that_an_answer_tells_the_coach_nothing(
    cast: Cast, office: Office, mailer: OutboxMailer
) -> None:
    _dan(cast, _invite(cast), choose_time, TIMES[0])
    office.deliver(cast.ana)
    assert (mailer.mails[0].from_name, mailer.mails[0].reply_to) == ("Ana Coaching", None)


def test_it_tells_ben_of_other_times_and_leads_to_the_page_to_choose_one(
    cast: Cast, office: Office, mailer: OutboxMailer
) -> None:
    _dan(cast, _invite(cast), offer_times, OTHERS, "Mornings are <hard>.")
    office.deliver(cast.ana)
    [mail] = mailer.mails
    assert mail.subject == "Dan offers other times"
    assert "- Saturday 14 March, 14:00\n- Sunday 15 March, 14:00" in mail.text
    assert "“Mornings are <hard>.”" in mail.text
    assert "&lt;hard&gt;" in mail.html
    assert "http://localhost/offers/" in mail.text
    assert mail.attachments == ()


def test_it_opens_the_page_of_the_offer_from_the_mail_and_changes_nothing(
    cast: Cast, office: Office, mailer: OutboxMailer
) -> None:
    invitation_id = _invite(cast)
    _dan(cast, invitation_id, offer_times, OTHERS)
    office.deliver(cast.ana)
    link = next(line for line in mailer.mails[0].text.splitlines() if "/offers/" in line)
    page = cast.browser().get(link.removeprefix("http://localhost"))
    assert page.status_code == 200
    assert "Saturday 14 March, 14:00" in page.text
    row = office.admin.execute("select answer, version from invitations").fetchone()
    assert row == ("other", 1)


def test_it_tells_ben_that_dan_cannot_and_leads_to_somebody_else(
    cast: Cast, office: Office, mailer: OutboxMailer
) -> None:
    _dan(cast, _invite(cast), decline, "Next year!")
    office.deliver(cast.ana)
    [mail] = mailer.mails
    assert mail.subject == "Dan cannot this time"
    assert "It was good to write all the same" in mail.text
    assert "“Next year!”" in mail.text
    assert "http://localhost/month?ask=choose" in mail.text


def test_it_moves_the_event_in_bens_calendar_when_dan_moves_the_meetup(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    invitation_id = _invite(cast)
    _dan(cast, invitation_id, choose_time, TIMES[0])
    office.deliver(cast.ana)
    clock.advance(timedelta(hours=1))
    change(cast.app, cast.ben, Invitation, invitation_id, answer=None, answered_by=None)  # his times are on offer again
    _dan(cast, invitation_id, choose_time, TIMES[2])
    office.deliver(cast.ana)
    first, second = mailer.mails
    assert second.subject == "Dan has moved your meetup: Friday 13 March, 12:00"
    before, after = _event(first)[1], _event(second)[1]
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt
    assert after["DTSTART"].dt == TIMES[2]


def test_it_takes_the_event_out_of_bens_calendar_when_dan_calls_it_off(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    invitation_id = _invite(cast)
    _dan(cast, invitation_id, choose_time, TIMES[0])
    office.deliver(cast.ana)
    clock.advance(timedelta(hours=1))
    _dan(cast, invitation_id, call_off, "Fever.")
    office.deliver(cast.ana)
    first, second = mailer.mails
    assert second.subject == "Dan cannot come on Wednesday 11 March"
    assert "“Fever.”" in second.text
    method, event = _event(second)
    assert (method, event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert event["UID"] == _event(first)[1]["UID"]
    assert event["SEQUENCE"] > _event(first)[1]["SEQUENCE"]


def test_it_tells_only_the_latest_of_two_answers(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    invitation_id = _invite(cast)
    _dan(cast, invitation_id, offer_times, OTHERS)
    office.plan(cast.ana, clock.now())
    clock.advance(timedelta(seconds=20))
    _dan(cast, invitation_id, decline)
    tally = office.deliver(cast.ana)
    assert (tally.sent, tally.dropped) == (1, 1)
    assert mailer.mails[0].subject == "Dan cannot this time"
    assert office.admin.execute("select reason from outbox where state = 'dropped'").fetchall() == [("superseded",)]


@pytest.mark.parametrize("what", ["accepted", "turned down", "client moved", "client called off", "erased", "archived"])
def test_it_says_nothing_of_what_ben_has_settled(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock, what: str
) -> None:
    invitation_id = _invite(cast)
    is_yes = what.startswith("client")
    _dan(cast, invitation_id, choose_time, TIMES[0]) if is_yes else _dan(cast, invitation_id, offer_times, OTHERS)
    office.plan(cast.ana, clock.now())
    clock.advance(timedelta(minutes=1))
    _settle(cast, invitation_id, what)
    office.deliver(cast.ana)
    assert mailer.mails == []
    assert office.count("dropped") == 1


def _settle(cast: Cast, invitation_id: UUID, what: str) -> None:
    if what == "archived":
        assert cast.ben.client_id is not None
        change(cast.app, cast.ana, Client, cast.ben.client_id, status="archived")
        return
    with _as_ben(cast) as ben:
        page = reply_page(ben, invitation_id)
        if what == "accepted":
            accept_offer(ben, invitation_id, page.version, OTHERS[0])
        elif what == "turned down":
            turn_down_offer(ben, invitation_id, page.version)
        elif what == "erased":
            db.session.delete(db.session.get_one(Friend, (cast.ben.practice_id, cast.dan_id)))
        elif page.meetup is not None and what == "client moved":
            move_meetup(ben, page.meetup.id, TIMES[2], "Park")
        elif page.meetup is not None:
            cancel_meetup(ben, page.meetup.id)


NIGHT = datetime(2026, 3, 5, 23, 0, tzinfo=UTC)


def test_it_lets_ben_sleep_where_there_is_time(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    clock.instant = NIGHT
    _dan(cast, _invite(cast), choose_time, TIMES[0])
    assert office.deliver(cast.ana).sent == 0
    clock.instant = datetime(2026, 3, 6, 7, 59, tzinfo=UTC)
    assert office.deliver(cast.ana).sent == 0
    clock.instant = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
    assert [office.deliver(cast.ana).sent for _ in range(2)] == [1, 0]


def test_it_wakes_ben_for_what_comes_within_a_day(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    clock.instant = NIGHT
    soon = NIGHT + timedelta(hours=10)
    _dan(cast, _invite(cast, [soon]), choose_time, soon)
    assert office.deliver(cast.ana).sent == 1


def test_it_calls_within_a_day_what_is_ahead_by_a_day_at_most() -> None:
    day = timedelta(days=1)
    cases = {None: False, NOW - day: False, NOW: False, NOW + day: True, NOW + day + timedelta(seconds=1): False}
    assert {at: cannot_wait(at, NOW) for at in cases} == cases


def test_it_goes_by_bens_own_zone(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    assert cast.ben.client_id is not None
    change(cast.app, cast.ana, Client, cast.ben.client_id, time_zone="America/New_York")  # NOW is 07:00 there
    _dan(cast, _invite(cast), choose_time, TIMES[0])
    assert office.deliver(cast.ana).sent == 0
    due = office.admin.execute("select due_at from outbox").fetchone()
    assert due is not None
    assert due[0].astimezone(ZoneInfo("America/New_York")).hour == 8


def test_it_shows_times_of_both_sides_of_a_clock_change_by_bens_clock(
    cast: Cast, office: Office, mailer: OutboxMailer
) -> None:
    around = [datetime(2026, 3, 28, 10, tzinfo=UTC), datetime(2026, 3, 29, 10, tzinfo=UTC)]
    _dan(cast, _invite(cast), offer_times, around)
    office.deliver(cast.ana)
    assert "- Saturday 28 March, 10:00\n- Sunday 29 March, 11:00" in mailer.mails[0].text


def test_it_still_tells_an_answer_after_a_long_outage(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    _dan(cast, _invite(cast), offer_times, [NOW + timedelta(days=2)])
    clock.advance(timedelta(days=5))
    assert office.deliver(cast.ana).sent == 1
    [mail] = mailer.mails
    assert "which have passed meanwhile" in mail.text
    assert "See what they offered" in mail.text


def test_it_says_that_the_agreed_time_stands_until_ben_chooses(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    invitation_id = _invite(cast)
    _dan(cast, invitation_id, choose_time, TIMES[0])
    office.deliver(cast.ana)
    clock.advance(timedelta(minutes=1))
    _dan(cast, invitation_id, offer_times, OTHERS)
    office.deliver(cast.ana)
    assert "Until you choose, Wednesday 11 March, 12:00 stands." in mailer.mails[1].text
    assert "Until you choose, Wednesday 11 March, 12:00 stands." in mailer.mails[1].html
    assert mailer.mails[1].attachments == ()


def test_it_says_nothing_of_a_meetup_that_has_begun_meanwhile(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    _dan(cast, _invite(cast), choose_time, TIMES[0])
    clock.instant = TIMES[0] + timedelta(minutes=1)
    office.deliver(cast.ana)
    assert office.states(cast.ana)[KIND] == ("dropped", "settled")


def test_it_cannot_be_switched_off_with_the_reminders(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    cast.browser(cast.ben).post("/my/reminders", data={})
    _dan(cast, _invite(cast), choose_time, TIMES[0])
    assert office.deliver(cast.ana).sent == 1
    assert "/my/reminders" not in mailer.mails[0].text


def test_it_takes_up_an_answer_whose_worker_died(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    _dan(cast, _invite(cast), choose_time, TIMES[0])
    office.plan(cast.ana, clock.now())
    office.admin.execute("update outbox set state = 'claimed', attempts = 1, leased_until = '2020-01-01'")
    assert [office.deliver(cast.ana).sent for _ in range(2)] == [1, 0]
    assert len(mailer.mails) == 1


def test_it_keeps_practices_apart(cast: Cast, office: Office) -> None:
    _dan(cast, _invite(cast), choose_time, TIMES[0])
    assert office.deliver(cast.cleo).planned == 0


def test_it_keeps_names_notes_and_places_out_of_the_outbox(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    _dan(cast, _invite(cast), offer_times, OTHERS, "a very private note")
    office.deliver(cast.ana)
    row = office.admin.execute("select outbox::text from outbox").fetchone()
    assert row is not None
    assert not any(word in row[0] for word in ("private", "Dan", "Dorsey", "Zürich"))
    assert len(mailer.mails) == 1


@pytest.mark.parametrize("name", ["دان دورسي", "<script>alert(1)</script>", "Dan\nBcc: x@example.com", "{{ 7*7 }}"])
def test_it_writes_any_name_safely_in_text_html_and_file(
    cast: Cast, office: Office, mailer: OutboxMailer, name: str
) -> None:
    change(cast.app, cast.ben, Friend, cast.dan_id, name=name)
    _dan(cast, _invite(cast), choose_time, TIMES[0])
    office.deliver(cast.ana)
    [mail] = mailer.mails
    assert "\n" not in mail.subject
    assert "<script>alert" not in mail.html
    assert "49" not in mail.subject
    assert _event(mail)[1]["SUMMARY"] == f"Meeting {' '.join(name.split())}"
