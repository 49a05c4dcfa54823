"""When what is typed may replace what is kept, and what of it stays in the history."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

STRETCH = timedelta(minutes=5)
MUCH = 80
LONGEST_NOTE = 50_000


@dataclass(frozen=True)
class Kept:
    """A note as it is kept. `began_at`: when the stretch of writing began in which it was saved last."""

    text: str
    version: int
    is_from_same_page: bool
    began_at: datetime


def is_in_the_way(kept: Kept, text: str, seen_version: int) -> bool:
    """Whether the kept text holds words that whoever typed this one has not seen.

    A page that saved last may save again although it never heard so: our answer may be lost on the way. The same words
    are in nobody's way.
    """
    return kept.version != seen_version and not kept.is_from_same_page and kept.text != text


def begins_stretch(kept: Kept, text: str, now: datetime) -> bool:
    """Whether the kept text stays in the history, and a new stretch of writing begins.

    It does after five minutes, where another page wrote it, and where more than 80 of its characters go.
    """
    is_new = now - kept.began_at >= STRETCH or not kept.is_from_same_page
    return is_new or characters_gone(kept.text, text) > MUCH


def characters_gone(before: str, after: str) -> int:
    """How many characters of `before` were replaced or taken out, seen as one change between what begins and what ends
    alike.
    """
    start = _alike(before, after)
    return len(before) - start - _alike(before[start:][::-1], after[start:][::-1])


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def both_texts(kept: str, typed: str) -> str:
    """Two texts in one, what was kept first; an empty one adds nothing."""
    return "\n\n".join(text.strip("\n") for text in (kept, typed) if text.strip())
