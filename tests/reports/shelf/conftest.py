"""What the tests of reports as documents share."""

import pytest
from flask import Flask

from tests.cast import Cast
from tests.reports.shelf.desk import Desk


@pytest.fixture
def desk(cast: Cast, worker_app: Flask) -> Desk:
    """Ana's desk, and the worker behind it."""
    return Desk(cast, worker_app)
