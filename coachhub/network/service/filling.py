"""Fills the coach's template with what is known; a sentence that needs something unknown is left out."""

import re
from collections.abc import Mapping

FIELDS = frozenset({"friend", "first_name", "silence", "company", "times", "place", "me"})
_FIELD = re.compile(r"\{\s*([^{}]*?)\s*\}")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?\u2026])\s+|(?<=[\u3002\uff01\uff1f])\s*")


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
    return _FIELD.sub(lambda field: facts[field[1]], " ".join(sentences))


def _is_known(sentence: str, facts: Mapping[str, str]) -> bool:
    return all(facts.get(name) for name in _FIELD.findall(sentence))
