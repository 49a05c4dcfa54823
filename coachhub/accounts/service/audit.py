"""The audit trail: who did what to which row, in this practice."""

from uuid import UUID

from coachhub.accounts.models import AuditEntry
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice, current_scope


def note(action: str, subject_id: UUID | None = None) -> None:
    """Write down that the person of this transaction did something, such as `coach_invited`; no personal details."""
    db.session.add(
        AuditEntry(
            practice_id=current_practice(),
            at=clock.now(),
            actor_id=current_scope().user_id,
            action=action,
            subject_id=subject_id,
        )
    )
