"""Everything that is told at `/metrics`, put together."""

import os

from flask import Flask, current_app
from prometheus_client import CollectorRegistry, disable_created_metrics, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from coachhub.metrics.happened import Happened
from coachhub.metrics.requests import count_requests
from coachhub.metrics.standing import Standing

_NAME = "coachhub_metrics"


def expose(app: Flask) -> None:
    """Count the requests of this application, and have ready what is told of all."""
    disable_created_metrics()  # type: ignore[no-untyped-call]  # a figure beside each: nobody asks when it began
    counted, told = CollectorRegistry(), CollectorRegistry()
    count_requests(app, counted)
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder:
        MultiProcessCollector(told, path=folder)  # type: ignore[no-untyped-call]
    else:
        told.register(counted)
    told.register(Happened())
    told.register(Standing())
    app.extensions[_NAME] = told


def exposition() -> bytes:
    """All figures, as Prometheus reads them."""
    return generate_latest(current_app.extensions[_NAME])
