"""The form of an offering, in the order in which an owner thinks about it."""

from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from coachhub.accounts.forms import on_one_line
from coachhub.accounts.service.members import Coach
from coachhub.booking.forms.fields import SpanField, refuse_too_little
from coachhub.booking.models import PlaceKind
from coachhub.booking.rules.terms import Span, SpanUnit
from coachhub.booking.service.offering_book import OfferingEntry
from coachhub.booking.service.offers import OfferingRow
from coachhub.booking.wording.terms import span_words
from coachhub.platform.lengths import AtMost
from coachhub.platform.money_field import MoneyField

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_PLACE = 80, 2000, 300
_BUFFERS = (0, 5, 10, 15, 30, 45, 60)
_NOTICES = (0, 60, 240, 720, 1440, 2880, 4320, 10080)
_STEPS = (5, 10, 15, 20, 30, 45, 60, 90, 120)
_UNTIL = (0, 60, 240, 720, 1440, 2880, 4320, 10080)
_HORIZONS = (7, 14, 30, 60, 90, 180, 365)
_LONGEST_WAIT = 60 * 1440


def _days(days: int) -> str:
    return span_words(Span(days, SpanUnit.DAYS))


def _place_kinds() -> list[tuple[str, str]]:
    return [
        (PlaceKind.VIDEO.value, _("Video call")),
        (PlaceKind.PHONE.value, _("By phone")),
        (PlaceKind.ADDRESS.value, _("In person")),
        (PlaceKind.CLIENT.value, _("The client says where")),
    ]


class OfferingForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """An offering. The price is in the practice's currency; a practice of one coach is not asked who gives it."""

    title = StringField(
        _l("What is it called?"),
        filters=[on_one_line],
        validators=[DataRequired(_l("Give it a name, such as “Career session”.")), AtMost(LONGEST_TITLE)],
    )
    description = TextAreaField(
        _l("What is it about?"),
        [AtMost(LONGEST_DESCRIPTION)],
        description=_l("A few lines for whoever wonders whether it is for them. Markdown works."),
    )
    minutes = IntegerField(
        _l("Length in minutes"),
        [InputRequired(_l("How many minutes?")), NumberRange(5, 720, _l("Between 5 minutes and 12 hours (720)."))],
        default=60,
    )
    price = MoneyField(_l("Price"), [InputRequired(_l("Write a price; 0 where it is free."))])
    place_kind = RadioField(_l("Where does it take place?"), choices=_place_kinds, default=PlaceKind.VIDEO.value)
    place = StringField(_l("Link, number or address"), filters=[on_one_line], validators=[AtMost(LONGEST_PLACE)])
    coach_ids = SelectMultipleField(_l("Who gives it?"), option_widget=CheckboxInput())
    coach_choice = BooleanField(_l("Whoever books chooses the coach; otherwise any free one takes it"))
    notice_minutes = SpanField(_l("At least so long before"), _NOTICES, _LONGEST_WAIT, default=720)
    horizon_days = SpanField(_l("At most so far ahead"), _HORIZONS, 730, _days, default=60)
    step_minutes = SpanField(_l("A time begins every"), _STEPS, 720, default=30)
    buffer_before = SpanField(_l("Kept free before"), _BUFFERS, 720, default=0)
    buffer_after = SpanField(_l("Kept free after"), _BUFFERS, 720, default=0)
    daily_limit = IntegerField(
        _l("At most so many a day"),
        [Optional(), NumberRange(1, 100, _l("Between 1 and 100, or nothing for no limit."))],
    )
    free_until_minutes = SpanField(_l("Free to cancel until"), _UNTIL, _LONGEST_WAIT, default=1440)
    late_percent = IntegerField(
        _l("Percent back later"),
        [
            InputRequired(_l("Write a number; 0 where nothing comes back.")),
            NumberRange(0, 100, _l("Between 0 and 100.")),
        ],
        default=0,
    )
    move_until_minutes = SpanField(_l("Can be moved until"), _UNTIL, _LONGEST_WAIT, default=1440)
    is_hidden = BooleanField(_l("Not listed: only who has the link finds it"))
    is_intro = BooleanField(_l("Once for each person, such as a first talk"))

    def __init__(self, currency: str, coaches: Sequence[Coach], found: OfferingRow | None = None, **more: Any) -> None:
        super().__init__(obj=found, **more)
        self.price.currency, self._coaches = currency, coaches
        self.price.label.text = _("Price in %(currency)s, 0 for free", currency=currency)
        self.coach_ids.choices = [(str(coach.user_id), coach.name or coach.email) for coach in coaches]
        if found and not self.is_submitted():
            self.price.start_with(found.price if found.currency == currency else None)

    def validate_price(self, field: Field) -> None:
        """Nothing, or what can be paid by card."""
        refuse_too_little(field)

    @property
    def is_of_several(self) -> bool:
        """Whether there is a choice of coaches at all."""
        return len(self._coaches) > 1

    def given_by(self, coach_ids: Sequence[UUID]) -> Self:
        """Tick who gives it, unless something was sent."""
        if not self.is_submitted():
            self.coach_ids.data = [str(coach_id) for coach_id in coach_ids]
        return self

    def entry(self) -> OfferingEntry:
        """What was written; `price` in minor units."""
        written = {name: self[name].data for name in OfferingEntry.__dataclass_fields__ if name not in _MADE}
        return OfferingEntry(
            **written,
            description=(self.description.data or "").replace("\r\n", "\n").strip(),
            price=self.price.minor or 0,
            place_kind=PlaceKind(self.place_kind.data),
            place=self.place.data or "",
            coach_ids=self._chosen(),
        )

    def _chosen(self) -> frozenset[UUID]:
        if not self.is_of_several:
            return frozenset(coach.user_id for coach in self._coaches)
        return frozenset(UUID(coach_id) for coach_id in self.coach_ids.data or ())


_MADE = {"description", "price", "place_kind", "place", "coach_ids"}
