"""The client follows the link: looking spends nothing, starting spends it once, and nobody's account opens by it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from coachhub.clients.service.accepting import STARTED, Started
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.clients.conftest import AddInvited, LinkOf
from tests.factories import a_client


def eva(admin: psycopg.Connection) -> tuple[object, ...] | None:
    return admin.execute(
        "select c.status, c.time_zone, c.user_id = u.id, u.email_verified_at is not null, m.role from clients c "
        "left join users u on u.email = c.email left join memberships m on m.user_id = u.id "
        "and m.practice_id = c.practice_id where c.email = 'eva@example.com'"
    ).fetchone()


def test_it_looks_without_spending(
    cast: Cast, add_invited: AddInvited, link_of: LinkOf, admin: psycopg.Connection
) -> None:
    link = link_of(add_invited(), mailed=True)
    pages = [cast.browser().get(link) for _ in range(3)]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert "Ana Alvarez" in pages[0].text
    assert "Ana Coaching" in pages[0].text
    assert pages[0].headers["X-Robots-Tag"] == "noindex"
    assert admin.execute("select count(*) from client_invites where spent_at is null").fetchone() == (1,)


def test_it_starts_signs_in_and_takes_the_browsers_zone(
    cast: Cast, add_invited: AddInvited, link_of: LinkOf, admin: psycopg.Connection
) -> None:
    browser = cast.browser()
    answer = browser.post(link_of(add_invited(), mailed=True), data={"time_zone": "Asia/Calcutta"})
    assert (answer.status_code, answer.location) == (303, "/month")
    assert eva(admin) == ("active", "Asia/Kolkata", True, True, "client")
    assert browser.get("/my/settings").status_code == 200


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../../etc/passwd"])
def test_it_keeps_the_practices_zone_where_the_browser_tells_nonsense(
    cast: Cast, add_invited: AddInvited, link_of: LinkOf, admin: psycopg.Connection, zone: str
) -> None:
    cast.browser().post(link_of(add_invited()), data={"time_zone": zone})
    assert admin.execute("select time_zone from clients where name = 'Eva Ek'").fetchone() == ("Europe/London",)


def test_it_takes_a_copied_link_as_no_proof_of_the_address(
    cast: Cast, add_invited: AddInvited, link_of: LinkOf, admin: psycopg.Connection
) -> None:
    cast.browser().post(link_of(add_invited(), mailed=False))
    assert eva(admin) == ("active", "Europe/London", True, False, "client")


def test_it_works_once(cast: Cast, add_invited: AddInvited, link_of: LinkOf) -> None:
    link = link_of(add_invited())
    assert cast.browser().post(link).location == "/month"
    second = cast.browser()
    answer = second.post(link, follow_redirects=True)
    assert answer.status_code == 410
    assert "It works once" in answer.text
    assert second.get("/my/settings").status_code == 302


def test_it_works_once_for_two_clicks_at_the_same_moment(
    cast: Cast, add_invited: AddInvited, link_of: LinkOf, admin: psycopg.Connection
) -> None:
    link = link_of(add_invited())
    with ThreadPoolExecutor(6) as pool:
        places = list(pool.map(lambda _: cast.browser().post(link).location, range(6)))
    assert places.count("/month") == 1
    assert admin.execute("select count(*) from users where email = 'eva@example.com'").fetchone() == (1,)


def test_it_tells_who_started_already_where_to_go(cast: Cast, add_invited: AddInvited, link_of: LinkOf) -> None:
    link, browser = link_of(add_invited()), cast.browser()
    browser.post(link)
    assert "Go to this month" in browser.get(link).text


def test_it_ends_after_thirty_days(cast: Cast, add_invited: AddInvited, link_of: LinkOf, clock: FixedClock) -> None:
    link = link_of(add_invited())
    clock.advance(timedelta(days=30))
    page = cast.browser().post(link, follow_redirects=True)
    assert page.status_code == 410
    assert "ask for a new link" in page.text


def test_it_signs_nobody_in_to_an_account_that_exists(
    cast: Cast, add_invited: AddInvited, link_of: LinkOf, admin: psycopg.Connection
) -> None:
    link, browser = link_of(add_invited("cleo@example.com"), mailed=True), cast.browser()
    assert "Sign in to start" in browser.get(link).text
    assert browser.post(link, data={"time_zone": "Europe/Paris"}).location == link
    assert browser.get("/my/settings").status_code == 302
    assert admin.execute("select status from clients where email = 'cleo@example.com'").fetchone() == ("invited",)


def test_it_attaches_to_the_account_of_whoever_is_signed_in(
    cast: Cast, add_invited: AddInvited, link_of: LinkOf, admin: psycopg.Connection
) -> None:
    link, browser = link_of(add_invited("cleo@example.com")), cast.browser(cast.cleo)
    assert '<button class="btn btn-primary btn-wide">Start</button>' in browser.get(link).text
    assert browser.post(link).location == "/month"
    assert browser.get("/my/settings").status_code == 200
    row = admin.execute("select user_id, status from clients where email = 'cleo@example.com'").fetchone()
    assert row == (cast.cleo.user_id, "active")


def test_it_starts_for_nobody_else(cast: Cast, add_invited: AddInvited, link_of: LinkOf) -> None:
    link = link_of(add_invited())
    for other in (cast.ana, cast.cleo, cast.ben):
        browser = cast.browser(other)
        assert "This invitation is for eva@example.com" in browser.get(link).text
        assert browser.post(link).location == link


def test_it_ends_the_login_that_the_browser_had(
    cast: Cast, add_invited: AddInvited, link_of: LinkOf, admin: psycopg.Connection
) -> None:
    gus = a_client(cast.app, cast.cleo, "Gus Gray", "gus@example.com")
    cast.browser(gus).post(link_of(add_invited("gus@example.com")))
    logins = admin.execute("select practice_id from logins where user_id = %s", [gus.user_id]).fetchall()
    assert logins == [(cast.ana.practice_id,)]


def test_it_refuses_links_that_are_not_ours(cast: Cast, add_invited: AddInvited, link_of: LinkOf) -> None:
    link = link_of(add_invited())
    for wrong in (
        link[:-2] + ("A" if link[-2] != "A" else "B") + link[-1],
        "/invitation/nonsense",
        link.replace("ation/", "ation/x"),
    ):
        assert cast.browser().get(wrong).status_code == 404
        assert cast.browser().post(wrong).status_code == 404


def test_it_stays_shut_while_the_client_is_archived(cast: Cast, add_invited: AddInvited, link_of: LinkOf) -> None:
    client_id = add_invited()
    link, ana = link_of(client_id), cast.browser(cast.ana)
    ana.post("/clients/archive", data={"client_ids": client_id})
    assert cast.browser().get(link).status_code == 410
    ana.post(f"/clients/{client_id}/restore")
    assert cast.browser().get(link).status_code == 200


def test_it_proves_no_address_that_the_coach_has_changed(cast: Cast, add_invited: AddInvited, link_of: LinkOf) -> None:
    client_id = add_invited()
    link = link_of(client_id, mailed=True)
    change = {"name": "Eva", "email": "other@example.com", "coach_id": cast.ana.user_id, "time_zone": "Europe/London"}
    assert cast.browser(cast.ana).post(f"/clients/{client_id}/edit", data=change).status_code == 303
    assert cast.browser().get(link).status_code == 410


def test_it_tells_the_domains_above_in_the_same_transaction(
    cast: Cast, add_invited: AddInvited, link_of: LinkOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Started] = []
    monkeypatch.setattr(STARTED, "_listeners", [heard.append])
    client_id = add_invited()
    cast.browser().post(link_of(client_id))
    assert [started.client_id for started in heard] == [client_id]


def test_it_begins_the_habit_where_the_coach_gave_none(
    cast: Cast, add_invited: AddInvited, link_of: LinkOf, admin: psycopg.Connection, clock: FixedClock
) -> None:
    clock.instant = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
    cast.browser().post(link_of(add_invited()), data={"time_zone": "Asia/Tokyo"})
    rows = admin.execute("select h.name, a.from_month from assignments a join habits h on h.id = a.habit_id").fetchall()
    assert rows == [("One hour a month", date(2026, 4, 1))]


def test_it_keeps_the_habit_that_the_coach_gave(
    cast: Cast, add_invited: AddInvited, link_of: LinkOf, admin: psycopg.Connection
) -> None:
    client_id = add_invited()
    assert (
        cast.browser(cast.ana)
        .post("/habits/assign", data={"client_ids": client_id, "from_month": "2026-05"})
        .status_code
        == 303
    )
    cast.browser().post(link_of(client_id))
    assert admin.execute("select from_month from assignments").fetchall() == [(date(2026, 5, 1),)]
