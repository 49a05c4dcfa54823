"""The record of somebody who came by themselves: a visitor who has booked."""

from uuid import UUID

from sqlalchemy import case, select, update
from sqlalchemy.dialects.postgresql import insert

from coachhub.accounts.service import audit
from coachhub.clients.models import Client, ClientStatus
from coachhub.clients.rules.people import tidy
from coachhub.platform import clock
from coachhub.platform.addresses import as_we_write_it
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.platform.zones import is_zone, present_name


def client_for_visitor(name: str, email: str, time_zone: str, coach_id: UUID) -> UUID:
    """The client of the practice with this address; where there is none, a new record, invited but not written to.

    Who was in the archive comes back, because a coach meets them again, but their months go on resting until the coach
    says otherwise: an address that somebody typed proves nobody, and must not set reminders going.
    """
    address = as_we_write_it(email)
    made = _add(tidy(name) or address, address, time_zone, coach_id)
    if made is not None:
        audit.note("client_booked", made)
        return made
    known = select(Client.id, Client.status).where(Client.practice_id == current_practice(), Client.email == address)
    client_id, status = db.session.execute(known).one()
    if status == ClientStatus.ARCHIVED:
        bring_back(client_id)
    return UUID(str(client_id))


def bring_back(client_id: UUID) -> None:
    """Bring a client back from the archive, paused where they were active before. Nothing happens to anybody else."""
    this = (Client.practice_id == current_practice(), Client.id == client_id)
    was_invited = Client.status_before == ClientStatus.INVITED
    status = case((was_invited, ClientStatus.INVITED.value), else_=ClientStatus.PAUSED.value)
    back = update(Client).where(*this, Client.status == ClientStatus.ARCHIVED)
    if db.session.scalar(back.values(status=status, status_before=None).returning(Client.id)) is not None:
        audit.note("client_restored", client_id)


def _add(name: str, email: str, time_zone: str, coach_id: UUID) -> UUID | None:
    row = {
        "practice_id": current_practice(),
        "coach_id": coach_id,
        "name": name,
        "email": email,
        "time_zone": present_name(time_zone) if is_zone(time_zone) else "UTC",
        "status": ClientStatus.INVITED.value,
        "created_at": clock.now(),
    }
    return db.session.scalar(insert(Client).values(row).on_conflict_do_nothing().returning(Client.id))
