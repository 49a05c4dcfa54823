"""Tells those above that something happened in a client's network."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from coachhub.network.service.owner import Owner
from coachhub.platform.news import News

CHANGED: News[[Owner, frozenset[datetime]]] = News()
"""Facts of an owner changed; with the UTC instants whose months may look different now."""

MERGED: News[[Owner, UUID, UUID]] = News()
"""Two friends turn out to be one: the friend who stays, and the one who is deleted right after this is told."""

ERASING: News[[Owner, UUID]] = News()
"""A friend is about to be erased with all their rows: the last moment to count what was done with them."""

DECLINED: News[[Owner, UUID]] = News()
"""A friend has just said that it is not possible this time."""


def changed(owner: Owner, instants: Iterable[datetime | None] = ()) -> None:
    """Say that facts of the owner changed, with each UTC instant whose month may look different now."""
    CHANGED.tell(owner, frozenset(instant for instant in instants if instant is not None))
