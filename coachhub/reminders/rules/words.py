"""How the words of a reminder become text and HTML: paragraphs with {fields}, each a fact of its reader.

A field alone in its paragraph may hold more than a word: a quotation or a list. A sentence that needs a fact which is
not known is left out, and so is a paragraph of which nothing remains, and one that ends with a colon before it.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape

_FIELD = re.compile(r"\{\s*([^{}]*?)\s*\}")
_PARAGRAPH = re.compile(r"\n\s*\n")
_LEADS_UP = (":", "\uff1a")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?\u2026])\s+|(?<=[\u3002\uff01\uff1f])\s*")


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own words, set apart."""

    words: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list: of each entry its name, and what is said of it (which may be empty)."""

    entries: tuple[tuple[str, str], ...]


Part = str | Quote | Items
"""What a field holds. An empty one is not known."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """Text and names of fields in turn, beginning and ending with text."""

    pieces: tuple[str, ...]

    def said(self, facts: Mapping[str, Part]) -> str | None:
        """The sentence with its facts; None where one is not known, or is more than a word."""
        if len(self.pieces) == 1:
            return self.pieces[0]
        found = list(self.pieces)
        for at in range(1, len(found), 2):
            fact = facts.get(found[at])
            if not fact or not isinstance(fact, str):
                return None
            found[at] = fact
        return "".join(found)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Lines of sentences; `field` is the one that stands alone in it, where one does."""

    lines: tuple[tuple[_Sentence, ...], ...]
    field: str | None


def compose(words: str, facts: Mapping[str, Part]) -> tuple[str, str]:
    """The words with their facts, as plain text and as HTML. Facts are data: nothing in them is markup."""
    written: list[tuple[str, str]] = []
    for paragraph in _parsed(words):
        both = _written(paragraph, facts)
        if both is not None:
            written.append(both)
        elif paragraph.field and written and written[-1][0].endswith(_LEADS_UP):
            written.pop()
    return "\n\n".join(text for text, _ in written), "".join(marked for _, marked in written)


def one_line_of(words: str, facts: Mapping[str, Part]) -> str:
    """A subject with its facts; without those that are not known it is shorter."""
    plain = {name: fact.words if isinstance(fact, Quote) else fact for name, fact in facts.items()}
    return " ".join(compose(words, plain)[0].split())


def unknown_fields(words: str, known: Collection[str]) -> list[str]:
    """The fields of a text that this reminder does not know, by name; `{` for a brace that belongs to no field."""
    wrong = {name for name in _FIELD.findall(words) if name not in known}
    rest = _FIELD.sub("", words)
    return sorted(wrong | {brace for brace in "{}" if brace in rest})


def _written(paragraph: _Paragraph, facts: Mapping[str, Part]) -> tuple[str, str] | None:
    """A paragraph as text and as HTML; None where nothing of it is known."""
    fact = facts.get(paragraph.field) if paragraph.field else None
    if isinstance(fact, Items):
        listed = [f"- {name}: {said}" if said else f"- {name}" for name, said in fact.entries]
        marked = "".join(_entry(*entry) for entry in fact.entries)
        return ("\n".join(listed), f"<ul>{marked}</ul>") if listed else None
    if isinstance(fact, Quote):
        return (fact.words, f'<p class="quote">{_marked(fact.words)}</p>') if fact.words else None
    said = _said(paragraph, facts)
    return (said, f"<p>{_marked(said)}</p>") if said else None


def _said(paragraph: _Paragraph, facts: Mapping[str, Part]) -> str:
    lines = []
    for sentences in paragraph.lines:
        said = [words for sentence in sentences if (words := sentence.said(facts)) is not None]
        if said:
            lines.append(" ".join(said))
    return "\n".join(lines).strip()


def _marked(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _entry(name: str, said: str) -> str:
    return f"<li><strong>{escape(name)}</strong>{': ' + escape(said) if said else ''}</li>"


@lru_cache(maxsize=512)
def _parsed(words: str) -> tuple[_Paragraph, ...]:
    return tuple(_paragraph(text) for text in _PARAGRAPH.split(words.replace("\r", "").strip()))


def _paragraph(text: str) -> _Paragraph:
    alone = _FIELD.fullmatch(text.strip())
    lines = tuple(
        tuple(_Sentence(tuple(_FIELD.split(sentence))) for sentence in _SENTENCE_ENDS.split(line))
        for line in text.splitlines()
    )
    return _Paragraph(lines, alone[1] if alone else None)
