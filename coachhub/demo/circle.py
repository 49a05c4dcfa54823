"""A client's circle: the friends, how long each has been silent, and what the client noted about it."""

import random
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from uuid import UUID

from coachhub.demo import people
from coachhub.demo.sheets import Sheets
from coachhub.demo.who import Who, new_id, own
from coachhub.network.models import Contact, FreeHour, Friend, Import
from coachhub.platform.local_time import local_day, local_instant

_ADDED, _IMPORTED = timedelta(days=430), timedelta(days=401)
"""How long ago friends were added by hand, and by a file."""
_SILENT_DAYS = ((12, 160), (190, 345), (390, 870), (950, 3000), (390, 870), (950, 1900))
"""Whom the client has not met meanwhile: awake, drowsy, hibernating and fading friends, in turn."""


@dataclass(frozen=True)
class Known:
    """A friend, as far as the story needs them; `number` counts them from 1."""

    id: UUID
    number: int
    name: str


class Circle:
    """Writes one client's friends into the sheets. `now` is the instant at which the story stops."""

    def __init__(self, sheets: Sheets, who: Who, now: datetime, chance: random.Random) -> None:
        self.sheets, self.who, self.now, self.chance = sheets, who, now, chance
        self.today = local_day(now, who.zone)

    def gather(self, count: int) -> list[Known]:
        """So many friends, each with a name of their own."""
        names = self.chance.sample(people.FRIENDS, min(count, len(people.FRIENDS)))
        if count > len(names):
            names += self.chance.sample(people.more_names(count), count - len(names))
        return [Known(new_id(self.chance), number, name) for number, name in enumerate(names, start=1)]

    def write(self, friends: Sequence[Known], last_met: Mapping[UUID, date], imported: int = 0) -> None:
        """Their rows, and a contact for each whom the client was in touch with since; the last `imported` of
        them came in a file.
        """
        import_id = self._import(imported) if imported else None
        for friend in friends:
            is_imported = friend.number > len(friends) - imported
            self._friend(friend, last_met.get(friend.id), import_id if is_imported else None)

    def keep_free_hours(self) -> None:
        """When the client is free for a coffee, in their own time."""
        for weekday, at in people.FREE_HOURS:
            self.sheets.add(FreeHour, **own(self.who, self.chance, is_private=True), weekday=weekday, at=at)

    def _friend(self, friend: Known, met_on: date | None, import_id: UUID | None) -> None:
        chance = self.chance
        quiet_since = met_on or self._silent_since(friend)
        is_known = met_on is not None or self._was_in_touch(friend, quiet_since, is_imported=import_id is not None)
        left = min(quiet_since, self.today - timedelta(days=420)) - timedelta(days=chance.randint(0, 200))
        kind = chance.choice(people.KINDS)
        city, zone = chance.choice(people.CITIES)
        address = _address(friend.name)
        self.sheets.add(
            Friend,
            **{**own(self.who, chance), "id": friend.id},
            name=friend.name,
            company=chance.choice(people.COMPANIES),
            kind=kind,
            liking=chance.choice((3, 4, 4, 5, 5)),
            known_from=left - timedelta(days=chance.randint(300, 2000)),
            known_until=left if import_id is None or friend.number % 2 else None,
            last_contact_on=quiet_since if is_known else None,
            email=f"{address or f'friend{friend.number}'}@friends.example",
            phone=f"+44 7700 900{chance.randrange(1000):03}" if friend.number % 3 else "",
            city=city,
            not_before=self.today + timedelta(days=45) if friend.number % 11 == 10 else None,
            never_suggest=friend.number % 23 == 22,
            created_at=self.now - (_IMPORTED if import_id else _ADDED),
            number=friend.number,
            title=chance.choice(people.TITLES[kind]),
            profile=f"linkedin.com/in/{address}" if address else "",
            time_zone=zone if friend.number % 2 else None,
            import_id=import_id,
        )

    def _silent_since(self, friend: Known) -> date:
        shortest, longest = _SILENT_DAYS[friend.number % len(_SILENT_DAYS)]
        return self.today - timedelta(days=self.chance.randint(shortest, longest))

    def _was_in_touch(self, friend: Known, day: date, *, is_imported: bool) -> bool:
        """Write the contact of that day down. A file knows of no contact: only one since then is known."""
        added = self.now - (_IMPORTED if is_imported else _ADDED)
        is_remembered = day <= local_day(added, self.who.zone)
        if is_imported and is_remembered:
            return False
        self.sheets.add(
            Contact,
            **own(self.who, self.chance),
            friend_id=friend.id,
            happened_on=day,
            how="remembered" if is_remembered else self.chance.choice(("call", "message", "in_person")),
            note="" if is_remembered else self.chance.choice(people.CONTACTS),
            created_at=added if is_remembered else local_instant(day, time(20), self.who.zone),
        )
        return True

    def _import(self, count: int) -> UUID:
        """A file of connections, all of it taken. Returns the import's id."""
        columns, size = own(self.who, self.chance, is_private=True), 90 * count
        at = self.now - _IMPORTED
        self.sheets.add(
            Import,
            **columns,
            file_name="Connections.csv",
            source="linkedin",
            state="done",
            size=size,
            done=size,
            added=count,
            details={"filled": 0},
            created_at=at - timedelta(minutes=4),
            finished_at=at,
        )
        import_id: UUID = columns["id"]
        return import_id


@cache
def _address(name: str) -> str:
    """The name as an address has it, `dan.dorsey`; empty for a name in another script."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return ".".join(plain.split()) if plain.count(" ") == name.count(" ") and plain.strip() else ""
