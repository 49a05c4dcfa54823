"""The operator's `coachhub plans ...`: which practice has what of the platform's plan, and giving it away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from coachhub.payments.service.plans import PlanRow


@dataclass(frozen=True)
class Listed:
    """One practice: how it stands, and how many active clients it has."""

    slug: str
    stand: str
    plan: "PlanRow"
    clients: int


@click.group()
def plans() -> None:
    """What practices have of the platform's own plan."""


@plans.command("list")
@click.option("--json", "as_json", is_flag=True, help="One object on the last line.")
def list_plans(as_json: bool) -> None:
    """Those that have a plan, had one, or were granted one; every other practice is on the free plan."""
    from coachhub.ops.commands import running
    from coachhub.ops.report import as_json as to_json
    from coachhub.payments.gateways import is_plan_sold

    with running():
        found, is_sold = list(_listed()), is_plan_sold()
    if as_json:
        click.echo(to_json({"is_sold": is_sold, "practices": [_plain(each) for each in found]}))
        return
    for each in found:
        click.echo(_line(each))
    if not found:
        click.echo("No practice has a plan, or was granted one.")
    if not is_sold:
        click.echo("STRIPE_PRICE_ID is not set: there is no plan to take, and no limit applies.")


@plans.command()
@click.argument("slug")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day without it, in UTC.")
def grant(slug: str, until: datetime) -> None:
    """Give a practice the plan until a day, at no cost."""
    from coachhub.operations.service.pausing import practice_named
    from coachhub.ops.commands import running
    from coachhub.payments.service.plans import grant_plan
    from coachhub.platform.tenancy import as_practice

    with running(), as_practice(practice_named(slug)):
        grant_plan(until.replace(tzinfo=UTC))
    click.echo(f"Granted: {slug} has the plan until {until:%Y-%m-%d}.")


@plans.command()
@click.argument("slug")
def revoke(slug: str) -> None:
    """Take back what was granted. What the practice pays for stays, and so do its clients."""
    from coachhub.operations.service.pausing import practice_named
    from coachhub.ops.commands import running
    from coachhub.payments.service.plans import revoke_plan
    from coachhub.platform.tenancy import as_practice

    with running(), as_practice(practice_named(slug)):
        is_revoked = revoke_plan()
    click.echo(f"{'Revoked' if is_revoked else 'Nothing was granted'}: {slug}.")


def _listed() -> Iterator[Listed]:
    from coachhub.clients.service.limits import places_taken
    from coachhub.operations.service.pausing import slugs_of
    from coachhub.payments.rules.plans import stand_of
    from coachhub.payments.service.plans import plan_of_practice
    from coachhub.payments.service.syncing_plan import practices_with_plan
    from coachhub.platform import clock
    from coachhub.platform.tenancy import as_practice

    ids = practices_with_plan()
    slugs = slugs_of(ids)
    for practice_id in ids:
        with as_practice(practice_id):
            plan, clients = plan_of_practice(), places_taken()
        yield Listed(slugs[practice_id], stand_of(plan, clock.now()).value, plan, clients)


def _line(each: Listed) -> str:
    days = {
        "trial ends": each.plan.trial_ends_at if each.stand == "trialing" else None,
        "next payment": each.plan.period_ends_at if each.stand == "active" else None,
        "ends": each.plan.ends_at,
        "grace until": each.plan.grace_until,
        "granted until": each.plan.granted_until,
    }
    said = [f"{words} {day:%Y-%m-%d}" for words, day in days.items() if day is not None]
    return "  ".join((f"{each.slug:30} {each.stand:9} {each.clients:5} clients", ", ".join(said))).rstrip()


def _plain(each: Listed) -> dict[str, object]:
    names = ("trial_ends_at", "period_ends_at", "ends_at", "grace_until", "granted_until")
    days = {name: day.isoformat() if (day := getattr(each.plan, name)) else None for name in names}
    known = {"customer_id": each.plan.customer_id, "subscription_id": each.plan.subscription_id}
    return {"practice": each.slug, "stand": each.stand, "clients": each.clients, **known, **days}
