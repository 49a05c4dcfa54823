"""The schema's revision, as we and as Alembic see it."""

from alembic.script import ScriptDirectory

from coachhub.platform import embedded, migrate


def test_it_takes_the_last_number_for_the_newest_revision() -> None:
    assert migrate.head() == ScriptDirectory.from_config(migrate.alembic_config()).get_current_head()


def test_it_has_nothing_to_do_at_the_newest_revision(addresses: embedded.Addresses) -> None:
    assert migrate.current(addresses.database_url) == migrate.head()
    assert migrate.upgrade(addresses.owner_url) is False
