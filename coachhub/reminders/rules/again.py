"""When a mail may be sent again of which nobody knows whether it was taken."""

from datetime import datetime, timedelta

ANSWERS_COME_WITHIN = timedelta(hours=1)
"""By then the provider has told what it has, if it has anything."""


def may_go_again(state: str, settled_at: datetime | None, now: datetime) -> bool:
    """Whether a person may send it again: nothing is known of it, and nothing has been heard for an hour."""
    return state == "unknown" and settled_at is not None and settled_at <= now - ANSWERS_COME_WITHIN
