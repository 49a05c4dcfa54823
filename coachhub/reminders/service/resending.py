"""Sending a mail again of which nobody can say whether it was taken. A person decides it; it may arrive twice."""

from uuid import UUID

from sqlalchemy import update

from coachhub.accounts.service import audit
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.platform.wakes import look_now
from coachhub.reminders.models import Message, MessageState
from coachhub.reminders.rules import ANSWERS_COME_WITHIN
from coachhub.reminders.service.messages import message_of


def send_again(message_id: UUID) -> bool:
    """Make a message due again, with all that was in its mail; False where it is on its way already, or known.

    What has become pointless meanwhile is dropped when it is written. Raises NotFound.
    """
    found, now = message_of(message_id), clock.now()
    mail = [found.line.id, *(other.id for other in found.together)]
    still_unknown = (Message.state == MessageState.UNKNOWN, Message.settled_at <= now - ANSWERS_COME_WITHIN)
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
