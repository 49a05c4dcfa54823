"""Tells those above that something happened in a client's network."""

from collections.abc import Iterable
from datetime import datetime

from coachhub.network.service.owner import Owner
from coachhub.platform.news import News

CHANGED: News[[Owner, frozenset[datetime]]] = News()
"""Facts of an owner changed; with the UTC instants whose months may look different now."""


def changed(owner: Owner, instants: Iterable[datetime | None] = ()) -> None:
    """Say that facts of the owner changed, with each UTC instant whose month may look different now."""
    CHANGED.tell(owner, frozenset(instant for instant in instants if instant is not None))
