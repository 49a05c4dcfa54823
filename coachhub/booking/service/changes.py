"""What happens to bookings, told to the domains above in the same transaction."""

from uuid import UUID

from coachhub.booking.models import Side
from coachhub.platform.counts import Counted
from coachhub.platform.news import News

BOOKINGS = Counted("coachhub_bookings", "Bookings, by what became of them.", ("became",))
MOVED = "moved"

CONFIRMED: News[[UUID]] = News()
"""This booking is confirmed; the client is known."""
CHANGED: News[[UUID, Side]] = News()
"""This confirmed booking was moved, or takes place elsewhere or with another coach; who did it."""
CANCELLED: News[[UUID, Side]] = News()
"""This booking, which was confirmed, is off; who called it off."""
ENDED: News[[UUID]] = News()
"""This booking is completed, or the client did not come."""
FREED: News[[UUID]] = News()
"""The time of this booking is free again: its hold ended, it was moved or cancelled."""
RUN_OUT: News[[set[UUID]]] = News()
"""The time of these holds is over. Whoever still waits for money for some takes them out: those are not let go yet."""
