"""The operator's `coachhub payments ...`: comparing with Stripe on demand."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import UUID

import click

if TYPE_CHECKING:
    from coachhub.payments.service.reconciling import Finding, Report

_HALF_A_YEAR = 180


@click.group()
def payments() -> None:
    """How our payments and Stripe's agree."""


@payments.command()
@click.option("--practice", metavar="SLUG", help="Of this practice alone; else of all.")
@click.option("--days", type=click.IntRange(1, 3650), default=_HALF_A_YEAR, show_default=True, help="How far back.")
@click.option("--json", "as_json", is_flag=True, help="One object on the last line.")
def reconcile(practice: str | None, days: int, as_json: bool) -> None:
    """List what Stripe has and we lack, and the other way, and mend ours; exit code 1 where anything still differs."""
    from coachhub.ops.report import as_json as to_json

    reports, unanswered = _look(practice, days)
    if as_json:
        click.echo(to_json({"practices": [_plain(slug, report) for slug, report in reports], "away": unanswered}))
    else:
        click.echo("\n".join(_lines(reports, unanswered)))
    sys.exit(0 if not unanswered and all(report.is_fine for _, report in reports) else 1)


def _look(practice: str | None, days: int) -> "tuple[list[tuple[str, Report]], list[str]]":
    """The reports by the practices' addresses; and those of which Stripe tells us nothing now."""
    from coachhub.ops.commands import running
    from coachhub.payments.gateway import GatewayAway, GatewayRefused
    from coachhub.payments.service.reconciling import reconcile as compare

    found, unanswered = [], []
    with running():
        for practice_id, slug in _asked(practice):
            try:
                found.append((slug, compare(practice_id, days)))
            except (GatewayAway, GatewayRefused) as error:
                unanswered.append(f"{slug}: {error}")
    return found, unanswered


def _asked(practice: str | None) -> list[tuple[UUID, str]]:
    """Those with an account at Stripe. Raises NoSuchThing."""
    from coachhub.operations.service.pausing import practice_named, slugs_of
    from coachhub.payments.service.reconciling import practices_with_account

    ids = practices_with_account() if practice is None else [practice_named(practice)]
    slugs = slugs_of(ids)
    return [(practice_id, slugs[practice_id]) for practice_id in ids]


def _plain(slug: str, report: "Report") -> dict[str, object]:
    findings = [{**asdict(finding), "purchase_id": str(finding.purchase_id)} for finding in report.findings]
    return {**asdict(report), "practice_id": str(report.practice_id), "practice": slug, "findings": findings}


def _lines(reports: "list[tuple[str, Report]]", unanswered: list[str]) -> Iterator[str]:
    for slug, report in reports:
        money = ", ".join(f"{amount} {currency}" for currency, amount in sorted(report.money.items())) or "no money"
        state = "agree" if not report.findings else "agree now" if report.is_fine else "DIFFER"
        yield f"{slug}: {report.there} there, {report.here} here, {money} left (minor units): they {state}"
        for finding in report.findings:
            yield f"  {_finding(finding)}"
        for account_id in report.closed:
            yield f"  {account_id}: disconnected, so what was paid into it is not compared"
    for line in unanswered:
        yield f"no answer    {line}"
    if not reports and not unanswered:
        yield "No practice has an account at Stripe."


def _finding(finding: "Finding") -> str:
    words = {
        "unknown_here": "paid there, and no such purchase here",
        "other_amount": "another amount",
        "other_state": "another state",
        "unknown_there": "paid here, and no such payment there",
    }
    end = "mended" if finding.is_mended else "NOT mended"
    amounts = f"{finding.there} there, {finding.here} here, {finding.currency}"
    return f"{finding.reference} (purchase {finding.purchase_id}): {words[finding.difference]}: {amounts}; {end}"
