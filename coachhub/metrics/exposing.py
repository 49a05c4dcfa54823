"""Everything that is told at `/metrics`, put together."""

import os

from flask import Flask, current_app
from prometheus_client import CollectorRegistry, disable_created_metrics, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from coachhub.metrics.happened import Happened
from coachhub.metrics.requests import count_requests
from coachhub.metrics.routes import REQUESTS
from coachhub.metrics.standing import Standing

_NAME = "coachhub_metrics"


def expose(app: Flask) -> None:
    """Count the requests of this application, and have ready what is told of all."""
    disable_created_metrics()  # type: ignore[no-untyped-call]  # a figure beside each: nobody asks when it began
    counted, told = CollectorRegistry(), CollectorRegistry()
    count_requests(app, counted)
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    requests = MultiProcessCollector(None, path=folder) if folder else counted  # type: ignore[no-untyped-call]
    for each in (requests, Happened(), Standing()):
        told.register(each)
    app.extensions |= {_NAME: told, REQUESTS: requests}


def exposition() -> bytes:
    """All figures, as Prometheus reads them."""
    return generate_latest(current_app.extensions[_NAME])
