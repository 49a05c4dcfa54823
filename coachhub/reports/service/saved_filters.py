"""Filters of the list of clients that a coach has kept: each coach sees their own."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.tenancy import current_practice
from coachhub.reports.models import SavedFilter

MOST = 30


def keep_filter(user_id: UUID, name: str, query: str) -> None:
    """Keep what a list asks for under a name; one of the same name is kept anew. Raises Refused beyond thirty."""
    mine = (SavedFilter.practice_id == current_practice(), SavedFilter.user_id == user_id)
    others = select(func.count()).select_from(SavedFilter).where(*mine, SavedFilter.name != name)
    if (db.session.scalar(others) or 0) >= MOST:
        raise Refused(422, _("You have kept %(n)s filters. Forget one first.", n=MOST))
    row = {"practice_id": current_practice(), "user_id": user_id, "name": name, "query": query}
    kept = insert(SavedFilter).values(**row, created_at=clock.now())
    same_name = ["practice_id", "user_id", "name"]
    db.session.execute(kept.on_conflict_do_update(index_elements=same_name, set_={"query": query}))


def forget_filter(user_id: UUID, saved_id: UUID) -> str:
    """Keep a filter of this coach no longer; returns its name. Raises NotFound for somebody else's, too."""
    mine = (SavedFilter.practice_id == current_practice(), SavedFilter.user_id == user_id, SavedFilter.id == saved_id)
    name = db.session.scalar(delete(SavedFilter).where(*mine).returning(SavedFilter.name))
    if name is None:
        raise NotFound
    return str(name)
