"""Words too long for a line, such as addresses. Pure: the standard library."""

import re
import unicodedata

_BREAK = "\u200b"
# Scripts without spaces between words find their own places to break: Thai to Khmer; China, Japan, Korea.
_OWN_PLACES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_LONG = re.compile(rf"[^\s{_OWN_PLACES}]{{40,}}")
_AFTER = frozenset("/?&=._-#,;:@+")
_LEAST, _EVERY = 8, 20
_JOINS = ("Mn", "Mc", "Me", "Cf", "Sk")


def breakable(text: str) -> str:
    """The same text with unseen places to break in words of forty signs and more: after a slash, or each twenty."""
    return _LONG.sub(lambda found: _broken(found[0]), text)


def _broken(word: str) -> str:
    pieces, since = [], 0
    for here, following in zip(word, [*word[1:], ""], strict=True):
        pieces.append(here)
        since += 1
        is_place = since >= _EVERY or (here in _AFTER and since >= _LEAST)
        if following and is_place and not _belongs(here, following):
            pieces.append(_BREAK)
            since = 0
    return "".join(pieces)


def _belongs(here: str, following: str) -> bool:
    """Whether the next sign is drawn with this one: an accent, a part of an emoji."""
    return unicodedata.category(following) in _JOINS or here == "\u200d"
