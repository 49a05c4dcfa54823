"""Bring the schema to the newest revision, as the owner role."""

from functools import cache

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from coachhub.platform.config import ROOT, sqlalchemy_url

# Beside the package, in a checkout and in an installed wheel alike.
_SCRIPTS = ROOT / "migrations"


@cache
def head() -> str:
    """The newest revision that this code knows."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if newest is None:
        raise RuntimeError(f"no migrations in {_SCRIPTS}")
    return newest


def current(url: str) -> str | None:
    """The revision that the database is at, None for an empty one. `url` may be any role's that can read it."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        if connection.execute("select to_regclass('public.alembic_version')").fetchone() == (None,):
            return None
        row = connection.execute("select version_num from alembic_version").fetchone()
    return str(row[0]) if row else None


def upgrade(owner_url: str) -> bool:
    """Run what is missing. Returns whether anything was; a database at the newest revision costs one query."""
    if current(owner_url) == head():
        return False
    config = _config()
    config.attributes["url"] = sqlalchemy_url(owner_url)
    command.upgrade(config, "head")
    return True


def _config() -> Config:
    config = Config()
    # Alembic reads % as an interpolation.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
