"""roles.sql where nobody is a superuser, as on a managed server: its administrator may make roles and databases."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import psycopg
import pytest

from coachhub.platform import embedded, migrate
from coachhub.platform.embedded import Addresses, EmbeddedError

pytestmark = pytest.mark.lengthy

_ROLES = ("coachhub_owner", "coachhub_web", "coachhub_worker", "coachhub_lookup")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    """A server with nothing of ours on it."""
    with embedded.running(tmp_path_factory.mktemp("managed") / "state", ("postgres",), durable=False) as found:
        with psycopg.connect(found.admin_url, autocommit=True) as superuser:
            superuser.execute("drop database coachhub with (force)")
            for role in _ROLES:
                superuser.execute(f"drop role {role}")
            superuser.execute("create role administrator login createrole createdb password 'theirs'")
        yield found


@pytest.fixture(scope="module")
def managed(server: Addresses) -> Addresses:
    """As its administrator sees it, who is no superuser."""
    place = urlsplit(server.admin_url)
    theirs = place._replace(netloc=f"administrator:theirs@{place.netloc.rpartition('@')[2]}")
    return replace(server, admin_url=theirs.geturl())


def test_it_makes_all_that_coachhub_stands_on(managed: Addresses) -> None:
    for _ in range(2):  # again, it changes nothing
        embedded.ensure_database(managed)
    assert migrate.upgrade(managed.owner_url) is True
    with psycopg.connect(managed.database_url) as web:
        rows = web.execute("select rolname, rolsuper or rolbypassrls or rolcreaterole from pg_roles").fetchall()
        assert {name for name, is_mighty in rows if name in _ROLES and not is_mighty} == set(_ROLES)
        assert web.execute("select count(*) from practices").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("create table theirs (id int)")


def test_it_stops_where_a_role_passes_row_level_security_by(managed: Addresses, server: Addresses) -> None:
    embedded.ensure_database(managed)
    with psycopg.connect(server.admin_url, autocommit=True) as superuser:
        superuser.execute("alter role coachhub_web bypassrls")
        with pytest.raises(EmbeddedError, match="passes row-level security by"):
            embedded.ensure_database(managed)
        embedded.ensure_database(server)  # a superuser takes it away
    embedded.ensure_database(managed)
