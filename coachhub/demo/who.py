"""Whose life it is, and the columns that each row of theirs has."""

import random
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Who:
    """The client whose life it is."""

    practice_id: UUID
    client_id: UUID
    user_id: UUID
    zone: ZoneInfo
    first_name: str
    shares: bool


def new_id(chance: random.Random) -> UUID:
    """A random id; from a seeded source, so the same demo is made twice."""
    return UUID(int=chance.getrandbits(128), version=4)


def own(who: Who, chance: random.Random, *, is_private: bool = False) -> dict[str, Any]:
    """The first columns of a new row that belongs to the client as a person; a private one is never shared."""
    return {
        "practice_id": who.practice_id,
        "id": new_id(chance),
        "client_id": who.client_id,
        "user_id": who.user_id,
        "shared": who.shares and not is_private,
    }
