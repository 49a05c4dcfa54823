"""What a coach's calendar says of what stands in it."""

from flask_babel import gettext as _

from coachhub.booking.models import BookingStatus, PaidWith, PlaceKind, Side
from coachhub.booking.service.reading import BookingRow
from coachhub.booking.service.working import Unusual
from coachhub.platform.language import moment_words, money_words, time_words

_TONES = {
    BookingStatus.HELD: "at_risk",
    BookingStatus.CONFIRMED: "scheduled",
    BookingStatus.COMPLETED: "held",
    BookingStatus.NO_SHOW: "off_track",
}


def booking_status_words(status: BookingStatus) -> str:
    """Where a booking stands, for the coach."""
    words: dict[BookingStatus, str] = {
        BookingStatus.HELD: _("On hold"),
        BookingStatus.CONFIRMED: _("Booked"),
        BookingStatus.COMPLETED: _("Took place"),
        BookingStatus.NO_SHOW: _("Did not come"),
        BookingStatus.EXPIRED: _("Not paid in time"),
        BookingStatus.CANCELLED: _("Called off"),
    }
    return words[status]


def booking_tone(status: BookingStatus) -> str:
    """The key of the chip that says so."""
    return _TONES.get(status, "cancelled")


def title_words(booking: BookingRow) -> str:
    """What it is: its offering's title, or that it is a session."""
    return booking.title or str(_("Coaching session"))


def booking_words(booking: BookingRow, coach_name: str = "") -> str:
    """What a calendar says below the name. `coach_name` where it is not clear whose it is."""
    said = [coach_name, title_words(booking)]
    if booking.status is BookingStatus.HELD and booking.held_until is not None:
        said.append(str(_("held until %(time)s", time=time_words(booking.held_until))))
    elif booking.status is not BookingStatus.CONFIRMED:
        said.append(booking_status_words(booking.status))
    return " · ".join(part for part in said if part)


def block_words(note: str, coach_name: str = "") -> tuple[str, str]:
    """A title for a blocked time, and what stands below it."""
    title, kind = (note, str(_("Blocked"))) if note else (str(_("Blocked")), "")
    return title, " · ".join(part for part in (coach_name, kind) if part)


def other_day_words(is_away: bool, note: str, coach_name: str = "") -> str:
    """`Away: Easter`, `Other hours`."""
    kind = str(_("Away") if is_away else _("Other hours"))
    said = f"{kind}: {note}" if note else kind
    return f"{coach_name}, {said}" if coach_name else said


def place_kind_words(kind: PlaceKind) -> str:
    """How they meet, where no place is written."""
    words: dict[PlaceKind, str] = {
        PlaceKind.VIDEO: _("By video"),
        PlaceKind.PHONE: _("By phone"),
        PlaceKind.ADDRESS: _("not said yet"),
        PlaceKind.CLIENT: _("Where the client says"),
    }
    return words[kind]


def paid_words(booking: BookingRow) -> str:
    """What it costs, and how that is settled."""
    price = money_words(booking.price, booking.currency)
    if booking.paid_with is PaidWith.CREDIT:
        return str(_("with a credit of a package"))
    if booking.paid_with is PaidWith.COACH:
        return str(
            _("%(price)s, between the two of you", price=price) if booking.price else _("between the two of you")
        )
    if booking.paid_with is PaidWith.NOTHING or not booking.price:
        return str(_("free"))
    return str(_("%(price)s, not paid yet", price=price)) if booking.status is BookingStatus.HELD else price


def goes_back_words(booking: BookingRow) -> str:
    """What the client has back when the coach calls it off."""
    if booking.paid_with is PaidWith.CREDIT:
        return str(_("The credit goes back to the package."))
    if booking.paid_with is PaidWith.MONEY and booking.price:
        return str(_("Everything that was paid goes back by itself."))
    return str(_("Nothing was paid here, so nothing goes back."))


def called_off_words(booking: BookingRow) -> str:
    """Who called it off, and why."""
    by = {Side.CLIENT: _("by the client"), Side.COACH: _("by you or a colleague"), Side.SYSTEM: _("by itself")}
    who = str(by[booking.cancelled_by]) if booking.cancelled_by else ""
    when = moment_words(booking.cancelled_at) if booking.cancelled_at else ""
    return ", ".join(part for part in (when, who, booking.cancel_reason) if part)


def unusual_words(unusual: Unusual) -> tuple[str, ...]:
    """What a coach should know before they put something there."""
    said = []
    if unusual.is_outside:
        said.append(str(_("This is outside the hours in which bookings are taken.")))
    if unusual.block is not None:
        span = f"{moment_words(unusual.block.starts_at)} – {time_words(unusual.block.ends_at)}"
        note = unusual.block.note or str(_("no note"))
        said.append(str(_("This time is blocked: %(note)s (%(span)s).", note=note, span=span)))
    return tuple(said)
