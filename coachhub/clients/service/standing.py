"""Where a client stands: active, paused, archived and back. Nothing is lost on any of these ways."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, update

from coachhub.accounts.service import audit
from coachhub.clients.models import Client, ClientStatus
from coachhub.clients.service.records import client_of
from coachhub.platform.db import db
from coachhub.platform.errors import Refused


def pause_client(client_id: UUID) -> None:
    """Stop writing to an active client. Raises NotFound, Refused."""
    _move(client_id, ClientStatus.ACTIVE, ClientStatus.PAUSED)


def resume_client(client_id: UUID) -> None:
    """Go on with a paused client. Raises NotFound, Refused."""
    _move(client_id, ClientStatus.PAUSED, ClientStatus.ACTIVE)


def archive_clients(client_ids: Sequence[UUID]) -> int:
    """Put clients away: out of the lists, no mail. Their status is kept for the way back. Returns how many."""
    here: tuple[ColumnElement[bool], ...] = (Client.id.in_(client_ids), Client.status != ClientStatus.ARCHIVED)
    values = {"status_before": Client.status, "status": ClientStatus.ARCHIVED.value}
    archived = list(db.session.scalars(update(Client).where(*here).values(values).returning(Client.id)))
    for client_id in archived:
        audit.note("client_archived", client_id)
    return len(archived)


def restore_client(client_id: UUID) -> None:
    """Bring a client back from the archive as they were. Raises NotFound."""
    client_of(client_id)
    archived = (Client.id == client_id, Client.status == ClientStatus.ARCHIVED)
    values = {"status": func.coalesce(Client.status_before, ClientStatus.ACTIVE.value), "status_before": None}
    db.session.execute(update(Client).where(*archived).values(values))
    audit.note("client_restored", client_id)


def _move(client_id: UUID, before: ClientStatus, after: ClientStatus) -> None:
    """From one status to another; being there already is fine, since a button may be pressed twice."""
    client = client_of(client_id)
    if client.status not in (before, after):
        raise Refused(409, _("This does not fit any more. Reload the page to see how things stand."))
    db.session.execute(update(Client).where(Client.id == client_id).values(status=after.value))
    audit.note(f"client_{after.value}", client_id)
