"""`coachhub reminders run --at`: what is due at an instant, once."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coachhub.cli import main
from coachhub.network.models import Invitation, Log
from coachhub.platform.config import Settings
from tests.cast import Cast
from tests.factories import a_client
from tests.reminders.rows import Office, a_habit_for, a_meetup, keep
from tests.workers.processes import environment

DECEMBER = "2026-12-01T09:00:00Z"


@pytest.fixture
def tell(settings: Settings, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Runs `coachhub reminders run` as an operator would, with a mailbox of its own."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COACHHUB_DATA", str(tmp_path))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["reminders", "run", *arguments])

    return run


def test_it_sends_what_is_due_at_the_instant_and_nothing_twice(cast: Cast, tell, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    a_habit_for(cast.app, cast.ben)
    a_habit_for(cast.app, a_client(cast.app, cast.cleo, "Zoe", "zoe@example.com", time_zone="Europe/Berlin"))
    a_habit_for(cast.app, a_client(cast.app, cast.ana, "Lee", "lee@example.com", time_zone="America/New_York"))
    first, second = tell("--at", DECEMBER, "--json"), tell("--at", DECEMBER, "--json")
    assert json.loads(first.stdout.splitlines()[-1]) == {"planned": 2, "sent": 2, "dropped": 0}
    assert json.loads(second.stdout.splitlines()[-1]) == {"planned": 0, "sent": 0, "dropped": 0}
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 2
    assert "1 planned, 1 sent, 0 dropped." in tell("--at", "2026-12-01T09:00:00-05:00").output


def test_it_is_a_story_about_that_instant(cast: Cast, tell, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    a_habit_for(cast.app, cast.ben, ended_from=date(2026, 12, 1))
    assert json.loads(tell("--at", DECEMBER, "--json").stdout)["planned"] == 0
    assert json.loads(tell("--at", "2026-11-02T09:00:00Z", "--json").stdout)["sent"] == 1
    [kept] = (tmp_path / "mail").glob("*.eml")
    assert "November 2026" in kept.read_text()


def test_it_tells_of_a_promise_and_an_answer_once(cast: Cast, tell, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    november = datetime(2026, 11, 27, 12, tzinfo=UTC)
    own = {"client_id": cast.ben.client_id, "user_id": cast.ben.user_id, "friend_id": cast.dan_id}
    held = a_meetup(cast.app, cast.ben, cast.dan_id, november, status="held")
    log = {"held_at": november, "minutes": 60, "feeling": 3, "created_at": november}
    keep(cast.app, cast.ben, Log(meetup_id=held, follow_up="a book", follow_up_on=date(2026, 12, 1), **own, **log))
    answer = {"answer": "no", "answered_by": "friend", "answered_at": datetime(2026, 12, 1, 8, 30, tzinfo=UTC)}
    keep(cast.app, cast.ben, Invitation(tone="warm", body="Hello", created_at=november, **own, **answer))
    first, second = tell("--at", DECEMBER, "--json"), tell("--at", DECEMBER, "--json")
    assert json.loads(first.stdout.splitlines()[-1]) == {"planned": 2, "sent": 2, "dropped": 0}
    assert json.loads(second.stdout.splitlines()[-1]) == {"planned": 0, "sent": 0, "dropped": 0}
    kept = [path.read_text() for path in (tmp_path / "mail").glob("*.eml")]
    assert sorted("promise_due" in mail for mail in kept) == [False, True]


@pytest.mark.parametrize("at", ["tomorrow", "2026-12-01T09:00:00", ""])
def test_it_wants_an_instant_with_its_zone(cast: Cast, tell, at: str) -> None:  # type: ignore[no-untyped-def]
    refused = tell("--at", at)
    assert refused.exit_code == 2
    assert "2026-12-01T09:00:00Z" in refused.output


def test_it_is_refused_in_production(cast: Cast, tell, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    a_habit_for(cast.app, cast.ben)
    for name, value in (
        ("COACHHUB_ENV", "production"),
        ("BASE_URL", "https://coachhub.example"),
        ("MAILER", "sendgrid"),
        ("SENDGRID_API_KEY", "SG.key"),
    ):
        monkeypatch.setenv(name, value)
    refused = tell("--at", DECEMBER)
    assert refused.exit_code == 2
    assert "refused" in refused.output
