"""What a client would like to talk about in a coaching session, in their own words."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update

from coachhub.coaching.models import CoachingSession
from coachhub.coaching.rules.actions import may_say_topic
from coachhub.coaching.service.reading import CoachingSessionRow, coaching_session_behind
from coachhub.platform import clock, tokens
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import bind, current_practice

_TOPIC = "topic"


def topic_address(coaching_session_id: UUID) -> str:
    """The page of one field on which whoever got the mail says what they would like to talk about."""
    return address_of(f"/topic/{tokens.sign(_TOPIC, current_practice(), coaching_session_id)}")


def follow_topic_link(token: str) -> CoachingSessionRow:
    """The session that a mail's link names; binds the transaction to its practice, and to nobody as a person.

    Raises NotFound: not ours, or the session is gone.
    """
    ids = tokens.read(_TOPIC, token)
    if ids is None or len(ids) != 2:
        raise NotFound
    practice_id, coaching_session_id = ids
    bind(practice_id, None)
    return coaching_session_behind(coaching_session_id)


def say_topic(found: CoachingSessionRow, topic: str) -> None:
    """Keep what the client would like to talk about; an empty text takes it back. Raises Refused once it is over."""
    now = clock.now()
    if not may_say_topic(found.is_open, found.ends_at, now):
        raise Refused(409, _("This session is over or was cancelled."))
    if topic == found.topic:
        return
    this = (CoachingSession.practice_id == current_practice(), CoachingSession.id == found.id)
    said = {"topic": topic, "topic_at": now if topic else None}
    db.session.execute(update(CoachingSession).where(*this).values(**said))
