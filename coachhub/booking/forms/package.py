"""The form of a package."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from coachhub.accounts.forms import on_one_line
from coachhub.booking.forms.fields import refuse_too_little
from coachhub.booking.forms.offering import LONGEST_DESCRIPTION, LONGEST_TITLE
from coachhub.booking.service.offers import OfferingRow, PackageRow
from coachhub.booking.service.package_book import PackageEntry
from coachhub.platform.lengths import AtMost
from coachhub.platform.money_field import MoneyField


class PackageForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Several sessions of an offering. The price, for all of them, is in the practice's currency."""

    offering_id = SelectField(_l("Sessions of"))
    title = StringField(
        _l("What is it called?"),
        filters=[on_one_line],
        validators=[DataRequired(_l("Give it a name, such as “Five sessions”.")), AtMost(LONGEST_TITLE)],
    )
    description = TextAreaField(_l("What is it good for?"), [AtMost(LONGEST_DESCRIPTION)])
    sessions = IntegerField(
        _l("How many sessions"),
        [InputRequired(_l("How many sessions?")), NumberRange(1, 100, _l("Between 1 and 100 sessions."))],
        default=5,
    )
    price = MoneyField(_l("Price for all of them"), [InputRequired(_l("Write a price."))])
    valid_days = IntegerField(
        _l("Good for so many days"),
        [Optional(), NumberRange(1, 3650, _l("Between 1 day and ten years (3650), or nothing for good."))],
        default=365,
    )
    rolls_over = BooleanField(_l("What is left lives on when the next package of this kind is bought in time"))
    is_hidden = BooleanField(_l("Not listed: only who has the link finds it"))

    def __init__(
        self, currency: str, offerings: Sequence[OfferingRow], found: PackageRow | None = None, **more: Any
    ) -> None:
        super().__init__(obj=found, **more)
        self.price.currency = currency
        self.price.label.text = _("Price for all, in %(currency)s", currency=currency)
        self.offering_id.choices = [(str(each.id), each.title) for each in offerings]
        if found and not self.is_submitted():
            self.offering_id.data = str(found.offering_id)
            self.price.start_with(found.price if found.currency == currency else None)

    def validate_price(self, field: Field) -> None:
        if field.minor == 0:
            raise ValidationError(_("A package needs a price: people pay it to have their sessions."))
        refuse_too_little(field)

    def entry(self) -> PackageEntry:
        """What was written; `price` in minor units."""
        return PackageEntry(
            offering_id=UUID(self.offering_id.data),
            title=self.title.data,
            description=(self.description.data or "").replace("\r\n", "\n").strip(),
            sessions=self.sessions.data,
            price=self.price.minor or 0,
            valid_days=self.valid_days.data,
            rolls_over=self.rolls_over.data,
            is_hidden=self.is_hidden.data,
        )
