"""Clients and Today are read again once the practice's stamp is another, and not before."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import LiteralString

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from coachhub.coaching.models import Party
from coachhub.platform import embedded
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.readings import Reader
from coachhub.reports.service import today
from coachhub.reports.service.clients_page import ClientsQuery, clients_page
from tests.cast import Cast
from tests.coaching.agreed import agreed
from tests.factories import Person, a_client, a_coach
from tests.habits.facts import MARCH, acting, give_habit, meet, owning, utc
from tests.statements import asked

LISTS = ("/clients", "/clients?sort=-strength", "/clients?q=be", "/today", "/today?coach=all")
_RENAME = "update standings set name = 'Zoe' where name = 'Ben Berger'"
_READ_UNDER_A_STAMP = ("clients_in_lines", "day_in_lines", "named_lines", "needy_lines", "newest_lines")
_COUNTED_UNDER_IT = ("standings_tallied", "standings_counted", "day_tallied")
_READ_EACH_TIME = {"coaching_sessions", "actions", "practice_plans"}


@pytest.fixture
def ana(cast: Cast) -> FlaskClient:
    """Ana, who has Ben without a month among those who need her."""
    return cast.browser(cast.ana)


@pytest.fixture
def unnoticed(admin: psycopg.Connection) -> Callable[[LiteralString], None]:
    """Change something so that no trigger counts it: whatever shows it has read it again."""

    def change(statement: LiteralString) -> None:
        with admin.transaction():
            admin.execute("set local session_replication_role = replica")
            admin.execute(statement)

    return change


def _shown(browser: FlaskClient, address: str) -> str:
    """The page without what is drawn by lot for each."""
    return re.sub(r'(name="csrf_token" value|nonce)="[^"]*"', "", browser.get(address).text)


@pytest.mark.parametrize("address", LISTS)
def test_it_reads_a_list_once_while_its_stamp_is_the_same(
    ana: FlaskClient, unnoticed: Callable[[LiteralString], None], admin: psycopg.Connection, address: str
) -> None:
    for _ in range(2):
        before = _shown(ana, address)
    unnoticed(_RENAME)
    assert _shown(ana, address) == before
    admin.execute("update standings set strength = strength")  # this is counted
    after = _shown(ana, address)
    assert "Zoe" in after
    assert before != after


@pytest.mark.parametrize("address", LISTS)
def test_it_reads_a_list_in_one_statement_whether_it_is_kept_or_not(
    cast: Cast, ana: FlaskClient, admin: psycopg.Connection, address: str
) -> None:
    ana.get(address)
    for change in ("select 1", "select 1", "update standings set strength = strength"):
        admin.execute(change)
        with asked(cast.app) as statements:
            ana.get(address)
        assert len(statements) == 1


def test_it_is_stamped_by_each_table_that_is_read_under_it(admin: psycopg.Connection) -> None:
    names = [*_READ_UNDER_A_STAMP, *_COUNTED_UNDER_IT]
    sources = admin.execute("select prosrc from pg_proc where proname = any (%s)", [names]).fetchall()
    tables = {name for (name,) in admin.execute("select tablename from pg_tables where schemaname = 'public'")}
    counting = admin.execute(
        "select tgrelid::regclass::text from pg_trigger where tgname ~ '^list_changes_'"
    ).fetchall()
    read = tables & set(re.findall(r"\w+", " ".join(source for (source,) in sources)))
    assert read - _READ_EACH_TIME == {name for (name,) in counting}


def test_it_reads_a_coachs_sessions_and_promises_each_time(cast: Cast, ana: FlaskClient, clock: FixedClock) -> None:
    for _ in range(2):
        assert "Send the list" not in _shown(ana, "/today")
    clock.instant = utc(3, 12)
    agreed(cast, "Send the list", clock.instant.date(), owner=Party.COACH)
    assert "Send the list" in _shown(ana, "/today")


def test_it_lets_old_news_go_though_nothing_has_changed(
    cast: Cast, ana: FlaskClient, clock: FixedClock, admin: psycopg.Connection
) -> None:
    give_habit(cast, MARCH)
    with owning(cast, cast.ben) as owner:
        meet(owner, cast.dan_id, utc(3, 4, 18), agreed_at=utc(3, 2), status="held")
    clock.instant = utc(3, 11, 17)
    for _ in range(2):  # the first look makes standings anew, so it knows of no stamp yet
        before = _shown(ana, "/today")
    stamp = today._DAYS.stamp(cast.ana.practice_id, cast.ana.user_id, cast.ana.user_id)
    clock.advance(timedelta(hours=2))
    after = _shown(ana, "/today")
    assert stamp == today._DAYS.stamp(cast.ana.practice_id, cast.ana.user_id, cast.ana.user_id) is not None
    admin.execute("update list_changes set changes = changes + 1")
    assert before != after == _shown(ana, "/today")


@pytest.mark.parametrize("address", LISTS)
def test_it_shows_a_change_once_it_is_kept(ana: FlaskClient, addresses: embedded.Addresses, address: str) -> None:
    before = _shown(ana, address)
    for strength, is_kept in ((71, False), (72, True)):
        with psycopg.connect(addresses.admin_url) as another:
            another.execute("update standings set name = 'B ' || %s::text", [strength])
            assert _shown(ana, address) == before
            if not is_kept:
                another.rollback()
        assert (f"B {strength}" in _shown(ana, address)) == is_kept


def test_it_keeps_nothing_that_was_read_between_two_changes_of_a_transaction(cast: Cast, ana: FlaskClient) -> None:
    _shown(ana, "/clients")  # all standings are good
    with acting(cast, cast.ana):
        for name in ("Once", "Twice"):  # counted together, as one change
            db.session.execute(text("update standings set name = :name"), {"name": name})
            page = clients_page(ClientsQuery(), Reader(cast.ana.practice_id, cast.ana.user_id))
            assert [row.name for row in page.rows] == [name]
    assert "Twice" in _shown(ana, "/clients")


@pytest.mark.parametrize("address", LISTS)
def test_it_shows_nobody_what_was_read_for_another_practice(cast: Cast, ana: FlaskClient, address: str) -> None:
    a_client(cast.app, cast.cleo, "Bea Bond", "bea@example.com")
    cleo = cast.browser(cast.cleo)
    for _ in range(2):
        own, other = _shown(ana, address), _shown(cleo, address)
        assert ("Ben Berger" in own, "Bea Bond" in own) == (True, False)
        assert ("Ben Berger" in other, "Bea Bond" in other) == (False, True)


@pytest.mark.parametrize("address", LISTS)
def test_it_looks_for_who_asks_and_not_for_who_asked_before(
    cast: Cast, ana: FlaskClient, admin: psycopg.Connection, address: str
) -> None:
    a_client(cast.app, cast.cleo, "Bea Bond", "bea@example.com")
    admin.execute("update list_changes set changes = 7")  # both have the same stamp, if they have one row each
    for _ in range(2):
        _shown(ana, address), _shown(cast.browser(cast.cleo), address)
    _move_login(admin, cast.ana, cast.cleo)
    page = _shown(ana, address)
    assert ("Ben Berger" in page, "Bea Bond" in page) == (False, True)


def _move_login(admin: psycopg.Connection, whose: Person, to: Person) -> None:
    """The browser of one is another's from now on, with the same token."""
    moved = "update logins set user_id = %s, practice_id = %s where user_id = %s"
    admin.execute(moved, [to.user_id, to.practice_id, whose.user_id])


def test_it_gives_each_reader_their_own_filters_over_the_same_list(cast: Cast, ana: FlaskClient) -> None:
    bob = cast.browser(a_coach(cast.app, cast.ana, "Bob Bell", "bob@example.com"))
    ana.post("/clients/filters", data={"name": "Ana's own", "status": "paused"})
    for _ in range(2):
        assert "Ana&#39;s own" in _shown(ana, "/clients")
        assert "Ana&#39;s own" not in _shown(bob, "/clients")


def test_it_shows_nothing_to_who_works_there_no_longer(cast: Cast, admin: psycopg.Connection) -> None:
    bob = a_coach(cast.app, cast.ana, "Bob Bell", "bob@example.com")
    browser = cast.browser(bob)
    for address in LISTS:
        assert [browser.get(address).status_code for _ in range(2)] == [200, 200]
    admin.execute("update memberships set role = 'client' where user_id = %s", [bob.user_id])
    assert [browser.get(address).status_code for address in LISTS] == [404] * len(LISTS)


def test_it_reads_again_what_has_made_room(cast: Cast, ana: FlaskClient) -> None:
    before = _shown(ana, "/clients")
    for number in range(70):
        ana.get(f"/clients?q=b&page={number + 2}")
    assert _shown(ana, "/clients") == before
