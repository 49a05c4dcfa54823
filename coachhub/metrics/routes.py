"""What has been counted of requests, route by route, for a page: since this web server was started."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from prometheus_client.registry import Collector

REQUESTS = "coachhub_requests"
"""Where an application that counts has what all processes of this web server have counted of requests."""


@dataclass(frozen=True)
class RouteFigures:
    """One route: its requests, those that ended in an error of ours, and what one of them takes."""

    route: str
    requests: int
    failed: int
    seconds: float
    sql_seconds: float
    statements: float


def busiest_routes(most: int) -> list[RouteFigures] | None:
    """Those on which the most time was spent, these first; None where nothing is counted."""
    told: Collector | None = current_app.extensions.get(REQUESTS)
    if told is None:
        return None
    sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for family in told.collect():
        if family.name.startswith("coachhub_http_"):
            for sample in family.samples:
                sums[sample.labels["route"]][sample.name] += sample.value
                if sample.labels.get("status", "").startswith("5"):
                    sums[sample.labels["route"]]["failed"] += sample.value
    found = [_figures(route, of) for route, of in sums.items() if of["coachhub_http_requests_total"]]
    return sorted(found, key=lambda each: -each.seconds * each.requests)[:most]


def _figures(route: str, of: dict[str, float]) -> RouteFigures:
    requests = of["coachhub_http_requests_total"]
    return RouteFigures(
        route,
        int(requests),
        int(of["failed"]),
        of["coachhub_http_request_seconds_sum"] / requests,
        of["coachhub_http_sql_seconds_total"] / requests,
        of["coachhub_http_sql_statements_total"] / requests,
    )
