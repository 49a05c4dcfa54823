"""What somebody ticks about the reminders that they get."""

from collections.abc import Collection
from typing import Any, Self

from flask_wtf import FlaskForm
from wtforms import BooleanField

from coachhub.reminders.captions import caption_of, in_reading_order


class RemindersForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """One tick a kind of reminder; the fields are named after the kinds."""

    kinds: tuple[str, ...] = ()

    @classmethod
    def of(cls, kinds: Collection[str], **given: Any) -> Self:
        """A form with a tick for each of these kinds."""
        words = {name: caption_of(name) for name in in_reading_order(kinds)}
        ticks = {name: BooleanField(said.title, description=said.about) for name, said in words.items()}
        with_ticks: type[Self] = type(cls.__name__, (cls,), ticks | {"kinds": tuple(words)})
        return with_ticks(**given)

    def fill(self, off: Collection[str]) -> Self:
        """Tick what is not switched off."""
        for field in self.ticks:
            field.data = field.name not in off
        return self

    def wanted(self) -> frozenset[str]:
        """The kinds that are ticked."""
        return frozenset(field.name for field in self.ticks if field.data)

    @property
    def ticks(self) -> list[BooleanField]:
        """The fields, in the order of the kinds."""
        return [self[name] for name in self.kinds]


class MailedRemindersForm(RemindersForm):
    """The same under the secret address of a mail: whoever can send it needs no token, and no cookie is set."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False
