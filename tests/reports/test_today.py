"""Today: an empty practice sees the invitation form, any other who needs somebody, and why."""

import re
from datetime import timedelta

import psycopg
import pytest

from coachhub.coaching.models import Party
from coachhub.platform.clock import FixedClock
from tests.booking.booked import an_offering, confirmed
from tests.cast import Cast
from tests.coaching.agreed import agreed
from tests.coaching.planned import planned
from tests.factories import a_client, a_coach
from tests.habits.facts import MARCH, give_habit, meet, owning, utc
from tests.reminders.rows import suppress
from tests.reports.happenings import World
from tests.statements import asked

ALL = "/today?coach=all"


def needy(text: str) -> list[str]:
    """The names in the list of who needs somebody, in order."""
    return re.findall(r'row-title"><a href="/clients/[^"]+">(?:<bdi>)?([^<]+)', text)


def test_it_shows_the_invitation_form_to_an_empty_practice(cast: Cast) -> None:
    page = cast.browser(cast.cleo).get("/today").text
    assert 'name="people"' in page
    assert 'action="/clients/preview"' in page


def test_it_leads_from_the_empty_page_to_an_invitation_in_three_steps(cast: Cast, admin: psycopg.Connection) -> None:
    cleo = cast.browser(cast.cleo)
    page = cleo.get("/today").text
    fields = dict(re.findall(r'name="(coach_id|time_zone)" value="([^"]+)"', page))
    assert "Add 1 and send the invitation" in cleo.post("/clients/preview", data={"people": "e@x.com", **fields}).text
    cleo.post("/clients/add-all", data={"people": "e@x.com", "do": "mail", **fields})
    assert admin.execute("select count(*) from client_invites where by_mail").fetchone() == (1,)


def test_it_says_who_needs_somebody_most_urgent_first(cast: Cast, clock: FixedClock) -> None:
    eva = a_client(cast.app, cast.ana, "Eva Ek", "eva@example.com")
    a_client(cast.app, cast.ana, "Fay Fox", "fay@example.com")
    a_client(cast.app, cast.ana, "Gus Gray", "gus@example.com", status="archived")
    give_habit(cast, MARCH)
    give_habit(cast, MARCH.plus(-3), client=eva)
    clock.instant = utc(3, 12)
    page = cast.browser(cast.ana).get(ALL).text
    assert needy(page) == ["Eva Ek", "Ben Berger", "Fay Fox"]
    for why in ("3 months in a row were missed.", "Nobody chosen by day 12.", "Has no habit this month."):
        assert why in page


def test_it_says_of_a_visitor_that_they_have_booked(cast: Cast, admin: psycopg.Connection) -> None:
    confirmed(cast, "Vera", an_offering(cast.app, cast.ana))
    page = cast.browser(cast.ana).get(ALL).text
    assert "Vera" in needy(page)
    assert "Has booked a session; not invited to the habit yet." in page
    admin.execute("update bookings set paid_with = 'coach'")
    assert "Has no invitation yet." in cast.browser(cast.ana).get(ALL).text


def test_it_counts_who_has_met_this_month(cast: Cast) -> None:
    eva = a_client(cast.app, cast.ana, "Eva Ek", "eva@example.com")
    for client in (cast.ben, eva):
        give_habit(cast, MARCH, client=client)
    with owning(cast, cast.ben) as owner:
        meet(owner, cast.dan_id, utc(3, 4), agreed_at=utc(3, 2), status="held")
    page = cast.browser(cast.ana).get("/today").text
    assert "1 of 2 have met this month." in page
    assert "Dan Dorsey" not in page


def test_it_asks_again_for_an_invitation_after_three_days(cast: Cast, clock: FixedClock) -> None:
    ana = cast.browser(cast.ana)
    place = {"coach_id": cast.ana.user_id, "time_zone": "Europe/London"}
    ana.post("/clients/add", data={"name": "Eva Ek", "email": "eva@example.com", "do": "mail", **place})
    assert "Eva Ek" not in needy(ana.get("/today").text)
    clock.advance(timedelta(days=3))
    page = ana.get("/today").text
    assert "Eva Ek" in needy(page)
    assert "Invited on 5 Mar 2026, and has not started yet." in page
    assert "Send again: Eva Ek" in page


def test_it_offers_a_nudge_about_the_next_step(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast, MARCH)
    clock.instant = utc(3, 12)
    page = cast.browser(cast.ana).get("/today").text
    assert f'href="/nudge?client={cast.ben.client_id}&amp;next=/today"' in page
    nudge = cast.browser(cast.ana).get(f"/nudge?client={cast.ben.client_id}").text
    assert 'href="mailto:ben@example.com?subject=Your%20hour%20this%20month&amp;body=Hello%20Ben%2C' in nudge


def test_it_offers_to_message_all_who_have_not_chosen(cast: Cast) -> None:
    assert "chosen anybody yet" not in cast.browser(cast.ana).get("/today").text
    eva = a_client(cast.app, cast.ana, "Eva Ek", "eva@example.com")
    for client in (cast.ben, eva):
        give_habit(cast, MARCH, client=client)
    page = cast.browser(cast.ana).get("/today").text
    assert "2 clients have not chosen anybody yet." in page
    assert 'href="/nudge?who=list&amp;stage=not_chosen&amp;next=/today"' in page


def test_it_tells_first_whom_no_mail_reaches(cast: Cast) -> None:
    eva = a_client(cast.app, cast.ana, "Eva Ek", "eva@example.com")
    give_habit(cast, MARCH.plus(-3))
    suppress(cast, eva.email, "bounced")
    page = cast.browser(cast.ana).get(ALL).text
    assert needy(page)[0] == "Eva Ek"
    assert "Mail to eva@example.com bounced on Thursday 5 March. Nothing is sent." in page
    assert f'href="/clients/{eva.client_id}#mail"' in page


def test_it_shows_each_coach_their_own_clients_first(cast: Cast) -> None:
    bob = a_coach(cast.app, cast.ana, "Bob Bell", "bob@example.com")
    browser = cast.browser(bob)
    assert needy(browser.get("/today").text) == []
    assert needy(browser.get(ALL).text) == ["Ben Berger"]


def test_it_shows_the_first_steps_until_they_are_put_away(cast: Cast) -> None:
    ana = cast.browser(cast.ana)
    assert "Good first steps" in ana.get("/today").text
    assert ana.post("/today/first-steps").status_code == 303
    assert "Good first steps" not in ana.get("/today").text


def test_it_is_for_coaches_only(cast: Cast) -> None:
    for address in ("/today", "/clients", f"/clients/{cast.ben.client_id}"):
        assert cast.browser(cast.ben).get(address).status_code == 404
        assert cast.browser().get(address).status_code == 302


def test_it_asks_little_on_a_day_full_of_sessions(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast, MARCH.plus(-2))
    for hours in (2, 4, 6):
        planned(cast, clock.instant + timedelta(hours=hours))
    ana = cast.browser(cast.ana)
    ana.get("/today")
    with asked(cast.app) as statements:
        assert ana.get("/today").text.count("First session") == 3
    assert len(statements) <= 8


@pytest.mark.parametrize(
    ("zone", "hours", "is_today"),
    [
        ("UTC", 11, True),
        ("UTC", 12, False),
        ("UTC", -12, True),
        ("UTC", -13, False),
        ("Pacific/Kiritimati", 10, True),
        ("Pacific/Kiritimati", -4, False),
        ("Pacific/Pago_Pago", 21, True),
        ("Pacific/Pago_Pago", 23, False),
    ],
)
def test_it_shows_the_sessions_of_the_readers_own_day(
    cast: Cast, clock: FixedClock, admin: psycopg.Connection, zone: str, hours: int, is_today: bool
) -> None:
    """Also one that is over, and nothing of the day before or after; it is 12:11 in UTC."""
    planned(cast, clock.instant + timedelta(days=20))
    admin.execute("update coaching_sessions set starts_at = %s", (clock.instant + timedelta(hours=hours),))
    admin.execute("update users set time_zone = %s where id = %s", (zone, cast.ana.user_id))
    clock.instant = clock.instant.replace(hour=12, minute=11)
    assert ("First session" in cast.browser(cast.ana).get("/today").text) is is_today


def test_it_asks_little_on_the_worst_of_days(
    cast: Cast, clock: FixedClock, admin: psycopg.Connection, plan_sold: None
) -> None:
    """Nobody's standing is good, there are sessions and promises, the plan's card failed, and Ana was away for long."""
    give_habit(cast, MARCH.plus(-2))
    ana = cast.browser(cast.ana)
    planned(cast, clock.instant + timedelta(hours=2))
    agreed(cast, "Send the letter", clock.instant.date(), owner=Party.COACH)
    fails = "insert into practice_plans (practice_id, status, grace_until, changed_at) values (%s, 'past_due', %s, %s)"
    admin.execute(fails, (cast.ana.practice_id, clock.instant + timedelta(days=3), clock.instant))
    admin.execute("update standings set fresh_until = 'epoch'")
    clock.instant += timedelta(minutes=11)
    with asked(cast.app) as statements:
        page = ana.get("/today").text
    assert len(statements) <= 8
    seen = admin.execute("select max(last_seen_at) from logins where user_id = %s", (cast.ana.user_id,)).fetchone()
    assert seen == (clock.instant,)
    for said in ("First session", "Send the letter", "The card for your CoachHub plan failed.", "were missed"):
        assert said in page
    assert admin.execute("select count(*) from standings where fresh_until = 'epoch'").fetchone() == (0,)


def test_it_sends_an_invitation_again_by_the_button_in_a_row(cast: Cast, admin: psycopg.Connection) -> None:
    eva = a_client(cast.app, cast.ana, "Eva Ek", "eva@example.com", status="invited")
    page = cast.browser(cast.ana).get("/today").text
    assert page.count('id="invite-again"') == 1
    assert f'form="invite-again" name="client_ids" value="{eva.client_id}" aria-label="Send invitation: Eva Ek"' in page
    form = re.search(r'<form id="invite-again" method="post" action="([^"]+)">(.*?)</form>', page)
    assert form is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))
    sent = cast.browser(cast.ana).post(form[1], data={**fields, "client_ids": str(eva.client_id)})
    assert (sent.status_code, sent.location) == (303, "/today")
    assert admin.execute("select count(*) from client_invites where by_mail").fetchone() == (1,)


def test_it_tells_of_money_and_of_reports_with_the_way_to_them(
    cast: Cast, admin: psycopg.Connection, clock: FixedClock
) -> None:
    eva = a_client(cast.app, cast.ana, "Eva Ek", "eva@example.com")
    world = World(cast, admin, clock, [cast.ben, eva])
    world.happen("pays_in_vain", 0, 0)
    world.happen("is_reported_on", 1, 0)
    page = cast.browser(cast.ana).get("/today").text
    assert needy(page) == ["Ben Berger", "Eva Ek"]
    assert "Their payment failed on Thursday 5 March." in page
    assert re.search(r'href="/payments/[^"]+" aria-label="Look at the payment of Ben Berger"', page)
    assert "A report about them could not be made." in page
    assert f'href="/clients/{eva.client_id}#reports"' in page
