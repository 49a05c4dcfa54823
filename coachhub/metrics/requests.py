"""What a web process counts: its requests by route, how long they take, and what of that is the database's."""

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, Counter, Histogram

from coachhub.platform import statements

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_NOWHERE = "nowhere"
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class RequestCounts:
    """The figures of requests. A route is told by the name of its view, because an address holds ids and tokens."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "coachhub_http_requests", "Requests.", ("route", "method", "status"), registry=registry
        )
        self._seconds = Histogram(
            "coachhub_http_request_seconds", "Seconds.", ("route", "method"), buckets=_SECONDS, registry=registry
        )
        self._sql_seconds = Counter(
            "coachhub_http_sql_seconds",
            "Seconds of the database in it.",
            ("route", "method"),
            registry=registry,
        )
        self._statements = Counter(
            "coachhub_http_sql_statements", "Statements asked.", ("route", "method"), registry=registry
        )

    def count(self, response: Response) -> Response:
        """Count the running request, which has just been answered."""
        tally = statements.tally()
        if tally is None:
            return response
        route = request.endpoint or _NOWHERE
        method = request.method if request.method in _METHODS else "other"
        self._requests.labels(route, method, str(response.status_code)).inc()
        self._seconds.labels(route, method).observe(tally.elapsed)
        self._sql_seconds.labels(route, method).inc(tally.seconds)
        self._statements.labels(route, method).inc(tally.count)
        return response


def count_requests(app: Flask, registry: CollectorRegistry) -> None:
    """Have each request counted. Called before anything else is, so that it is done last."""
    app.after_request(RequestCounts(registry).count)
