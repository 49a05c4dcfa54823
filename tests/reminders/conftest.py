"""What the tests of reminders share."""

import psycopg
import pytest
from flask import Flask

from tests.reminders.rows import Office


@pytest.fixture
def office(worker_app: Flask, admin: psycopg.Connection) -> Office:
    """The worker's side of the test."""
    return Office(worker_app, admin)
