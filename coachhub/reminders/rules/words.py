"""How the words of a reminder become text and HTML: paragraphs with {fields}, each a fact of its reader.

A field alone in its paragraph may hold more than a word: a quotation or a list. A sentence that needs a fact which is
not known is left out, and so is a paragraph of which nothing remains, and one that ends with a colon before it.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape

_FIELD = re.compile(r"\{([^{}]*)\}")  # blanks are taken off afterwards: a pattern that does it takes far too long
_PARAGRAPH = re.compile(r"\n\s*\n")
_ADDRESS = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]}])", re.IGNORECASE)
_BEGINS, _ENDS = "\uf8f1", "\uf8f2"
"""Signs of no script, which nobody types; they read from the left, as every plain fact does."""
_LEADS_UP = (":", "\uff1a")
_PLAIN = re.compile(r"(?!.*  )(?=[^A-Za-z]*[A-Za-z])[!#-%(-.0-;=?-~](?:[ !#-%(-.0-;=?-~]*[!#-%(-.0-;=?-~])?")
"""A fact of typed letters that stands in text and HTML alike, is no part of an address, and reads from the left."""
_SENTENCE_ENDS = re.compile(r"(?<=[.!?\u2026])(?=\s)|(?<=[\u3002\uff01\uff1f])")  # some scripts put no blank there


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
    if _are_plain(words, facts):
        text, marked = _form(words, tuple(name for name in facts if facts[name]))
        return text.format_map(facts), marked.format_map(facts)
    return _composed(words, facts)


def _composed(words: str, facts: Mapping[str, Part]) -> tuple[str, str]:
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
    if _are_plain(words, facts):
        return _line_form(words, tuple(name for name in facts if facts[name])).format_map(facts)
    return _line(words, facts)


def _line(words: str, facts: Mapping[str, Part]) -> str:
    plain = {name: fact.words if isinstance(fact, Quote) else fact for name, fact in facts.items()}
    match _parsed(words):
        case [_Paragraph(field=None) as alone]:  # as nearly all are: nothing of it is to be marked up
            return " ".join(_said(alone, plain).split())
    return " ".join(_composed(words, plain)[0].split())


def _are_plain(words: str, facts: Mapping[str, Part]) -> bool:
    """Whether what is known can be put into what was composed for others of whom the same is known."""
    can_be_filled = "//" not in words and _BEGINS not in words and _ENDS not in words
    return can_be_filled and all(
        isinstance(fact, str) and (not fact or _PLAIN.fullmatch(fact)) for fact in facts.values()
    )


@lru_cache(maxsize=512)
def _form(words: str, known: tuple[str, ...]) -> tuple[str, str]:
    """The words with a place for each fact that is known, for `str.format`."""
    text, marked = _composed(words, {name: _place(name) for name in known})
    return _with_places(text), _with_places(marked)


@lru_cache(maxsize=512)
def _line_form(words: str, known: tuple[str, ...]) -> str:
    return _with_places(_line(words, {name: _place(name) for name in known}))


def _place(name: str) -> str:
    return f"{_BEGINS}{name}{_ENDS}"


def _with_places(written: str) -> str:
    doubled = written.replace("{", "{{").replace("}", "}}")
    return doubled.replace(_BEGINS, "{").replace(_ENDS, "}")


def fields_in(words: str) -> list[str]:
    """The fields of a text by name, each once; one is written on one line."""
    return sorted({name.strip() for line in words.splitlines() for name in _FIELD.findall(line)})


def unknown_fields(words: str, known: Collection[str]) -> list[str]:
    """The fields of a text that this reminder does not know, by name; `{` for a brace that belongs to no field."""
    rest = {letter for line in words.splitlines() for letter in _FIELD.sub("", line)}
    return sorted({*fields_in(words)} - {*known} | rest & {"{", "}"})


def misplaced_fields(words: str, sample: Mapping[str, Part]) -> list[str]:
    """The fields which hold more than a word and do not stand alone in their paragraph: they would not be said."""
    whole = {name for name, fact in sample.items() if not isinstance(fact, str)}
    within = {
        name
        for paragraph in _parsed(words)
        if not paragraph.field
        for line in paragraph.lines
        for sentence in line
        for name in sentence.pieces[1::2]
    }
    return sorted(whole & within)


def reads_from_right(text: str) -> bool:
    """Whether its first letter that has a direction is of a script written from right to left."""
    if text.isascii():
        return False
    ways = (unicodedata.bidirectional(letter) for letter in text)
    return next((way != "L" for way in ways if way in ("L", "R", "AL")), False)


def _written(paragraph: _Paragraph, facts: Mapping[str, Part]) -> tuple[str, str] | None:
    """A paragraph as text and as HTML; None where nothing of it is known."""
    fact = facts.get(paragraph.field) if paragraph.field else None
    if isinstance(fact, Items):
        listed = [f"- {name}: {said}" if said else f"- {name}" for name, said in fact.entries]
        marked = "".join(_entry(*entry) for entry in fact.entries)
        return ("\n".join(listed), f"<ul>{marked}</ul>") if listed else None
    if isinstance(fact, Quote):
        return (fact.words, _marked(fact.words, ' class="quote"')) if fact.words else None
    said = _said(paragraph, facts)
    return (said, _marked(said)) if said else None


def _said(paragraph: _Paragraph, facts: Mapping[str, Part]) -> str:
    lines = []
    for sentences in paragraph.lines:
        said = [words for sentence in sentences if (words := sentence.said(facts)) is not None]
        if said:
            lines.append("".join(said).strip())
    return "\n".join(lines).strip()


def _marked(text: str, attributes: str = "") -> str:
    """A paragraph; what reads from right to left says so, whatever the language of the mail. Addresses are links."""
    side = ' dir="rtl"' if reads_from_right(text) else ""
    return f"<p{attributes}{side}>{_linked(text).replace(chr(10), '<br>')}</p>"


def _linked(text: str) -> str:
    """The text escaped, each web address in it a link: not every program finds them by itself."""
    if "://" not in text:
        return escape(text)
    pieces = _ADDRESS.split(text)  # text and addresses in turn
    pieces[::2] = map(escape, pieces[::2])
    pieces[1::2] = (f'<a href="{address}">{address}</a>' for address in map(escape, pieces[1::2]))
    return "".join(pieces)


def _entry(name: str, said: str) -> str:
    return f"<li><strong>{escape(name)}</strong>{': ' + escape(said) if said else ''}</li>"


@lru_cache(maxsize=512)
def _parsed(words: str) -> tuple[_Paragraph, ...]:
    return tuple(_paragraph(text) for text in _PARAGRAPH.split(words.replace("\r", "").strip()))


def _paragraph(text: str) -> _Paragraph:
    alone = _FIELD.fullmatch(text.strip())
    lines = tuple(
        tuple(_Sentence(_pieces(sentence)) for sentence in _SENTENCE_ENDS.split(line)) for line in text.splitlines()
    )
    return _Paragraph(lines, alone[1].strip() if alone else None)


def _pieces(sentence: str) -> tuple[str, ...]:
    pieces = _FIELD.split(sentence)
    return tuple(piece.strip() if at % 2 else piece for at, piece in enumerate(pieces))
