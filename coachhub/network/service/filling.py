"""Fills the coach's template with what is known; a sentence that needs something unknown is left out."""

import re
from collections.abc import Mapping
from enum import StrEnum


class Purpose(StrEnum):
    """What a message to a friend is for."""

    INVITE = "invite"
    FOLLOW_UP = "follow_up"
    THANKS = "thanks"
    WARM_UP = "warm_up"


ALIASES = {"first_name": "name", "silence": "since", "where": "company"}
"""Other names of fields, which keep working."""

_OF_FRIEND = ("name", "friend", "since", "company", "me")
_OF_MEETING = ("times", "place", "ask", "link")
FIELDS: Mapping[Purpose, tuple[str, ...]] = {
    Purpose.INVITE: (*_OF_FRIEND, *_OF_MEETING),
    Purpose.FOLLOW_UP: (*_OF_FRIEND, *_OF_MEETING),
    Purpose.THANKS: _OF_FRIEND,
    Purpose.WARM_UP: _OF_FRIEND,
}
"""What may be known when a message is written, in the order in which it is explained."""

_FIELD = re.compile(r"\{\s*([^{}]*?)\s*\}")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?\u2026])\s+|(?<=[\u3002\uff01\uff1f])\s*")


def unknown_fields(template: str, purpose: Purpose) -> list[str]:
    """The fields of a template that nobody can fill in such a message, by name."""
    return sorted({name for name in _FIELD.findall(template) if _plain(name) not in FIELDS[purpose]})


def has_open_brace(template: str) -> bool:
    """Whether a brace stands in a template that belongs to no field."""
    return any(brace in _FIELD.sub("", template) for brace in "{}")


def fill(template: str, facts: Mapping[str, str]) -> str:
    """The template with its {fields} replaced. A fact that is empty or missing takes its sentence with it.

    Lines that held only such sentences go too; blank lines never pile up. Braces in a fact stay as they are.
    """
    kept = [_fill_line(line, facts) for line in template.splitlines()]
    paragraphs = re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in kept if line is not None))
    return paragraphs.strip()


def _fill_line(line: str, facts: Mapping[str, str]) -> str | None:
    if not line.strip():
        return ""
    sentences = [sentence for sentence in _SENTENCE_ENDS.split(line) if _is_known(sentence, facts)]
    if not sentences:
        return None
    return _FIELD.sub(lambda field: facts[_plain(field[1])], " ".join(sentences))


def _is_known(sentence: str, facts: Mapping[str, str]) -> bool:
    return all(facts.get(_plain(name)) for name in _FIELD.findall(sentence))


def _plain(name: str) -> str:
    return ALIASES.get(name, name)
