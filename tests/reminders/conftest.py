"""What the tests of reminders share."""

import psycopg
import pytest
from flask import Flask

from tests.cast import Cast
from tests.reminders.rows import Office, switch_monday_off


@pytest.fixture
def office(worker_app: Flask, admin: psycopg.Connection, cast: Cast) -> Office:
    """The worker's side of the test. Ana and Cleo do not get their Monday mail."""
    switch_monday_off(admin)
    return Office(worker_app, admin)
