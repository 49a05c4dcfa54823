"""Having people told of a coaching session, and reminded of it in time."""

from datetime import datetime

from coachhub.coaching.rules import day_before, hour_before
from coachhub.platform.tenancy import current_practice
from coachhub.platform.wakes import look_at, mail_now


def tell(starts_at: datetime, now: datetime) -> None:
    """Have whoever is concerned told now, and reminded in time."""
    mail_now(current_practice())
    for due in (day_before(starts_at), hour_before(starts_at)):
        if due > now:
            look_at(due)
