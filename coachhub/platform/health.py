"""`/healthz`: this process is alive. `/readyz`: database and migrations are ready too; of Valkey it only tells.

Pages do without Valkey, whose rings the sweeps make up for: it is one for all, and would take every web server with it.
"""

from flask import Blueprint, Response, jsonify
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from coachhub.platform import jobs
from coachhub.platform.db import db
from coachhub.platform.guards import bare
from coachhub.platform.migrate import is_served
from coachhub.platform.ports import ports

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@bare
def healthz() -> Response:
    return jsonify(status="ok")


@pages.get("/readyz")
@bare
def readyz() -> tuple[Response, int]:
    database, migrations = _database_and_migrations()
    checks = {"database": database, "migrations": migrations, "valkey": _valkey()}
    is_ready = database and migrations
    return jsonify(status="ok" if is_ready else "not ready", checks=checks), 200 if is_ready else 503


def _database_and_migrations() -> tuple[bool, bool]:
    try:
        with db.engine.connect() as connection:
            at = connection.execute(text("select version_num from alembic_version")).scalar()
    except SQLAlchemyError:
        return False, False
    return True, is_served(at)


def _valkey() -> bool:
    try:
        return bool(jobs.connect(ports().settings.redis_url.get_secret_value()).ping())
    except RedisError:
        return False
