"""Whether a demo is to be made; what makes one is loaded only then, so that a later start need not."""

from typing import LiteralString

import psycopg

from coachhub.demo import people
from coachhub.platform.config import Settings


def seed_if_empty(settings: Settings) -> bool:
    """Make the demo practice where no practice exists yet. Returns whether it did."""
    return _seed_unless(settings, "select exists (select from practices)")


def seed_demo(settings: Settings) -> bool:
    """Make the demo practice unless it is there. Returns whether it did."""
    return _seed_unless(settings, "select exists (select from users where email = %s)", people.OWNER[1])


def _seed_unless(settings: Settings, question: LiteralString, *values: str) -> bool:
    with psycopg.connect(owner_url(settings)) as connection:
        connection.execute("set role coachhub_lookup")
        is_there = connection.execute(question, values).fetchone() == (True,)
    if is_there:
        return False
    from coachhub.demo.practice import load_demo

    load_demo(settings)
    return True


def owner_url(settings: Settings) -> str:
    """The address as the owner role. Raises PermissionError where there is none."""
    if settings.database_owner_url is None:
        raise PermissionError("DATABASE_OWNER_URL is not set: the demo is copied in by the owner role")
    return settings.database_owner_url.get_secret_value()
