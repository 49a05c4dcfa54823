"""The forms of the practice page and of a coach's profile."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, ColorField, StringField, TextAreaField
from wtforms.validators import ValidationError

from coachhub.accounts.forms import on_one_line
from coachhub.booking.service.presenting import PageEntry, ProfileEntry
from coachhub.booking.service.profiles import PracticePageRow
from coachhub.platform.brand_colour import OWN_COLOUR, is_colour
from coachhub.platform.lengths import AtMost

LONGEST_HEADLINE, LONGEST_ABOUT, LONGEST_PLACE = 160, 6000, 300
_MARKDOWN = _l("Markdown works: **bold**, [a link](https://example.com), and lines that begin with - for a list.")


def _tidy(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


class PracticePageForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What visitors read of the practice."""

    headline = StringField(_l("In one line"), filters=[on_one_line], validators=[AtMost(LONGEST_HEADLINE)])
    about = TextAreaField(_l("About the practice"), [AtMost(LONGEST_ABOUT)], description=_MARKDOWN)
    accent = ColorField(_l("Colour of your brand"), description=_l("Made darker or lighter until it can be read."))
    is_open = BooleanField(_l("The page is open: visitors can read it and book"))

    def __init__(self, found: PracticePageRow | None = None, **more: Any) -> None:
        super().__init__(obj=found, **more)
        self.accent.data = self.accent.data or OWN_COLOUR

    def validate_accent(self, field: Any) -> None:
        if not is_colour(field.data):
            raise ValidationError(_("Choose a colour, such as #0b6b5d."))

    def entry(self) -> PageEntry:
        """What was written; our own colour is none of the brand's."""
        accent = self.accent.data.lower()
        return PageEntry(
            self.headline.data or "",
            _tidy(self.about.data),
            self.is_open.data,
            None if accent == OWN_COLOUR else accent,
        )


class CoachProfileForm(FlaskForm):  # type: ignore[misc]
    """What visitors read of a coach, and where that coach usually meets."""

    title = StringField(
        _l("What you are"),
        filters=[on_one_line],
        validators=[AtMost(80)],
        description=_l("It stands below your name, such as “Career coach, PCC”."),
    )
    about = TextAreaField(_l("About you"), [AtMost(LONGEST_ABOUT)], description=_MARKDOWN)
    place = StringField(
        _l("Where you usually meet"),
        filters=[on_one_line],
        validators=[AtMost(LONGEST_PLACE)],
        description=_l("Your video link or address. It stands in for an offering that names none."),
    )

    def entry(self) -> ProfileEntry:
        """What was written."""
        return ProfileEntry(self.title.data or "", _tidy(self.about.data), self.place.data or "")
