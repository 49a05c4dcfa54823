"""What stories are played on, and offices are opened on."""

import psycopg
import pytest
from flask import Flask

from coachhub.platform.clock import FixedClock
from tests.cast import Casting
from tests.emptying import Empty
from tests.reports.oracle.telling import Stage


@pytest.fixture
def stage(app: Flask, empty: Empty, casting: Casting, admin: psycopg.Connection, clock: FixedClock) -> Stage:
    """An empty one."""
    return Stage(app, empty, casting, admin, clock)
