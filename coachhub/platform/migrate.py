"""Bring the schema to the newest revision, as the owner role.

Alembic is imported only to migrate: each process asks for the newest revision, and few have anything to do.
"""

from functools import cache
from time import monotonic, sleep
from typing import TYPE_CHECKING

import psycopg
import structlog
from psycopg.conninfo import make_conninfo
from psycopg.pq import Ping

from coachhub.platform.config import ROOT, sqlalchemy_url

if TYPE_CHECKING:
    from alembic.config import Config

log = structlog.get_logger(__name__)

_LOOK_AGAIN = 2
_SAY_AGAIN = 60.0

# Beside the package, in a checkout and in an installed wheel alike.
_SCRIPTS = ROOT / "migrations"


@cache
def head() -> str:
    """The newest revision that this code knows: migrations are numbered, and their files begin with the number."""
    return max(path.name for path in (_SCRIPTS / "versions").glob("[0-9]*_*.py")).partition("_")[0]


def current(url: str) -> str | None:
    """The revision that the database is at, None for an empty one. `url` may be any role's that can read it."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        if connection.execute("select to_regclass('public.alembic_version')").fetchone() == (None,):
            return None
        row = connection.execute("select version_num from alembic_version").fetchone()
    return str(row[0]) if row else None


def is_served(at: str | None) -> bool:
    """Whether this code works on a schema at that revision: on its own, and on later ones, which only add.

    So what runs already stays ready while the next version's migrations have run and it is being replaced.
    """
    return at is not None and at >= head()


def await_server(url: str, seconds: float) -> None:
    """Wait so long for a server that does not answer yet: where a machine starts, it may be later than we are.

    One that answers, were it by a refusal, is there; and whether it is at the end, is for the next to find out.
    """
    asked = make_conninfo(url, connect_timeout=5).encode()
    end = monotonic() + seconds
    while psycopg.pq.PGconn.ping(asked) in (Ping.NO_RESPONSE, Ping.REJECT) and monotonic() < end:
        sleep(0.5)


def await_schema(url: str) -> None:
    """Wait until this code works on the schema, for as long as that takes; say so at once, and each minute.

    A worker on an older schema, or without a database, would fail whatever it takes: so it takes nothing. What waits in
    the queue waits for it, or goes to a worker of the version before.
    """
    said: float | None = None
    while (lacks := _what_it_lacks(url)) is not None:
        if said is None or monotonic() - said > _SAY_AGAIN:
            log.warning("schema_awaited", needs=head(), **lacks)
            said = monotonic()
        sleep(_LOOK_AGAIN)


def _what_it_lacks(url: str) -> dict[str, str] | None:
    try:
        at = current(url)
    except psycopg.Error as error:
        return {"why": type(error).__name__}
    return None if is_served(at) else {"at": at or "nothing"}


def upgrade(owner_url: str) -> bool:
    """Run what is missing. Returns whether anything was; a database at the newest revision costs one query."""
    if is_served(current(owner_url)):
        return False
    from alembic import command

    config = alembic_config()
    config.attributes["url"] = sqlalchemy_url(owner_url)
    command.upgrade(config, "head")
    return True


def alembic_config() -> "Config":
    """Where Alembic finds our migrations."""
    from alembic.config import Config

    config = Config()
    # Alembic reads % as an interpolation.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
