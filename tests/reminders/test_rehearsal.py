"""What a worker does before its first fork."""

import pytest
import structlog
from flask import Flask

from coachhub.reminders.service.rehearsal import rehearse


@pytest.mark.usefixtures("clean")
def test_it_rehearses_to_its_end_in_an_empty_database(worker_app: Flask) -> None:
    with structlog.testing.capture_logs() as said, worker_app.app_context():
        rehearse()
    assert said == []
