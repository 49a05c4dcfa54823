"""The file that becomes the logo of a practice."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from coachhub.platform.pictures import Unfit


class LogoForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """One picture."""

    file = FileField(
        _l("Logo"), description=_l("PNG or JPEG, up to 4 MB. It is made smaller where it is larger than 1,000 by 500.")
    )

    def content(self) -> bytes | None:
        """The file; None, and said beside the field, where none was chosen."""
        if not self.file.data:
            self.file.errors = [gettext("Choose a file first.")]
            return None
        return bytes(self.file.data.read())

    def refuse(self, why: Unfit) -> None:
        """Say beside the field why the file is not taken."""
        words: dict[Unfit, str] = {
            Unfit.TOO_BIG: gettext("The file is larger than 4 MB. Save the picture smaller and try again."),
            Unfit.NO_PICTURE: gettext(
                "This is no PNG or JPEG that we can read. Save it as one of these and try again."
            ),
            Unfit.TOO_MANY_PIXELS: gettext(
                "The picture has more than 40 million pixels. Make it smaller and try again."
            ),
            Unfit.TOO_SMALL: gettext("The picture is less than 24 pixels high or wide. Take a larger one."),
        }
        self.file.errors = [words[why]]
