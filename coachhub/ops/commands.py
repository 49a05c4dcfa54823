"""The operator's commands: `coachhub mail ...` and `coachhub jobs ...`. Each imports what it needs when called."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from coachhub.platform.config import load_settings_or_exit

if TYPE_CHECKING:
    from coachhub.platform.config import Settings
    from coachhub.platform.jobs import FailedJob

_json = click.option("--json", "as_json", is_flag=True, help="One object on the last line.")
_practice = click.option("--practice", metavar="SLUG", help="Of this practice alone; else of all.")
_kind = click.option("--kind", metavar="KIND", help="Of this kind alone, for example new_month; else of every kind.")


@click.group()
def mail() -> None:
    """How mail stands in all practices; hold it back and let it out."""


@mail.command()
@_json
def status(as_json: bool) -> None:
    """Backlog, rates, how mails ended in the last day and why, what is held back."""
    from coachhub.operations.service.mail_status import mail_status
    from coachhub.ops.report import status_json, status_text

    with running() as settings:
        found = mail_status()
    lost = _failed(settings)
    failed = None if lost is None else len(lost)
    click.echo(status_json(found, failed) if as_json else status_text(found, failed))


@mail.command()
@_practice
@_kind
def pause(practice: str | None, kind: str | None) -> None:
    """Hold mail back, without end, until `mail resume`. What is planned meanwhile waits, and goes stale in 3 days."""
    from coachhub.operations.service.pausing import pause_mail
    from coachhub.ops.report import what_is_held

    with running():
        is_new = pause_mail(practice, kind)
    click.echo(f"{'Held back' if is_new else 'Was held back already'}: {what_is_held(practice, kind)}.")


@mail.command()
@_practice
@_kind
def resume(practice: str | None, kind: str | None) -> None:
    """End the pause of exactly this practice and kind. Workers begin within a minute."""
    from coachhub.operations.service.pausing import pauses, resume_mail
    from coachhub.ops.report import pause_text, what_is_held

    with running():
        is_ended = resume_mail(practice, kind)
        left = pauses()
    click.echo(f"{'Let out' if is_ended else 'Was not held back'}: {what_is_held(practice, kind)}.")
    for one in left:
        click.echo(f"Still held back: {pause_text(one)}.")


@click.group()
def jobs() -> None:
    """Jobs that failed each time they were tried, and were given up."""


@jobs.command()
@_json
def failed(as_json: bool) -> None:
    """List them with their ids."""
    from coachhub.ops.report import as_json as to_json
    from coachhub.ops.report import jobs_text

    found = _failed_or_exit(load_settings_or_exit())
    click.echo(to_json({"failed": [asdict(job) for job in found]}) if as_json else jobs_text(found))


@jobs.command()
@click.option("--all", "all_of_them", is_flag=True, help="Every failed job.")
@click.argument("ids", nargs=-1, metavar="[ID]...")
def retry(all_of_them: bool, ids: tuple[str, ...]) -> None:
    """Put failed jobs into their queues once more."""
    from coachhub.platform.jobs import retry_failed

    settings = load_settings_or_exit()
    named = _named(settings, all_of_them, ids)
    _tell("Put back", named, retry_failed(_url(settings), named))


@jobs.command()
@click.option("--all", "all_of_them", is_flag=True, help="Every failed job.")
@click.argument("ids", nargs=-1, metavar="[ID]...")
def forget(all_of_them: bool, ids: tuple[str, ...]) -> None:
    """Delete failed jobs from the list: the sweeps have seen to what they were about."""
    from coachhub.platform.jobs import forget_failed

    settings = load_settings_or_exit()
    named = _named(settings, all_of_them, ids)
    _tell("Forgotten", named, forget_failed(_url(settings), named))


@contextmanager
def running() -> "Iterator[Settings]":
    """The application as the worker's role; a name that does not exist ends the command."""
    from coachhub.app import create_worker_app
    from coachhub.operations.service.pausing import NoSuchThing
    from coachhub.platform.db import db

    settings = load_settings_or_exit()
    with create_worker_app(settings).app_context():
        try:
            yield settings
        except NoSuchThing as error:
            click.echo(f"coachhub: {error}", err=True)
            sys.exit(2)
        finally:
            db.engine.dispose()


def _failed(settings: "Settings") -> "list[FailedJob] | None":
    """The failed jobs; None where Valkey does not answer."""
    import redis

    from coachhub.platform.jobs import failed_jobs

    try:
        return failed_jobs(_url(settings))
    except redis.RedisError:
        return None


def _failed_or_exit(settings: "Settings") -> "list[FailedJob]":
    found = _failed(settings)
    if found is None:
        click.echo("coachhub: Valkey (REDIS_URL) does not answer", err=True)
        sys.exit(1)
    return found


def _named(settings: "Settings", all_of_them: bool, ids: tuple[str, ...]) -> list[str]:
    if all_of_them == bool(ids):
        raise click.UsageError("Name the ids of failed jobs, or --all of them.")
    found = {job.id for job in _failed_or_exit(settings)}
    return sorted(found) if all_of_them else list(ids)


def _tell(what: str, named: list[str], done: list[str]) -> None:
    click.echo(f"{what}: {len(done)}.")
    for job_id in (job_id for job_id in named if job_id not in done):
        click.echo(f"coachhub: no failed job {job_id}", err=True)
    sys.exit(0 if len(done) == len(named) else 1)


def _url(settings: "Settings") -> str:
    return settings.redis_url.get_secret_value()
