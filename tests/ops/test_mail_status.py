"""What the operator sees of mail in all practices: numbers, and nobody's name."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from coachhub.platform.clock import SystemClock
from tests.cast import Cast
from tests.ops.conftest import Tell

_ROW = """
insert into outbox (practice_id, kind, key, state, reason, due_at, planned_at, settled_at, is_trouble)
values (%(practice)s, %(kind)s, uuidv7()::text, %(state)s, %(reason)s, %(due)s, %(due)s, %(settled)s, %(trouble)s)
"""


def a_message(admin: psycopg.Connection, cast: Cast, state: str, ago: timedelta, **more: Any) -> None:
    """A message that became due, and where it is not waiting was settled, so long ago."""
    at = SystemClock().now() - ago
    is_open = state in ("due", "claimed")
    row = {"practice": cast.ana.practice_id, "kind": "new_month", "state": state, "reason": None, "due": at}
    row |= {"settled": None if is_open else at, "trouble": state in ("unknown", "failed")}
    admin.execute(_ROW, row | more)


@pytest.fixture
def busy(cast: Cast, admin: psycopg.Connection) -> Cast:
    """A day in which most things have happened."""
    a_message(admin, cast, "due", timedelta(minutes=30))
    a_message(admin, cast, "due", timedelta(hours=3), practice=cast.cleo.practice_id)
    a_message(admin, cast, "due", -timedelta(hours=3))
    a_message(admin, cast, "claimed", timedelta(minutes=5))
    for ago in (timedelta(minutes=1), timedelta(minutes=30), timedelta(hours=23), timedelta(hours=25)):
        a_message(admin, cast, "delivered" if ago > timedelta(hours=1) else "sent", ago)
    a_message(admin, cast, "failed", timedelta(hours=2), reason="no such mailbox: <ben@example.com> is unknown")
    a_message(admin, cast, "dropped", timedelta(hours=2), reason="stale")
    a_message(admin, cast, "dropped", timedelta(hours=3), reason="stale")
    a_message(admin, cast, "bounced", timedelta(hours=2), reason="550 ben@example.com", kind="after_meetup")
    a_message(admin, cast, "unknown", timedelta(hours=2), reason="timed out")
    a_message(admin, cast, "unknown", timedelta(days=2), reason="timed out")
    admin.execute(
        "insert into suppressions (practice_id, address, cause, since, lifted_at) values "
        "(%(p)s, 'x@example.com', 'bounced', now(), null), (%(p)s, 'y@example.com', 'bounced', now(), now())",
        {"p": cast.ana.practice_id},
    )
    return cast


def test_it_counts_what_waits_what_went_and_what_did_not(busy: Cast, tell: Tell) -> None:
    tell("mail", "pause", "--practice", "cleo-careers")
    said = json.loads(tell("mail", "status", "--json").stdout.splitlines()[-1])
    assert {state: backlog["messages"] for state, backlog in said["waiting"].items()} == {"due": 2, "claimed": 1}
    assert list(said["practices"]) == ["cleo-careers", "ana-coaching"]
    assert said["taken"] == {"5 minutes": 1, "hour": 2, "day": 4}
    assert [tuple(ending.values()) for ending in said["endings"]] == [
        ("after_meetup", "bounced", "550 …", 1),
        ("new_month", "dropped", "stale", 2),
        ("new_month", "failed", "no such mailbox: … is unknown", 1),
        ("new_month", "unknown", "timed out", 1),
    ]
    assert (said["unknown"], said["unknown_last_day"], said["suppressed_addresses"]) == (2, 1, 1)
    assert (said["pauses"][0]["practice"], said["pauses"][0]["kind"], said["failed_jobs"]) == ("cleo-careers", None, 0)


def test_it_says_it_in_a_few_lines_without_personal_details(busy: Cast, tell: Tell) -> None:
    tell("mail", "pause", "--kind", "new_month")
    said = tell("mail", "status").output
    assert "waiting      1 claimed, 2 due, the oldest for 3 h" in said
    assert "taken        1 in the last 5 minutes, 2 in the last hour, 4 in the last day" in said
    assert "dropped      2 new_month: stale" in said
    assert "unknown      2 held, 1 of the last day" in said
    assert "paused       mail of kind new_month of every practice, since " in said
    assert "@" not in said
    assert "Ben" not in said


def test_it_is_short_where_nothing_happens(cast: Cast, tell: Tell) -> None:
    assert tell("mail", "status").output.splitlines() == [
        "waiting      nothing",
        "taken        0 in the last 5 minutes, 0 in the last hour, 0 in the last day",
        "unknown      0 held, 0 of the last day",
        "suppressed   0 addresses",
        "failed jobs  0",
    ]


def test_it_says_what_it_can_without_valkey(cast: Cast, tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    assert "failed jobs  Valkey does not answer" in tell("mail", "status").output
    answer = tell("jobs", "failed")
    assert (answer.exit_code, answer.stderr) == (1, "coachhub: Valkey (REDIS_URL) does not answer\n")


def test_it_counts_by_indexes(cast: Cast, admin: psycopg.Connection) -> None:
    admin.execute(
        "insert into outbox (practice_id, kind, key, state, due_at, planned_at, settled_at) "
        "select %s, 'new_month', n::text, 'sent', at, at, at from generate_series(1, 60000) n, "
        "lateral (select timestamptz '2026-01-01' + n * interval '1 minute') as made(at)",
        [cast.ana.practice_id],
    )
    admin.execute("analyze outbox")
    admin.execute("select brin_summarize_new_values('ix_outbox_settled_at')")
    assert "ix_outbox_settled_at" in _plan(admin, "mail_settled")
    assert "ix_outbox_practice_id_open" in _plan(admin, "mail_waiting")
    assert "ix_outbox_practice_id_trouble" in _plan(admin, "mail_unknown")


def _plan(admin: psycopg.Connection, name: str) -> str:
    row = admin.execute("select prosrc from pg_proc where proname = %s", [name]).fetchone()
    assert row is not None
    at = datetime(2026, 2, 11, tzinfo=UTC)
    body = row[0].replace(f"{name}.at", f"timestamptz '{at.isoformat()}'")
    return "\n".join(line for (line,) in admin.execute(f"explain {body}"))
