"""What several forms ask in the same way: lengths, checks, and instants made of local fields."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Field, Form
from wtforms.validators import NumberRange, Optional, ValidationError

from coachhub.network.service.channels import is_dialable
from coachhub.network.service.owner import Owner
from coachhub.platform.addresses import good_address
from coachhub.platform.lengths import AtMost
from coachhub.platform.local_time import local_instant
from coachhub.platform.texts import one_line

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_PHONE, LONGEST_TEXT = 120, 254, 40, 4000
FIRST_YEAR = 1940
MOST_MINUTES = 720

YEAR = (Optional(), NumberRange(FIRST_YEAR, 2100, _("Write a year with four digits, such as 2019.")))
SHORT_TEXT = AtMost(LONGEST_NAME)


def is_name(form: Form, field: Field) -> None:
    """More than blanks."""
    if not one_line(field.data or ""):
        raise ValidationError(_("Please write a name."))


def is_address(form: Form, field: Field) -> None:
    """An e-mail address one could write to."""
    if good_address(field.data) is None:
        raise ValidationError(_("Write a whole e-mail address, such as dan@example.com."))


def is_number(form: Form, field: Field) -> None:
    """A telephone number one could dial."""
    if not is_dialable(field.data):
        raise ValidationError(_("This does not look like a telephone number."))


def instant_of(day: date, at: Any, owner: Owner, kept: datetime | None) -> datetime:
    """The UTC instant of local fields; the one already kept where they show it, so that saving moves nothing."""
    if kept is not None:
        shown = kept.astimezone(owner.zone)
        if (shown.date(), shown.hour, shown.minute) == (day, at.hour, at.minute):
            return kept
    return local_instant(day, at, owner.zone)
