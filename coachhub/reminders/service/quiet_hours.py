"""Quiet hours: a practice's, and a client's own where they have chosen some."""

from uuid import UUID

from sqlalchemy import select, update

from coachhub.accounts.models import Practice
from coachhub.accounts.service import audit
from coachhub.clients.models import Client
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.rules import QuietHours


def practice_quiet() -> QuietHours:
    """The quiet hours of the running practice, by its readers' clocks."""
    query = select(Practice.quiet_from, Practice.quiet_until).where(Practice.id == current_practice())
    return QuietHours(*db.session.execute(query).one())


def keep_practice_quiet(quiet: QuietHours) -> None:
    """Change the quiet hours of the practice; they hold for everybody who has chosen none."""
    hours = {"quiet_from": quiet.start, "quiet_until": quiet.end}
    db.session.execute(update(Practice).where(Practice.id == current_practice()).values(hours))
    audit.note("quiet_hours_changed", current_practice())


def own_quiet(client_id: UUID) -> QuietHours | None:
    """The hours that a client has chosen; None where the practice's hold."""
    mine = (Client.practice_id == current_practice(), Client.id == client_id)
    start, end = db.session.execute(select(Client.quiet_from, Client.quiet_until).where(*mine)).one()
    return QuietHours(start, end) if start is not None and end is not None else None


def keep_own_quiet(client_id: UUID, quiet: QuietHours | None) -> None:
    """Choose own quiet hours, or None for the practice's."""
    hours = {"quiet_from": quiet.start if quiet else None, "quiet_until": quiet.end if quiet else None}
    mine = (Client.practice_id == current_practice(), Client.id == client_id)
    db.session.execute(update(Client).where(*mine).values(hours))
