"""What may be a password. Nothing is cut off, no kind of character is asked for: length is what makes it strong."""

import re
import unicodedata
from enum import StrEnum
from functools import cache
from pathlib import Path

AT_LEAST = 10
AT_MOST = 200
TYPED_AT_MOST = 4 * AT_MOST
"""Composing makes at most four typed characters one. Longer texts are never composed: it takes time by their square."""
_NEEDS_DIFFERENT = 5


class PasswordFault(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    OWN_NAME = "own_name"


class Strength(StrEnum):
    """How long an accepted password would hold out against guessing."""

    FAIR = "fair"
    GOOD = "good"
    STRONG = "strong"


def plain(password: str) -> str:
    """The password as it is hashed: the same whichever keyboard composed its accents."""
    return unicodedata.normalize("NFKC", password)


def fault_of(password: str, *own_names: str) -> PasswordFault | None:
    """Refuse under 10 and over 200 characters, what everybody tries first, and the person's own e-mail or practice."""
    if len(password) > TYPED_AT_MOST:
        return PasswordFault.TOO_LONG
    letters = plain(password)
    if len(letters) < AT_LEAST:
        return PasswordFault.TOO_SHORT
    if len(letters) > AT_MOST:
        return PasswordFault.TOO_LONG
    if letters.casefold() in common_passwords() or len(set(letters.casefold())) < _NEEDS_DIFFERENT:
        return PasswordFault.COMMON
    if _bare(letters) in _spellings(own_names):
        return PasswordFault.OWN_NAME
    return None


def strength_of(password: str) -> Strength:
    """Strong from 16 characters, good from 13 or with three kinds of characters, else fair."""
    letters = plain(password)
    kinds = sum(bool(re.search(kind, letters)) for kind in (r"[a-z]", r"[A-Z]", r"\d", r"[^\w]|_"))
    if len(letters) >= 16:
        return Strength.STRONG
    return Strength.GOOD if len(letters) >= 13 or kinds >= 3 else Strength.FAIR


@cache
def common_passwords() -> frozenset[str]:
    """The passwords of at least ten characters that leaked lists show most often."""
    lines = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line)


def _bare(text: str) -> str:
    """Only letters and digits, without digits at the end: `Ana-Coaching 2026!` is `anacoaching`."""
    kept = "".join(letter for letter in text.casefold() if letter.isalnum())
    return kept.rstrip("0123456789") or kept


def _spellings(names: tuple[str, ...]) -> set[str]:
    """Each name, and of an e-mail address also what stands before the @."""
    return {_bare(part) for name in names for part in (name, name.partition("@")[0]) if part.strip()}
