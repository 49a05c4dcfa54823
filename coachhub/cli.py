"""The command line: `coachhub up`, and what an operator asks of a copy that runs.

Each command imports what it needs when it is called: `coachhub env` answers at once.
"""

import json
import sys
from dataclasses import asdict
from datetime import datetime

import click

from coachhub.ops.commands import jobs, mail
from coachhub.ops.keeping import backup, restore, upgrade_embedded
from coachhub.ops.money import payments
from coachhub.ops.operators import operators
from coachhub.ops.plans import plans
from coachhub.platform.config import load_settings_or_exit
from coachhub.platform.discretion import break_off_discreetly

_PATIENCE_SECONDS = 60
"""For a database that starts when we do."""


def _instant(_context: click.Context, _option: click.Parameter, written: str) -> datetime:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise click.BadParameter("write it like 2026-12-01T09:00:00Z") from None
    if at.tzinfo is None:
        raise click.BadParameter("say the zone, too: 2026-12-01T09:00:00Z")
    return at


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="coachhub", prog_name="CoachHub")
def main() -> None:
    """CoachHub: the practice of a career coach on the web.

    Settings come from the environment, then from COACHHUB_DATA/settings.env, which `coachhub up` writes.
    """
    break_off_discreetly()


main.add_command(mail)
main.add_command(jobs)
main.add_command(payments)
main.add_command(plans)
main.add_command(operators)
main.add_command(backup)
main.add_command(restore)
main.add_command(upgrade_embedded)


@main.command()
@click.option("--as-fleet", is_flag=True, help="As on many machines: two web servers behind a proxy, and so on.")
def up(as_fleet: bool) -> None:
    """Start the servers, the web, the workers and the scheduler; stop them with Ctrl-C."""
    import coachhub.platform.lean  # noqa: F401 (before anything imports what it spares us)
    from coachhub.supervise.up import up as run

    sys.exit(run(as_fleet=as_fleet))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One object on the last line.")
@click.option("--show-secrets", is_flag=True, help="Do not mask keys and passwords.")
def env(as_json: bool, show_secrets: bool) -> None:
    """Print the settings and addresses in force, by the name of their environment variable."""
    from coachhub.doctor.settings_shown import shown, to_json

    lines = shown(load_settings_or_exit(), show_secrets=show_secrets)
    if as_json:
        click.echo(to_json(lines))
    else:
        for line in lines:
            click.echo(f"{line.name}={line.value or ''}")


@main.command()
def migrate() -> None:
    """Bring the database to the newest schema, as the owner role (DATABASE_OWNER_URL)."""
    from coachhub.platform.migrate import await_server, upgrade

    settings = load_settings_or_exit()
    if settings.database_owner_url is None:
        sys.exit("coachhub: DATABASE_OWNER_URL is not set. deploy/roles.sql says how to make that role.")
    owner_url = settings.database_owner_url.get_secret_value()
    await_server(owner_url, _PATIENCE_SECONDS)
    changed = upgrade(owner_url)
    click.echo("The schema is now the newest." if changed else "The schema was the newest already.")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One object on the last line.")
def doctor(as_json: bool) -> None:
    """Check everything that CoachHub stands on; exit code 1 where something is wrong."""
    from coachhub.doctor.report import as_text, to_json
    from coachhub.operations.service.checks import examine

    checks = examine(load_settings_or_exit())
    click.echo(to_json(checks) if as_json else as_text(checks))
    sys.exit(0 if all(check.is_fine for check in checks) else 1)


@main.command()
@click.option("--practices", type=click.IntRange(1, 10_000), help="Make a load of this many practices instead.")
@click.option("--clients", type=click.IntRange(1, 100_000), default=100, show_default=True, help="Clients of each.")
@click.option("--months", type=click.IntRange(2, 14), default=14, show_default=True, help="Months of history.")
def demo(practices: int | None, clients: int, months: int) -> None:
    """Make the demo practice, or a load for measurements. Refused in production."""
    from coachhub.demo import LOGINS, seed_demo

    settings = load_settings_or_exit()
    try:
        if practices:
            from coachhub.demo.practice import load_practices

            click.echo(f"{load_practices(settings, practices, clients, months):,} rows made.")
            return
        click.echo("The demo practice is made." if seed_demo(settings) else "The demo practice was there already.")
    except PermissionError as error:
        sys.exit(f"coachhub: {error}")
    for role, email, password in LOGINS:
        click.echo(f"{role:8} {email}  password: {password}")


@main.group()
def bench() -> None:
    """Measure on servers of its own; nothing that is kept is touched."""


@bench.command()
@click.option("--rounds", type=click.IntRange(1, 100), default=7, show_default=True, help="Paired rounds a figure.")
@click.option("--json", "as_json", is_flag=True, help="One object on the last line.")
def network(rounds: int, as_json: bool) -> None:
    """Import, who next and the pages of a large network, against floors; exit code 1 where a limit is broken."""
    from coachhub.bench.network import bench_network
    from coachhub.bench.report import are_kept, as_text, to_json

    figures = bench_network(rounds)
    click.echo(to_json(figures, rounds) if as_json else as_text(figures, rounds))
    sys.exit(0 if are_kept(figures) else 1)


@bench.command()
@click.option("--rounds", type=click.IntRange(1, 100), default=7, show_default=True, help="Paired rounds a figure.")
@click.option("--json", "as_json", is_flag=True, help="One object on the last line.")
def booking(rounds: int, as_json: bool) -> None:
    """Free times, the booker's page and a crowd that books at once; exit code 1 where a limit is broken."""
    from coachhub.bench.booking import bench_booking
    from coachhub.bench.report import are_kept, as_text, to_json

    figures = bench_booking(rounds)
    click.echo(to_json(figures, rounds) if as_json else as_text(figures, rounds))
    sys.exit(0 if are_kept(figures) else 1)


@bench.command()
@click.option("--practices", type=click.IntRange(2, 1_000), default=100, show_default=True, help="How many.")
@click.option("--clients", type=click.IntRange(1, 10_000), default=1_000, show_default=True, help="Clients of each.")
@click.option("--months", type=click.IntRange(2, 14), default=14, show_default=True, help="Months of history.")
@click.option("--rounds", type=click.IntRange(1, 100), default=7, show_default=True, help="Paired rounds a figure.")
@click.option("--json", "as_json", is_flag=True, help="One object on the last line.")
def dashboards(practices: int, clients: int, months: int, rounds: int, as_json: bool) -> None:
    """Today and Clients among many practices, against their bare templates; exit code 1 where a limit is broken."""
    from coachhub.bench.dashboards import Size, bench_dashboards
    from coachhub.bench.report import are_kept, as_text, to_json

    figures = bench_dashboards(rounds, Size(practices, clients, months))
    click.echo(to_json(figures, rounds) if as_json else as_text(figures, rounds))
    sys.exit(0 if are_kept(figures) else 1)


@bench.command("http")
@click.option("--practices", type=click.IntRange(2, 1_000), default=100, show_default=True, help="How many.")
@click.option("--clients", type=click.IntRange(10, 10_000), default=1_000, show_default=True, help="Clients of each.")
@click.option("--months", type=click.IntRange(2, 14), default=14, show_default=True, help="Months of history.")
@click.option("--rounds", type=click.IntRange(1, 100), default=7, show_default=True, help="Paired rounds a figure.")
@click.option("--seconds", type=click.FloatRange(0.01, 60), default=1.0, show_default=True, help="Of a round.")
@click.option("--json", "as_json", is_flag=True, help="One object on the last line.")
def bench_pages(practices: int, clients: int, months: int, rounds: int, seconds: float, as_json: bool) -> None:
    """Whole pages of a real server, against the bare Flask page on it; exit code 1 where a limit is broken."""
    from coachhub.bench.http import Size, bench_http
    from coachhub.bench.load import generator
    from coachhub.bench.page_table import as_plain, as_table
    from coachhub.bench.report import are_kept, as_text, to_json

    pages, figures = bench_http(rounds, Size(practices, clients, months, seconds))
    asked_by, _ = generator()
    text = f"{as_table(pages)}\n\nAsked by {asked_by}.\n\n{as_text(figures, rounds)}"
    click.echo(to_json(figures, rounds, asked_by=asked_by, pages=as_plain(pages)) if as_json else text)
    sys.exit(0 if are_kept(figures) else 1)


@bench.command("reports")
@click.option("--rounds", type=click.IntRange(1, 100), default=9, show_default=True, help="Paired rounds a figure.")
@click.option("--batch", type=click.IntRange(2, 5_000), default=500, show_default=True, help="Reports in one batch.")
@click.option("--json", "as_json", is_flag=True, help="One object on the last line.")
def bench_papers(rounds: int, batch: int, as_json: bool) -> None:
    """A report beside Typst alone, and a batch by a worker for each core; exit code 1 where a limit is broken."""
    from coachhub.bench.report import are_kept, as_text, to_json
    from coachhub.bench.reports import bench_reports

    figures = bench_reports(rounds, batch)
    click.echo(to_json(figures, rounds) if as_json else as_text(figures, rounds))
    sys.exit(0 if are_kept(figures) else 1)


@bench.command("reminders")
@click.option("--practices", type=click.IntRange(1, 1_000), default=100, show_default=True, help="How many.")
@click.option("--clients", type=click.IntRange(1, 100_000), default=10_000, show_default=True, help="Clients of each.")
@click.option("--rounds", type=click.IntRange(1, 100), default=5, show_default=True, help="Paired rounds of planning.")
@click.option("--json", "as_json", is_flag=True, help="One object on the last line.")
def bench_mail(practices: int, clients: int, rounds: int, as_json: bool) -> None:
    """A million reminders through real workers, against floors; exit code 1 where a limit is broken."""
    from coachhub.bench.reminders import bench_reminders
    from coachhub.bench.report import are_kept, as_text, to_json

    figures = bench_reminders(rounds, practices, clients)
    click.echo(to_json(figures, rounds) if as_json else as_text(figures, rounds))
    sys.exit(0 if are_kept(figures) else 1)


@main.group()
def reminders() -> None:
    """What CoachHub writes to people by mail."""


@reminders.command()
@click.option("--at", required=True, callback=_instant, help="An instant with its zone: 2026-12-01T09:00:00Z.")
@click.option("--json", "as_json", is_flag=True, help="One object on the last line.")
def run(at: datetime, as_json: bool) -> None:
    """Plan and send what is due at an instant, in every practice. Refused in production."""
    from coachhub.app import create_worker_app
    from coachhub.platform.clock import FixedClock
    from coachhub.platform.db import db
    from coachhub.reminders.service.sending import deliver_everywhere

    settings = load_settings_or_exit()
    if settings.is_production:
        click.echo("coachhub: in production time runs by itself: reminders run --at is refused.", err=True)
        sys.exit(2)
    with create_worker_app(settings, clock=FixedClock(at)).app_context():
        tally = deliver_everywhere()
        db.engine.dispose()
    if as_json:
        click.echo(json.dumps(asdict(tally)))
    else:
        click.echo(f"{tally.planned} planned, {tally.sent} sent, {tally.dropped} dropped.")
