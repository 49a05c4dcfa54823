"""Text on one line, as names, subjects and headers need it. Pure: the standard library.

Composed (NFC), so that equal names are equal; without control characters, and without the marks that turn round
the text behind them.
"""

import re
import unicodedata

_TYPED = re.compile(r"[ -~]*")
_READ = 1_200  # longer than any line we take; composing takes time by the square of the length
_DIRECTIONS = {"L": False, "R": True, "AL": True}
_TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """The text on one line, without outer or doubled spaces, read up to 1,200 characters."""
    if len(text) < _READ and _TYPED.fullmatch(text):  # most lines: nothing in them to compose or to leave out
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text.strip()[:_READ])
    kept = (" " if unicodedata.category(letter) == "Cc" else letter for letter in composed if letter not in _TURNS_TEXT)
    return " ".join("".join(kept).split())


def is_right_to_left(text: str) -> bool | None:
    """Whether it is read from right to left, as its first letter says (UAX #9); None where there is no letter."""
    kinds = map(unicodedata.bidirectional, text)
    return next((_DIRECTIONS[kind] for kind in kinds if kind in _DIRECTIONS), None)
