"""Tables of the coaching domain."""

from coachhub.coaching.models.actions import Action, Party
from coachhub.coaching.models.sessions import CoachingSession, CoachingSessionStatus

__all__ = ["Action", "CoachingSession", "CoachingSessionStatus", "Party"]
