"""Where a view is found, and how its address is made: werkzeug's rule, a little later."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_Made = tuple[str, str]


class Route(Rule):
    """Werkzeug's, which writes what makes its address when somebody first asks for one.

    By itself it writes two functions for each of our four hundred at the start, which takes a tenth of a second, and
    hardly a third of them are ever called.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., _Made]:
        """A function that puts itself out of its place, where werkzeug has bound it, as it is called."""
        write, place = super()._compile_builder, "_build_unknown" if append_unknown else "_build"

        def write_and_make(rule: Rule, **values: Any) -> _Made:
            make: Callable[..., _Made] = write(append_unknown).__get__(rule, None)
            setattr(rule, place, make)
            return make(**values)

        return write_and_make
