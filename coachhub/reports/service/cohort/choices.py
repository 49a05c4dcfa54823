"""Whom a figure can be narrowed to: the coaches and the habits of the practice, by one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from coachhub.platform.db import db, telling
from coachhub.platform.tenancy import current_practice

_READ = telling("select figure_choices(:practice)", "told")


@dataclass(frozen=True, slots=True)
class Choices:
    """Each with its id and its name: the coaches by name, the default habit first, retired ones among the others."""

    coaches: tuple[tuple[UUID, str], ...]
    habits: tuple[tuple[UUID, str], ...]


def choices() -> Choices:
    """What there is to choose from in the bound practice."""
    return choices_told(*db.session.execute(_READ, {"practice": current_practice()}).scalar_one())


def choices_told(coaches: Sequence[Sequence[str]] | None, habits: Sequence[Sequence[str]] | None) -> Choices:
    """The same as the function tells it."""
    return Choices(*(tuple((UUID(key), name) for key, name in each or ()) for each in (coaches, habits)))
