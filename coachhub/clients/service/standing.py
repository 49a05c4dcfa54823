"""Where a client stands: active, paused, archived and back. Nothing is lost on any of these ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select, update

from coachhub.accounts.service import audit
from coachhub.clients.models import Client, ClientStatus
from coachhub.clients.service.limits import within_limit
from coachhub.clients.service.records import client_of
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.news import News
from coachhub.platform.wakes import look_now


@dataclass(frozen=True)
class Back:
    """A client who goes on after a rest that began at `since`."""

    client_id: UUID
    since: datetime


BACK: News[[Back]] = News()
"""A client goes on after a rest."""


def pause_client(client_id: UUID) -> None:
    """Stop writing to an active client; their months rest. Raises NotFound, Refused."""
    _move(client_id, ClientStatus.ACTIVE, ClientStatus.PAUSED)
    db.session.execute(update(Client).where(Client.id == client_id).values(rests_since=_since()))


def resume_client(client_id: UUID) -> None:
    """Go on with a paused client. Raises NotFound, Refused, TooManyClients."""
    with within_limit():
        _move(client_id, ClientStatus.PAUSED, ClientStatus.ACTIVE)
        _go_on(client_id)
    look_now()


def archive_clients(client_ids: Sequence[UUID]) -> int:
    """Put clients away: out of the lists, no mail. Their status is kept for the way back. Returns how many."""
    here: tuple[ColumnElement[bool], ...] = (Client.id.in_(client_ids), Client.status != ClientStatus.ARCHIVED)
    values = {"status_before": Client.status, "status": ClientStatus.ARCHIVED.value, "rests_since": _since()}
    archived = list(db.session.scalars(update(Client).where(*here).values(values).returning(Client.id)))
    for client_id in archived:
        audit.note("client_archived", client_id)
    return len(archived)


def restore_client(client_id: UUID) -> None:
    """Bring a client back from the archive as they were. Raises NotFound, TooManyClients."""
    with within_limit():
        _restore(client_id)
    look_now()
    audit.note("client_restored", client_id)


def _restore(client_id: UUID) -> None:
    client_of(client_id)
    archived = (Client.id == client_id, Client.status == ClientStatus.ARCHIVED)
    values = {"status": func.coalesce(Client.status_before, ClientStatus.ACTIVE.value), "status_before": None}
    restored = db.session.scalar(update(Client).where(*archived).values(values).returning(Client.status))
    if restored is not None and restored != ClientStatus.PAUSED:
        _go_on(client_id)


def _since() -> ColumnElement[datetime]:
    """Now, unless they rest already."""
    return func.coalesce(Client.rests_since, clock.now())


def _go_on(client_id: UUID) -> None:
    since = db.session.scalar(select(Client.rests_since).where(Client.id == client_id))
    if since is None:
        return
    db.session.execute(update(Client).where(Client.id == client_id).values(rests_since=None, back_at=clock.now()))
    BACK.tell(Back(client_id, since))


def _move(client_id: UUID, before: ClientStatus, after: ClientStatus) -> None:
    """From one status to another; being there already is fine, since a button may be pressed twice."""
    client = client_of(client_id)
    if client.status not in (before, after):
        raise Refused(409, _("This does not fit any more. Reload the page to see how things stand."))
    db.session.execute(update(Client).where(Client.id == client_id).values(status=after.value))
    audit.note(f"client_{after.value}", client_id)
