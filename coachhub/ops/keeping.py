"""The operator's `coachhub backup`, `coachhub restore` and `coachhub upgrade-embedded`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from coachhub.platform.config import Settings, data_folder, load_settings_or_exit

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True, resolve_path=True)
_IF_YES = "Do not ask first."


@click.command()
@click.argument("file", type=_FILE)
def backup(file: Path) -> None:
    """Write the whole database into a new FILE, while everything runs; for `coachhub restore`."""
    from coachhub.ops.backup import administered, back_up, refuse_another_database

    settings = load_settings_or_exit()
    with _failing_plainly(settings), administered(settings) as url:
        refuse_another_database(url)
        size = back_up(url, file)
    _note(settings)
    click.echo(f"{file} holds the whole database, {size:,} bytes. Keep SECRET_KEY with it: links and codes hang on it.")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--yes", is_flag=True, help=_IF_YES)
def restore(file: Path, yes: bool) -> None:
    """Put what FILE holds in the place of everything in the database. Stop web, workers and scheduler first."""
    from coachhub.ops import backup as database
    from coachhub.platform.migrate import head

    settings = load_settings_or_exit()
    with _failing_plainly(), database.administered(settings, alone=True) as url:
        if there := database.what_is_there(url):
            click.echo(there)
        yes or click.confirm("Everything in the database is replaced by what the file holds. Go on?", abort=True)
        found = database.restore(url, file)
    click.echo(f"{found.rows:,} rows in {found.tables} tables, at revision {found.revision} ({head()} is the newest).")
    click.echo("Before anything starts: coachhub migrate, and coachhub mail pause where the file is hours old.")


@click.command("upgrade-embedded")
@click.option("--programs", type=_FOLDER, help="The folder with the programs of the version that the files are of.")
@click.option("--rebuild", is_flag=True, help="Make the files anew although they are of our version.")
@click.option("--plan", is_flag=True, help="Only say what would be done.")
@click.option("--yes", is_flag=True, help=_IF_YES)
def upgrade_embedded(programs: Path | None, rebuild: bool, plan: bool, yes: bool) -> None:
    """Bring the embedded database to the PostgreSQL of this version of CoachHub. Stop script/up first."""
    from coachhub.ops.upgrading import carry_out, plan_move

    with _failing_plainly():
        move = plan_move(data_folder(), programs, is_rebuild=rebuild)
        if move is None:
            click.echo("The embedded database is of this version's PostgreSQL already: nothing to do.")
            return
        for number, step in enumerate(move.steps(), 1):
            click.echo(f"{number}. {step}")
        if plan:
            return
        yes or click.confirm("Do it?", abort=True)
        carry_out(move, lambda step: click.echo(f"... {step}"))
    click.echo(f"Done. Once you are content, remove {move.old_files} and {move.dump}.")


def _note(settings: Settings) -> None:
    """The file is whole, whether or not this can be noted."""
    import redis

    from coachhub.platform import clock
    from coachhub.platform.moments import BACKUP

    try:
        BACKUP.note(settings.redis_url.get_secret_value(), clock.machine_now())
    except redis.RedisError:
        click.echo("coachhub: Valkey does not answer, so doctor and metrics do not hear of this backup.", err=True)


@contextmanager
def _failing_plainly(reported: Settings | None = None) -> Iterator[None]:
    """What goes wrong is told in a line; `reported`: as nobody may be looking, also as an error report where set."""
    import psycopg

    from coachhub.ops.backup import BackupFailed
    from coachhub.platform.embedded import EmbeddedError

    try:
        yield
    except (BackupFailed, EmbeddedError, psycopg.Error) as error:
        click.echo(f"coachhub: {error}", err=True)
        if reported is not None and reported.sentry_dsn is not None:
            _report(error, reported)
        sys.exit(1)


def _report(error: Exception, settings: Settings) -> None:
    import structlog

    from coachhub.platform.logs import keep_secrets

    keep_secrets(settings)
    structlog.get_logger(__name__).error("backup_failed", exc_info=error)
