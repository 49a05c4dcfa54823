"""vCards 2.1, 3.0 and 4.0: many in a file, each on its own, so that a bad one costs nobody else.

Only the properties that make a person are kept while a card is read; pictures, sounds and keys, which may be most of a
file, are passed over line by line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice
from typing import Any

from coachhub.network.rules.profiles import people_profile
from coachhub.network.service.imports.assembling import Assembly, Written, quoted, spoken_name
from coachhub.network.service.imports.people import LeftOut, Person, Reason
from coachhub.network.service.imports.texts import Text

_PROPERTY = re.compile(r"(?:[\w-]+\.)?([A-Za-z][A-Za-z0-9-]*)[;:]")
_KEPT = frozenset(("FN", "N", "ORG", "EMAIL", "TEL", "ADR", "TITLE", "ROLE", "URL", "NOTE", "X-SOCIALPROFILE"))
_LONGEST_CARD, _MOST_LINES = 200_000, 500  # characters and lines of what is kept
_FIRST_LINES, _LONGEST_HEAD = 20, 500
# Name and parameters, up to the colon. Each letter can be read in one way only: the library's own expression tries
# every way to read a head that is not whole, which a line of a hundred letters makes last for years.
_VALUE = r'(?:"[^"]*"|[^";:,]*)'
_HEAD = re.compile(rf"((?:[\w-]+\.)?[\w-]+(?:;[\w-]+(?:={_VALUE})?(?:,{_VALUE})*)*);*:", re.ASCII)
_SLOW = re.compile("punycode|idna", re.IGNORECASE)  # charsets of host names, read in the square of the length
_SEMICOLON = re.compile(r"(?<!\\);")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(slots=True)
class _Card:
    """The lines of a card that make a person; `begins` is the number of its first line."""

    begins: int
    lines: list[str] = field(default_factory=list)
    length: int = 0
    name: str = ""
    is_kept: bool = False
    is_soft: bool = False  # the line goes on: quoted-printable ends it with "="
    agents: int = 0

    def is_too_long(self) -> bool:
        """Whether it has more to say than anybody's card."""
        return self.length > _LONGEST_CARD or len(self.lines) > _MOST_LINES

    def take(self, line: str) -> None:
        """Keeps the line where it belongs to one of the properties that are kept."""
        goes_on = self.is_soft or line[:1] in (" ", "\t")
        if not goes_on:
            found = _PROPERTY.match(line)
            self.name = found[1].upper() if found else ""
            self.is_kept = self.name in _KEPT
        if self.is_kept:
            self.length += len(line)
            if not self.is_too_long():
                self.lines.append(line if self.is_soft or not goes_on else f" {line[1:]}")
            self.is_soft = line.endswith("=") and (self.is_soft or "QUOTED-PRINTABLE" in line.upper())


Properties = dict[str, list[Any]]


def is_vcard(text: Text) -> bool:
    """Whether a card begins among the first lines."""
    return any(_word(line) == "BEGIN:VCARD" for line in islice(text.clipped_lines(), _FIRST_LINES))


def cards(text: Text) -> Iterator[Person | LeftOut]:
    """The people of a file of cards."""
    assembly = Assembly()
    for card, has_ended in _split(text):
        if not has_ended:
            yield LeftOut(card.begins, Reason.CARD_NOT_ENDED, quoted(card.lines[:3]))
        elif card.is_too_long():
            yield LeftOut(card.begins, Reason.CARD_TOO_LONG, quoted(card.lines[:3]))
        else:
            yield _person(card, assembly)


def _person(card: _Card, assembly: Assembly) -> Person | LeftOut:
    found, is_broken = _properties(card)
    written = _written(card.begins, found)
    if is_broken and not written.name:
        return LeftOut(card.begins, Reason.BAD_CARD, quoted(card.lines[:3]))
    person = assembly.person(written)
    return person._replace(remark=Reason.PARTLY_READ) if is_broken and isinstance(person, Person) else person


def _split(text: Text) -> Iterator[tuple[_Card, bool]]:
    """Each card, and whether it came to its end. A card inside a card is somebody's agent in vCard 2.1."""
    card: _Card | None = None
    for number, line in enumerate(text.clipped_lines(), 1):
        word = _word(line)
        if word == "BEGIN:VCARD" and card and card.name == "AGENT":
            card.agents += 1
        elif word == "BEGIN:VCARD":
            if card:
                yield card, False
            card = _Card(number)
        elif word == "END:VCARD" and card and card.agents:
            card.agents -= 1
        elif word == "END:VCARD" and card:
            yield card, True
            card = None
        elif card and not card.agents:
            card.take(line)
    if card:
        yield card, False


def _word(line: str) -> str:
    return line.strip("\ufeff \t\r").upper().replace(" ", "") if len(line) < _FIRST_LINES else ""


def _properties(card: _Card) -> tuple[Properties, bool]:
    """The card's properties by name; whether there was one that could not be read."""
    from vobject.base import VObjectError, getLogicalLines, textLineToContentLine  # takes 60 ms: only for cards

    found: Properties = {}
    is_broken = False
    for line, _ in getLogicalLines(StringIO("\n".join(card.lines)), allowQP=True):
        head = _HEAD.match(line[: _LONGEST_HEAD + 1])  # the library takes time by the square of its length
        if head is None or _SLOW.search(head[0]):
            is_broken = True
            continue
        try:
            content = textLineToContentLine(f"{_in_capitals(head[1])}:{line[head.end() :]}")
        except (VObjectError, ValueError, LookupError, TypeError, AttributeError):
            is_broken = True
        else:
            found.setdefault(content.name, []).append(content)
    return found, is_broken


def _in_capitals(head: str) -> str:
    """The library knows the name of an encoding in capitals only."""
    return re.sub("quoted-printable", "QUOTED-PRINTABLE", head, flags=re.IGNORECASE)


def _written(line: int, found: Properties) -> Written:
    company = _part(found, "ORG", 0)
    return Written(
        line,
        _text(found, "FN") or _structured_name(found) or company,
        company,
        _text(found, "TITLE") or _text(found, "ROLE"),
        _in_order(found, "EMAIL"),
        [number.removeprefix("tel:") for number in _in_order(found, "TEL")],
        _part(found, "ADR", 3),
        next(filter(None, map(people_profile, _in_order(found, "URL") + _in_order(found, "X-SOCIALPROFILE"))), ""),
        notes="\n".join(_plain(note.value) for note in found.get("NOTE", ())),
    )


def _text(found: Properties, name: str) -> str:
    return next((text for content in found.get(name, ()) if (text := _plain(content.value).strip())), "")


def _structured_name(found: Properties) -> str:
    """Family; given; further; title; suffix: told as a name is spoken."""
    family, given, further = (_part(found, "N", place) for place in range(3))
    return spoken_name(f"{given} {further}".strip(), family)


def _part(found: Properties, name: str, place: int) -> str:
    """One field of a property of many fields; the first property that has it."""
    for content in found.get(name, ()):
        parts = _SEMICOLON.split(content.value)
        if len(parts) > place and (text := _plain(parts[place]).strip()):
            return text
    return ""


def _in_order(found: Properties, name: str) -> list[str]:
    """The values of a property, the preferred first."""
    return [_plain(content.value).strip() for content in sorted(found.get(name, ()), key=_preference)]


def _preference(content: Any) -> int:
    """vCard 4.0 numbers from 1, the others mark one with PREF."""
    number = "".join(content.params.get("PREF", ["100"])).strip()
    types = ",".join([*content.params.get("TYPE", ()), *content.singletonparams]).upper().split(",")
    return 0 if "PREF" in types else int(number) if number.isdecimal() and len(number) <= 3 else 100


def _plain(value: str) -> str:
    text = _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
    return text.encode(
        errors="replace"
    ).decode()  # a card's own charset may make halves of letters, which none can keep
