"""News for the domains above: a domain says what has just happened; app.py wires who hears it.

This is how a lower domain sets off work in one that it must not know.
"""

from collections.abc import Callable
from typing import Generic, ParamSpec

Told = ParamSpec("Told")


class News(Generic[Told]):
    """One kind of news. Who hears it works in the same transaction, as the same person."""

    def __init__(self) -> None:
        self._listeners: list[Callable[Told, None]] = []

    def reach(self, listener: Callable[Told, None]) -> None:
        """Have a listener told from now on. Wiring it twice is wiring it once."""
        if listener not in self._listeners:
            self._listeners.append(listener)

    def tell(self, *happened: Told.args, **named: Told.kwargs) -> None:
        """Tell every listener, in the order of their wiring."""
        for listener in self._listeners:
            listener(*happened, **named)
