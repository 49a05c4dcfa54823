"""What the templates of a coach's calendar may say."""

from collections.abc import Callable

from coachhub.booking.views.pages import pages
from coachhub.booking.wording import calendar

_SAID = (
    *("booking_status_words", "booking_tone", "title_words", "booking_words", "place_kind_words"),
    *("paid_words", "goes_back_words", "called_off_words"),
)


@pages.context_processor
def _words() -> dict[str, Callable[..., object]]:
    return {name: getattr(calendar, name) for name in _SAID}
