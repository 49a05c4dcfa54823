"""The file that a client brings in, and what its columns hold."""

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from coachhub.network import wording
from coachhub.network.service.imports.columns_chosen import AskedColumn
from coachhub.network.service.imports.people import Column

_NAMES = {Column.NAME, Column.FIRST_NAME, Column.LAST_NAME}


class FileOfFriendsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """One file."""

    file = FileField(_("The file"), description=_("CSV, vCard or LinkedIn's zip, up to 20 MB and 30,000 people."))

    def validate_on_submit(self) -> bool:
        """A file was chosen; says so beside the field where none was."""
        if not self.file.data:
            self.refuse(gettext("Choose a file first."))
            return False
        return bool(self.validate())

    def refuse(self, words: str) -> None:
        """Say beside the field why the file is not taken."""
        self.file.errors = [words]


class ColumnsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What each column of a file holds; `of` makes the fields."""

    asked: Sequence[AskedColumn] = ()

    @classmethod
    def of(cls, asked: Sequence[AskedColumn]) -> "ColumnsForm":
        """The form for the columns of a file, pre-set by the guess."""
        offered = [SelectChoice(field.value, wording.column_words(field)) for field in Column]
        choices = [SelectChoice("", gettext("Leave it out")), *offered]
        fields = {
            f"column_{column.place}": SelectField(
                column.heading or gettext("Column %(number)s", number=column.place + 1),
                choices=choices,
                default=column.guess,
                description=" · ".join(column.samples),
            )
            for column in asked
        }
        form: ColumnsForm = type("_ColumnsForm", (cls,), fields)()
        form.asked = asked
        return form

    @property
    def selects(self) -> list[SelectField]:
        """The fields, in the order of the file."""
        return [self[f"column_{column.place}"] for column in self.asked]

    def validate(self, extra_validators: object = None) -> bool:
        """Each field once, and a name among them; what is wrong is said beside a select."""
        if not super().validate(extra_validators):
            return False
        if not _NAMES & self.places().keys():
            self.selects[0].errors = [gettext("Which column holds the name? At least one has to.")]
        seen: set[str] = set()
        for select in self.selects:
            if select.data and select.data in seen:
                words = wording.column_words(Column(select.data))
                select.errors = [gettext("“%(field)s” is chosen twice. Choose one column for it.", field=words)]
            seen.add(select.data)
        return not any(select.errors for select in self.selects)

    def places(self) -> dict[Column, int]:
        """The column of each field that was chosen."""
        chosen = zip(self.asked, self.selects, strict=True)
        return {Column(select.data): column.place for column, select in chosen if select.data}
