"""How a practice is addressed, and what a person is called before they have told us."""

import re
import unicodedata

SLUG_AT_MOST = 40
NO_SLUG = "practice"
# Letters that Unicode does not take apart into a plain letter and a mark.
_FOLDS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h", "ŋ": "ng"}
)
_NOBODY_S_NAME = {
    "admin",
    "coach",
    "coaching",
    "contact",
    "hallo",
    "hello",
    "hi",
    "info",
    "mail",
    "me",
    "office",
    "team",
}


def slug_of(name: str, otherwise: str = NO_SLUG) -> str:
    """The address of a name in ASCII; the other word where no letter of it is Latin."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_FOLDS))
    unmarked = "".join(letter for letter in letters if not unicodedata.combining(letter) and letter not in "'’")
    words = re.sub(r"[^a-z0-9]+", "-", unmarked).strip("-")
    return words[:SLUG_AT_MOST].strip("-") or otherwise


def name_in(email: str, otherwise: str) -> str:
    """A first guess at a person's name: `ana.alvarez+x@...` is Ana Alvarez; for `info@...` the other name stands."""
    local = email.partition("@")[0].partition("+")[0]
    words = [word for word in re.split(r"[\W\d_]+", local) if word]
    if not words or words[0] in _NOBODY_S_NAME or max(map(len, words)) < 2:
        return otherwise
    return " ".join(word[0].upper() + word[1:] for word in words)
