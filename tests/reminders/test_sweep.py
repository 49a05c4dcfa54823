"""The sweep finds, by one look at all practices, what nobody rang for."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import psycopg
import pytest
from flask import Flask

from coachhub.clients.service.adding import ClientEntry, add_client
from coachhub.clients.service.inviting import invite, link_to, open_invites
from coachhub.platform.clock import FixedClock
from coachhub.platform.tenancy import as_practice
from tests.accounts.mailbox import newest_invitation
from tests.cast import Cast, signed_in
from tests.factories import a_client
from tests.reminders.rows import Office, a_habit_for, a_proof
from tests.reminders.wakes import Sweeper, a_wake, an_urgent_wake

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
A_SECOND, AN_HOUR = timedelta(seconds=1), timedelta(hours=1)
_PLENTY = """
with many as (
  insert into practices (slug, name, time_zone, currency, locale, created_at)
  select 'p' || n, 'Practice', 'Europe/London', 'GBP', 'en_GB', '2025-01-01' from generate_series(1, 5000) n
  returning id
) insert into wakes select id, '2026-06-01'::timestamptz + n * interval '1 minute', false
    from many, generate_series(1, 10) n
"""
_PLENTY_SENT = """
insert into outbox (practice_id, kind, key, due_at, planned_at, state, settled_at)
select id, 'nudge', 'nudge:' || n, '2026-01-05', '2026-01-05', 'sent', '2026-01-05'
from practices, generate_series(1, 4) n
"""


def test_it_rings_for_the_practice_that_is_to_be_looked_at(cast: Cast, sweeper: Sweeper, clock: FixedClock) -> None:
    assert sweeper.rung() == []
    a_wake(cast.app, cast.ana, clock.now() + A_SECOND)
    assert sweeper.rung() == []
    clock.advance(A_SECOND)
    assert sweeper.rung() == [("default", cast.ana.practice_id)]
    assert sweeper.rung() == [("default", cast.ana.practice_id)]  # until somebody looks


def test_it_rings_at_once_and_urgently_where_somebody_waits(cast: Cast, sweeper: Sweeper, clock: FixedClock) -> None:
    a_proof(cast.app, cast.cleo, "sign_in", clock.now())
    an_urgent_wake(cast.app, cast.cleo)
    assert sweeper.rung() == [("default", cast.cleo.practice_id), ("urgent", cast.cleo.practice_id)]


def test_it_rings_no_more_once_somebody_has_looked(
    cast: Cast, sweeper: Sweeper, office: Office, clock: FixedClock
) -> None:
    a_habit_for(cast.app, cast.ben)
    a_wake(cast.app, cast.ana, clock.now())
    office.deliver(cast.ana)
    assert sweeper.rung() == []


def test_it_comes_back_on_the_next_morning_of_every_client_and_the_monday_of_every_coach(
    cast: Cast, sweeper: Sweeper, office: Office, clock: FixedClock
) -> None:
    a_client(cast.app, cast.ana, "Kim", "kim@example.com", time_zone="Asia/Tokyo")
    clock.instant = datetime(2026, 3, 5, 12, tzinfo=UTC)
    office.deliver(cast.ana)
    tokyo, london, monday = sweeper.wakes(cast.ana)
    assert tokyo == datetime(2026, 3, 6, 0, tzinfo=UTC)
    assert london == datetime(2026, 3, 6, 9, tzinfo=UTC)
    assert monday == datetime(2026, 3, 9, 7, tzinfo=UTC)
    office.deliver(cast.ana)
    assert sweeper.wakes(cast.ana) == [tokyo, london, monday]


def test_it_rings_for_what_was_put_off_and_has_come_again(
    cast: Cast, sweeper: Sweeper, office: Office, clock: FixedClock
) -> None:
    a_habit_for(cast.app, cast.ben)
    clock.instant = MONDAY
    office.plan(cast.ana, MONDAY)
    sweeper.forget()
    assert sweeper.finds(cast.ana)
    clock.instant = MONDAY - AN_HOUR
    assert sweeper.finds()


def test_it_rings_for_a_claim_that_has_ended(
    cast: Cast, sweeper: Sweeper, office: Office, clock: FixedClock, admin: psycopg.Connection
) -> None:
    a_habit_for(cast.app, cast.ben)
    clock.instant = MONDAY
    office.plan(cast.ana, MONDAY)
    sweeper.forget()
    admin.execute("update outbox set state = 'claimed', leased_until = %s", [MONDAY + A_SECOND])
    assert sweeper.finds()
    clock.advance(A_SECOND)
    assert sweeper.finds(cast.ana)


def test_it_goes_on_where_a_zone_is_unknown(
    cast: Cast, sweeper: Sweeper, office: Office, clock: FixedClock, admin: psycopg.Connection
) -> None:
    admin.execute("update clients set time_zone = 'Mars/Olympus'")
    a_wake(cast.app, cast.ana, clock.now())
    office.deliver(cast.ana)
    assert sweeper.wakes(cast.ana) == [datetime(2026, 3, 9, 7, tzinfo=UTC)]  # the coach's, at least


def test_it_comes_back_where_a_kind_cannot_be_planned(
    cast: Cast, sweeper: Sweeper, office: Office, clock: FixedClock, admin: psycopg.Connection
) -> None:
    clock.instant = MONDAY
    a_habit_for(cast.app, cast.ben)
    admin.execute("alter table assignments rename to assignments_away")
    try:
        office.deliver(cast.ana)
    finally:
        admin.execute("alter table assignments_away rename to assignments")
    clock.instant = sweeper.wakes(cast.ana)[0]
    assert sweeper.finds(cast.ana)
    assert office.deliver(cast.ana).sent == 1


@pytest.fixture
def start_eva(cast: Cast) -> Callable[[], None]:
    """Eva, invited long since, follows her link."""
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        client_id = add_client(ClientEntry("Eva Ek", "eva@example.com", cast.ana.user_id, "Europe/London"))
        invite([client_id], by_mail=True)
        path = urlsplit(link_to(open_invites([client_id])[0].invite_id)).path
    return lambda: _post(cast, path, {})


@pytest.fixture
def join_era(cast: Cast, admin: psycopg.Connection) -> Callable[[], None]:
    """Era, whom Ana has asked into the team, follows her link."""
    signed_in(cast.app, cast.ana).post("/settings/team", data={"name": "Era Ek", "email": "era@example.com"})
    path = newest_invitation(cast.app, admin)
    return lambda: _post(cast, path, JOIN)


def _post(cast: Cast, path: str, answers: dict[str, str]) -> None:
    assert cast.browser().post(path, data=answers).status_code == 303


JOIN = {"name": "Era Ek", "password": "late bus green moon"}
SIGN_UP = {"practice_name": "Zoë", "email": "zoe@example.com", "password": "late bus green moon"}


def _resumes(cast: Cast) -> None:
    ana = signed_in(cast.app, cast.ana)
    ana.post(f"/clients/{cast.ben.client_id}/pause")
    ana.post(f"/clients/{cast.ben.client_id}/resume")


def _is_restored(cast: Cast) -> None:
    ana = signed_in(cast.app, cast.ana)
    ana.post("/clients/archive", data={"client_ids": cast.ben.client_id})
    ana.post(f"/clients/{cast.ben.client_id}/restore")


def _is_edited(cast: Cast) -> None:
    change = {"name": "Ben", "email": "ben@example.com", "coach_id": cast.ana.user_id, "time_zone": "Asia/Tokyo"}
    signed_in(cast.app, cast.ana).post(f"/clients/{cast.ben.client_id}/edit", data=change)


def _moves(cast: Cast) -> None:
    signed_in(cast.app, cast.ben).post("/my/settings", data={"name": "Ben", "time_zone": "Asia/Tokyo"})


def _coach_moves(cast: Cast) -> None:
    change = {"name": "Ana Bell", "time_zone": "Asia/Tokyo", "locale": "en_AU"}
    signed_in(cast.app, cast.ana).post("/account", data=change)


@pytest.mark.parametrize("happens", [_resumes, _is_restored, _is_edited, _moves, _coach_moves])
def test_it_finds_whatever_changes_when_mail_is_due_though_every_ring_is_lost(
    cast: Cast, sweeper: Sweeper, happens: Callable[[Cast], None]
) -> None:
    happens(cast)
    assert sweeper.finds(cast.ana)


def test_it_finds_the_practice_in_which_a_client_starts_or_a_coach_joins(
    cast: Cast, sweeper: Sweeper, start_eva: Callable[[], None], join_era: Callable[[], None]
) -> None:
    for happens in (start_eva, join_era):
        sweeper.forget()
        happens()
        assert ("default", cast.ana.practice_id) in sweeper.rung()


def test_it_finds_every_practice_of_a_coach_who_moves(cast: Cast, sweeper: Sweeper, admin: psycopg.Connection) -> None:
    admin.execute("insert into memberships values (%s, %s, 'coach', now())", [cast.cleo.practice_id, cast.ana.user_id])
    _coach_moves(cast)
    assert sweeper.finds(cast.ana, cast.cleo)


def test_it_finds_a_practice_that_has_just_been_opened(
    app: Flask, clean: None, sweeper: Sweeper, admin: psycopg.Connection
) -> None:
    browser = app.test_client()
    browser.post("/sign-up", data=SIGN_UP)
    assert [queue for queue, _ in sweeper.rung()] == ["default", "urgent"]
    sweeper.forget()
    browser.post("/practices/open", data={"practice_name": "Second Wind"})
    assert len(sweeper.rung()) == 1


def test_it_looks_once_by_an_index_however_many_practices_there_are(
    cast: Cast, sweeper: Sweeper, admin: psycopg.Connection
) -> None:
    admin.execute(_PLENTY)
    admin.execute(_PLENTY_SENT)
    admin.execute("analyze wakes, outbox")
    a_wake(cast.app, cast.cleo, datetime(2026, 3, 5, 11, tzinfo=UTC))
    assert sweeper.finds(cast.cleo)
    plan = _plan_of_the_look(admin)
    assert "Index Only Scan using ix_wakes_at" in plan
    assert "ix_outbox_practice_id_open" in plan
    assert "Seq Scan" not in plan


def _plan_of_the_look(admin: psycopg.Connection) -> str:
    """As its owner runs it: what a definer function does is not shown to its callers."""
    row = admin.execute("select prosrc from pg_proc where proname = 'practices_to_look_at'").fetchone()
    assert row is not None
    body = re.sub(r"practices_to_look_at\.at", "timestamptz '2026-03-05 12:00+00'", row[0])
    with admin.transaction():
        admin.execute("set local role coachhub_lookup")
        return "\n".join(line for (line,) in admin.execute(f"explain {body}"))
