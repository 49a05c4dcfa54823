"""What a transaction may leave to the disk for later."""

from flask import Flask
from sqlalchemy import text

from coachhub.platform.db import db
from coachhub.platform.tenancy import as_hasty_practice, as_practice
from tests.cast import Cast


def _said_by() -> str:
    """Who says how the running transaction is committed."""
    return str(db.session.scalar(text("select source from pg_settings where name = 'synchronous_commit'")))


def test_it_waits_for_the_disk_again_after_a_transaction_that_did_not(cast: Cast, worker_app: Flask) -> None:
    with worker_app.app_context():
        with as_hasty_practice(cast.ana.practice_id):
            assert _said_by() == "session"
        with as_practice(cast.ana.practice_id):
            assert _said_by() != "session"
