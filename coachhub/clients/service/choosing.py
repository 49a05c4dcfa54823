"""The clients of a practice, for a field in which one of them is chosen."""

from collections import Counter
from uuid import UUID

from sqlalchemy import select

from coachhub.clients.models import Client, ClientStatus
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


def clients_to_choose() -> list[tuple[UUID, str]]:
    """Everybody who is not in the archive, by name; two of one name are told apart by their address."""
    query = select(Client.id, Client.name, Client.email).where(
        Client.practice_id == current_practice(), Client.status != ClientStatus.ARCHIVED
    )
    rows = db.session.execute(query.order_by(Client.name, Client.email)).all()
    named = Counter(row.name for row in rows)
    return [(row.id, f"{row.name} ({row.email})" if named[row.name] > 1 else row.name) for row in rows]
