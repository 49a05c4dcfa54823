"""Who may be one person twice: friends with the same address, profile or name."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Same(StrEnum):
    """What two friends have in common; the surest first."""

    EMAIL = "email"
    PROFILE = "profile"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Known:
    """What tells a friend from others."""

    id: UUID
    name: str
    email: str = ""
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Double:
    """Two friends who may be one: the one who came first, and the later one."""

    first_id: UUID
    second_id: UUID
    same: Same


def possible_doubles(friends: Iterable[Known]) -> list[Double]:
    """Each later friend beside the first with whom they share something, the surest reasons first.

    Takes time in proportion to the friends, however many share one address: each is compared with the first who has
    it, never all with all. The order of the friends is the order in which they came.
    """
    first: dict[tuple[Same, str], UUID] = {}
    seen: set[tuple[UUID, UUID]] = set()
    found: dict[Same, list[Double]] = {same: [] for same in Same}
    for friend in friends:
        for same, key in _keys(friend):
            earlier = first.setdefault((same, key), friend.id)
            if earlier != friend.id and (earlier, friend.id) not in seen:
                seen.add((earlier, friend.id))
                found[same].append(Double(earlier, friend.id, same))
    return [double for same in Same for double in found[same]]


def _keys(friend: Known) -> Iterator[tuple[Same, str]]:
    if friend.email:
        yield Same.EMAIL, friend.email.casefold()
    if friend.profile:
        yield Same.PROFILE, friend.profile
    name = name_key(friend.name)
    if name:
        yield Same.NAME, name


def name_key(name: str) -> str:
    """The name for comparing: without case, accents, dots and the order of its words; in any script.

    "Dorsey, Dan" and "dan dorsey" are one; so are "José Núñez" and "Jose Nunez".
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(
        letter if letter.isalnum() else " " if not unicodedata.combining(letter) else "" for letter in plain
    )
    return " ".join(sorted(letters.split()))
