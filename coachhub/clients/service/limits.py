"""How many active clients a practice may have. At the limit nobody new is asked in; nobody who is in is turned away.

An invitation under way holds a place already, so accepting it never asks for one. Who books by themselves, is paused or
in the archive holds none.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import gettext as _
from sqlalchemy import and_, exists, func, or_, select

from coachhub.accounts.models import Practice
from coachhub.clients.models import Client, ClientInvite, ClientStatus
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.questions import Question
from coachhub.platform.tenancy import current_practice

MOST_ACTIVE: Question[int | None] = Question(None)
"""How many active clients may the practice have? None: as many as it likes."""


class TooManyClients(Refused):
    """More active clients than the practice may have: `limit` are allowed, `taken` there are."""

    def __init__(self, limit: int, taken: int) -> None:
        super().__init__(409, _("This would be more active clients than your plan holds."))
        self.limit = limit
        self.taken = taken


@contextmanager
def within_limit() -> Iterator[None]:
    """Do what asks somebody in; where that takes more places than there are, undo it and raise TooManyClients.

    Two at once wait for each other. A practice that is over its limit already keeps all it has.
    """
    limit = MOST_ACTIVE.ask()
    if limit is None:
        yield
        return
    _wait_for_others()
    taken = places_taken()
    with db.session.begin_nested():
        yield
        if places_taken() > max(limit, taken):
            raise TooManyClients(limit, taken)


def what_is_full(more: int = 1) -> TooManyClients | None:
    """Why so many more cannot be asked in; None where they can. For pages that say so before anything is typed."""
    limit = MOST_ACTIVE.ask()
    if limit is None:
        return None
    taken = places_taken()
    return TooManyClients(limit, taken) if taken + more > limit else None


def places_taken() -> int:
    """How many clients are active or have an invitation under way."""
    invite = (ClientInvite.practice_id == Client.practice_id, ClientInvite.client_id == Client.id)
    under_way = exists().where(*invite, ClientInvite.spent_at.is_(None), ClientInvite.expires_at > clock.now())
    is_asked = and_(Client.status == ClientStatus.INVITED, under_way)
    here = (Client.practice_id == current_practice(), or_(Client.status == ClientStatus.ACTIVE, is_asked))
    return db.session.scalar(select(func.count()).select_from(Client).where(*here)) or 0


def _wait_for_others() -> None:
    """One at a time; what only points at the practice, such as a booking, does not wait."""
    this = select(Practice.id).where(Practice.id == current_practice())
    db.session.execute(this.with_for_update(key_share=True))
