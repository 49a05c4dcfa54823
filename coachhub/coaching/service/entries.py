"""What a coach says of a coaching session."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class SessionEntry:
    """When (a UTC instant), how long, where, what about, and with which coach."""

    coach_id: UUID
    starts_at: datetime
    minutes: int
    place: str
    agenda: str

    def without_agenda(self) -> tuple[UUID, datetime, int, str]:
        """What the client is told of when it changes; the agenda stands in the reminders."""
        return self.coach_id, self.starts_at, self.minutes, self.place
