"""What the tests of reminders share."""

import psycopg
import pytest
from flask import Flask

from tests.cast import Cast
from tests.fakes import KeptQueue
from tests.reminders.rows import Office, switch_monday_off
from tests.reminders.wakes import Sweeper


@pytest.fixture
def office(worker_app: Flask, admin: psycopg.Connection, cast: Cast) -> Office:
    """The worker's side of the test. Ana and Cleo do not get their Monday mail."""
    switch_monday_off(admin)
    return Office(worker_app, admin)


@pytest.fixture
def sweeper(worker_app: Flask, queue: KeptQueue, admin: psycopg.Connection) -> Sweeper:
    """The sweep of the test."""
    return Sweeper(worker_app, queue, admin)
