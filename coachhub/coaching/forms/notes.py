"""What a page of notes sends: the words of each level, and what it had seen of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from coachhub.coaching.models import NoteLevel
from coachhub.coaching.rules.notes import LONGEST_NOTE
from coachhub.coaching.service.note_pages import NEVER
from coachhub.coaching.service.settling import Settling, Way
from coachhub.coaching.service.writing import Typed


@dataclass(frozen=True)
class NotesTyped:
    """One sending of the form. `author_id`: for whom the page was made; `page_id`: which open page sends it.

    `settled` is the answer to words in the way, where a button gave one.
    """

    author_id: UUID | None
    page_id: UUID | None
    typed: Mapping[NoteLevel, Typed]
    settled: Settling | None

    @property
    def too_long(self) -> frozenset[NoteLevel]:
        """The levels whose words are more than we take."""
        return frozenset(level for level, each in self.typed.items() if len(each.text) > LONGEST_NOTE)

    @property
    def to_save(self) -> dict[NoteLevel, Typed]:
        """What can be saved as it stands."""
        left = self.too_long | ({self.settled.level} if self.settled else set())
        return {level: each for level, each in self.typed.items() if level not in left}

    def text_of(self, level: NoteLevel) -> str:
        """What stands in the field of a level; nothing where it was not sent."""
        return self.typed[level].text if level in self.typed else ""

    def with_text(self, level: NoteLevel, text: str) -> Self:
        """The same with another text in a field that was sent."""
        changed = {level: replace(self.typed[level], text=text)} if level in self.typed else {}
        return replace(self, typed={**self.typed, **changed})


def read_notes(sent: Mapping[str, str]) -> NotesTyped:
    """Read a sent form; a level that is not in it stays as it is."""
    typed = {level: _typed(sent, level) for level in NoteLevel if f"text-{level}" in sent}
    return NotesTyped(_id(sent.get("author")), _id(sent.get("page")), typed, _settled(sent.get("settle", "")))


def _typed(sent: Mapping[str, str], level: NoteLevel) -> Typed:
    version, mark = _seen(sent.get(f"seen-{level}", ""))
    return Typed(sent[f"text-{level}"].replace("\r\n", "\n"), version, mark)


def _seen(written: str) -> tuple[int, str]:
    """The version and the mark; of nonsense nothing was seen, so that nothing is written over."""
    version, _dot, mark = written.partition(".")
    return (int(version) if version.isdecimal() and len(version) < 10 else NEVER), mark


def _settled(written: str) -> Settling | None:
    level, _, rest = written.partition(".")
    way, _, version = rest.partition(".")
    try:
        return Settling(NoteLevel(level), Way(way), _seen(version)[0])
    except ValueError:
        return None


def _id(written: str | None) -> UUID | None:
    try:
        return UUID(written or "")
    except ValueError:
        return None
