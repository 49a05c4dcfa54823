"""The schema's revision, as we and as Alembic see it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import pytest
from alembic.script import ScriptDirectory
from flask import Flask

from coachhub.platform import embedded, migrate


def test_it_takes_the_last_number_for_the_newest_revision() -> None:
    assert migrate.head() == ScriptDirectory.from_config(migrate.alembic_config()).get_current_head()


def test_it_has_nothing_to_do_at_the_newest_revision(addresses: embedded.Addresses) -> None:
    assert migrate.current(addresses.database_url) == migrate.head()
    assert migrate.upgrade(addresses.owner_url) is False


@pytest.mark.parametrize(("at", "is_served"), [(None, False), ("0001", False), ("9998", True)])
def test_it_works_on_its_own_schema_and_on_later_ones(at: str | None, is_served: bool) -> None:
    assert migrate.is_served(migrate.head())
    assert migrate.is_served(at) is is_served


def test_it_stays_ready_on_a_later_schema_and_migrates_nothing(
    app: Flask, addresses: embedded.Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "head", lambda: "0051")
    checks = app.test_client().get("/readyz").get_json()["checks"]
    assert (checks["database"], checks["migrations"]) == (True, True)
    assert migrate.upgrade(addresses.owner_url) is False


def test_it_waits_for_a_server_that_starts_later(tmp_path: Path) -> None:
    found = embedded.prepare(tmp_path / "state", ("postgres",))
    with ThreadPoolExecutor(1) as early:
        waiting = early.submit(migrate.await_server, found.admin_url, 60)
        assert not waiting.done()
        with embedded.running(tmp_path / "state", ("postgres",), durable=False):
            waiting.result(timeout=30)


def test_it_waits_no_longer_than_told_nor_for_a_refusal(tmp_path: Path, addresses: embedded.Addresses) -> None:
    begun = monotonic()
    migrate.await_server(f"postgresql://somebody@/coachhub?host={tmp_path}", 0.2)
    migrate.await_server(addresses.owner_url.replace("coachhub_owner:", "coachhub_owner:not"), 60)
    assert monotonic() - begun < 20
