"""The doctor says what is wrong and what to do, also where nobody answers, and knows how old the last backup is."""

from datetime import timedelta

import psycopg
import pytest
from pydantic import SecretStr
from redis import Redis

from coachhub.operations.service import checks
from coachhub.operations.service.checks import Check, examine
from coachhub.platform.clock import FixedClock, SystemClock
from coachhub.platform.config import Settings
from coachhub.platform.moments import BACKUP
from tests.cast import Cast
from tests.ops.conftest import Tell


def _examined(settings: Settings, clock: FixedClock | None = None, **changed: object) -> dict[str, Check]:
    return {check.name: check for check in examine(settings.model_copy(update=changed), clock)}


def test_it_knows_how_old_the_last_backup_is(cast: Cast, settings: Settings, valkey: Redis) -> None:
    assert _examined(settings)["backup"].found.startswith("none by coachhub backup is known")
    made = SystemClock().now()
    BACKUP.note(settings.redis_url.get_secret_value(), made)
    found = [_examined(settings, FixedClock(made + timedelta(hours=hours)))["backup"] for hours in (26, 51)]
    assert [(check.is_fine, check.found) for check in found] == [
        (True, "the last by coachhub backup 26 h ago"),
        (False, "the last by coachhub backup 51 h ago"),
    ]
    assert "run coachhub backup" in found[1].to_do


_REPORT = """
insert into reports (practice_id, id, client_id, kind, first_month, last_month, version, state, asked_by, asked_at)
values (%s, gen_random_uuid(), %s, 'progress', '2026-01-01', '2026-02-01', 1, 'waiting', %s, %s)
"""


def test_it_finds_reports_and_news_that_nobody_takes_up(
    cast: Cast, settings: Settings, admin: psycopg.Connection
) -> None:
    found = _examined(settings)
    assert (found["reports"].found, found["mail events"].found) == ("nothing waits", "nothing waits")
    now = SystemClock().now()
    admin.execute(_REPORT, [cast.ana.practice_id, cast.ben.client_id, cast.ana.user_id, now])
    for minutes, is_fine in ((10, True), (20, False)):
        waits = _examined(settings, FixedClock(now + timedelta(minutes=minutes)))["reports"]
        assert (waits.is_fine, waits.found) == (is_fine, f"1 waiting, the oldest for {minutes} min")
    assert "worker bulk" in waits.to_do


def test_it_says_what_to_do_on_the_command_line(tell: Tell) -> None:
    answer = tell("doctor")
    assert answer.exit_code == 1
    lines = answer.output.splitlines()
    [at] = [number for number, line in enumerate(lines) if line.startswith("BAD  workers")]
    assert lines[at + 1].strip().startswith("-> start python -m workers.boot worker")


def test_it_knows_something_to_do_for_each_thing_that_may_be_wrong(cast: Cast, settings: Settings) -> None:
    never_wrong = {"held back", "payments"}
    assert {check.name for check in examine(settings)} - checks._TO_DO.keys() == never_wrong | {"valkey"}


def test_it_says_where_to_look_when_the_database_is_away(cast: Cast, settings: Settings) -> None:
    away = SecretStr("postgresql://somebody:hidden@127.0.0.1:1/coachhub")
    found = _examined(settings, database_url=away)
    assert found["migrations"].found == found["outbox"].found == found["money"].found
    assert {check.to_do for name, check in found.items() if name in ("migrations", "outbox", "money")} == {
        checks._WHERE["database"]
    }
    assert found["valkey"].is_fine
    assert "hidden" not in str(found)


@pytest.fixture
def older(admin: psycopg.Connection) -> object:
    """The schema of a version before, in which a function of today is not there."""
    admin.execute("alter function lookup.mail_unknown(timestamptz) rename to not_there_yet")
    yield
    admin.execute("alter function lookup.not_there_yet(timestamptz) rename to mail_unknown")


def test_it_says_to_migrate_where_something_is_not_there_yet(cast: Cast, settings: Settings, older: object) -> None:
    found = _examined(settings)
    assert found["unknown mail"].to_do == "run coachhub migrate"
    assert found["outbox"].is_fine
