"""Sending a mail again of which nobody can say whether it was taken. A person decides it; it may arrive twice."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from coachhub.accounts.service import audit
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.platform.wakes import look_now
from coachhub.reminders.models import Message, MessageState
from coachhub.reminders.service.messages import MessageLine, message_of

WAIT = timedelta(hours=1)
"""By then the provider has told what it has, if it has anything."""


def may_go_again(line: MessageLine, now: datetime) -> bool:
    """Whether a message may be sent again: nothing is known of it, and nothing has been heard for an hour."""
    return line.state is MessageState.UNKNOWN and line.settled_at is not None and line.settled_at <= now - WAIT


def send_again(message_id: UUID) -> bool:
    """Make a message due again, with all that was in its mail; False where it is on its way already, or known.

    What has become pointless meanwhile is dropped when it is written. Raises NotFound.
    """
    found, now = message_of(message_id), clock.now()
    mail = [found.line.id, *(other.id for other in found.together)]
    still_unknown = (Message.state == MessageState.UNKNOWN, Message.settled_at <= now - WAIT)
    again = {"state": MessageState.DUE, "due_at": now, "settled_at": None, "is_trouble": False, "reason": None}
    change = (
        update(Message)
        .where(Message.practice_id == current_practice(), Message.id.in_(mail), *still_unknown)
        .values(**again, leased_until=None, handed_at=None, provider_id=None)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    if not db.session.scalars(change).all():
        return False
    audit.note("message_sent_again", message_id)
    look_now()
    return True
