"""What a web process counts: its requests by route, how long they take, and what of that is the database's."""

from functools import cache

from flask import Flask
from prometheus_client import CollectorRegistry, Counter, Histogram

from coachhub.platform.answered import Answered, hear
from coachhub.platform.statements import Tally

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_NOWHERE = "nowhere"
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class RequestCounts:
    """The figures of requests. A route is told by the name of its view, because an address holds ids and tokens.

    What belongs to a route is looked up once: it takes longer than counting. Views are few, and so are the methods and
    the statuses of each.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ("route", "method")
        self._requests = Counter("coachhub_http_requests", "Requests.", (*labels, "status"), registry=registry)
        self._seconds = Histogram(
            "coachhub_http_request_seconds", "Seconds.", labels, buckets=_SECONDS, registry=registry
        )
        self._sql_seconds = Counter("coachhub_http_sql_seconds", "Of the database.", labels, registry=registry)
        self._statements = Counter("coachhub_http_sql_statements", "Statements asked.", labels, registry=registry)
        self._of = cache(self._find)

    def _find(self, route: str, method: str, status: int) -> tuple[Counter, Histogram, Counter, Counter]:
        of = (route, method)
        counted = self._requests.labels(*of, str(status))
        return counted, self._seconds.labels(*of), self._sql_seconds.labels(*of), self._statements.labels(*of)

    def count(self, answered: Answered, tally: Tally) -> None:
        """Count a request that has just been answered."""
        method = answered.method if answered.method in _METHODS else "other"
        requests, seconds, sql_seconds, asked = self._of(answered.endpoint or _NOWHERE, method, answered.status)
        requests.inc()
        seconds.observe(tally.elapsed)
        sql_seconds.inc(tally.seconds)
        asked.inc(tally.count)


def count_requests(app: Flask, registry: CollectorRegistry) -> None:
    """Have each request counted."""
    hear(app, RequestCounts(registry).count)
