"""How long a typed text may be: the one check that must come before all others."""

from typing import Any

from wtforms.validators import Length, StopValidation, ValidationError


class AtMost(Length):  # type: ignore[misc]  # WTForms ships no types
    """Refuses a longer text and ends its validation.

    WTForms' own `Length` lets the validators behind it read on, and some take time by the square of the length.
    """

    def __init__(self, longest: int) -> None:
        super().__init__(max=longest)

    def __call__(self, form: Any, field: Any) -> None:
        """Raises StopValidation for a text of more than `longest` characters."""
        try:
            super().__call__(form, field)
        except ValidationError as error:
            raise StopValidation(*error.args) from None
