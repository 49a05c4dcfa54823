"""Tells those above that something happened in a client's network; who listens is wired in app.py."""

from collections.abc import Callable, Iterable
from datetime import datetime

from coachhub.network.service.owner import Owner

Listener = Callable[[Owner, frozenset[datetime]], None]
_listeners: list[Listener] = []


def when_changed(listener: Listener) -> None:
    """Call the listener after each write, inside its transaction. Wiring it twice is wiring it once."""
    if listener not in _listeners:
        _listeners.append(listener)


def changed(owner: Owner, instants: Iterable[datetime | None] = ()) -> None:
    """Say that facts of the owner changed, with each UTC instant whose month may look different now."""
    touched = frozenset(instant for instant in instants if instant is not None)
    for listener in _listeners:
        listener(owner, touched)
