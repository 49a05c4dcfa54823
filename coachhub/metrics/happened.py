"""What happened anywhere, out of Valkey, in the words of Prometheus."""

from collections.abc import Iterator, Mapping
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from redis import RedisError

from coachhub.booking.service.changes import BOOKINGS
from coachhub.platform import counts, job_counts
from coachhub.platform.counts import Counted, Measured
from coachhub.reminders.service.outbox import MESSAGES
from coachhub.reports.service.shelf.counting import REPORTS

COUNTED = (
    *(BOOKINGS, MESSAGES, REPORTS, counts.WEBHOOKS, counts.WEBHOOKS_HANDLED),
    *(job_counts.JOBS, job_counts.JOB_SQL_SECONDS, job_counts.JOB_STATEMENTS),
)
MEASURED = (job_counts.JOB_SECONDS,)
Kept = Mapping[tuple[str, ...], float]


class Happened(Collector):
    """Counters of the whole installation: each process tells the same."""

    def describe(self) -> list[Metric]:
        """Nothing is asked before somebody scrapes."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Every family, also one of which nothing has happened yet."""
        kept = _kept()
        yield from (_counter(each, kept) for each in COUNTED)
        yield from (_histogram(each, kept) for each in MEASURED)


def _kept() -> Kept:
    ledger = counts.ledger()
    try:
        return ledger.read() if ledger is not None else {}
    except RedisError:
        return {}


def _counter(counted: Counted, kept: Kept) -> Metric:
    family = CounterMetricFamily(counted.name, counted.meaning, labels=counted.labels)
    for (name, *values), times in sorted(kept.items()):
        if name == counted.name and len(values) == len(counted.labels):
            family.add_metric(values, times)
    return family


def _histogram(measured: Measured, kept: Kept) -> Metric:
    family = HistogramMetricFamily(measured.name, measured.meaning, labels=measured.labels)
    found: dict[tuple[str, ...], dict[str, float]] = {}
    for (name, *values), number in sorted(kept.items()):
        if name == measured.name and len(values) == len(measured.labels) + 1:
            found.setdefault(tuple(values[:-1]), {})[values[-1]] = number
    bounds = [*map(str, measured.bounds), "+Inf"]
    for labels, of in found.items():
        up_to = accumulate(of.get(bound, 0) for bound in bounds)
        family.add_metric(labels, buckets=list(zip(bounds, up_to, strict=True)), sum_value=of.get("sum", 0))
    return family
