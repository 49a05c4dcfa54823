"""The field by which a form is known again: a second click sends the same number, and nothing is done twice."""

from typing import Any
from uuid import UUID, uuid4

from wtforms import HiddenField


class OnceField(HiddenField):  # type: ignore[misc]  # WTForms ships no types
    """A number that is new each time the page is shown. What is made of the form takes it as its id."""

    key: UUID

    def process_data(self, value: Any) -> None:
        """A page that is shown has a new number."""
        self._is(uuid4())

    def process_formdata(self, valuelist: list[str]) -> None:
        """The number that was sent; what is none is as good as a new one."""
        try:
            self._is(UUID(valuelist[0][:40]))
        except (IndexError, ValueError):
            self._is(uuid4())

    def _is(self, key: UUID) -> None:
        self.key, self.data = key, str(key)
