"""Alembic's environment: one connection as the owner role, with lock and statement timeouts; or the SQL alone."""

from alembic import context
from sqlalchemy import create_engine, text

import coachhub.accounts.models
import coachhub.booking.models
import coachhub.clients.models
import coachhub.coaching.models
import coachhub.habits.models
import coachhub.network.models
import coachhub.payments.models
import coachhub.reminders.models
import coachhub.reports.models  # noqa: F401 (each import fills the metadata)
from coachhub.platform.db import Base


def run() -> None:
    """Bring the schema to the asked revision, all in one transaction."""
    engine = create_engine(context.config.attributes["url"])
    with engine.connect() as connection:
        connection.execute(text("set lock_timeout = '5s'"))
        connection.execute(text("set statement_timeout = '10min'"))
        connection.commit()
        context.configure(connection=connection, target_metadata=Base.metadata, compare_server_default=False)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


def write() -> None:
    """Write the SQL of the asked revisions to the given output, as it would run on any database of ours."""
    context.configure(dialect_name="postgresql", target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


write() if context.is_offline_mode() else run()
