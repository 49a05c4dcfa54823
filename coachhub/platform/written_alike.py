"""HTML in which each reader finds a few words of their own: written once, with stand-ins where these stand."""

import re
import secrets
from collections.abc import Hashable, Iterable, Sequence
from functools import lru_cache

from flask import request
from markupsafe import escape

from coachhub.platform.forgery import form_token, token_so_far
from coachhub.platform.language import lang
from coachhub.platform.written_once import Asked, Written, WrittenOnce

# Nobody can write them: they are made up anew by each process. In an address they need no quoting.
_MARK = secrets.token_hex(16)
_ANY = re.compile(rf"{_MARK}-(\d+)-")
_TOKEN = 99

Pieces = tuple[str | int, ...]
"""By turns what all read, and which word stands there."""


def stand_in(number: int) -> str:
    """What stands for the reader's own word of that number, counted from nought."""
    return f"{_MARK}-{number}-"


def pieces_of(written: str) -> Pieces:
    """What was just written with stand-ins, taken apart; the token of its forms is each reader's own, too."""
    token = token_so_far()
    if token is not None:
        written = written.replace(token, stand_in(_TOKEN))
    return tuple(int(piece) if place % 2 else piece for place, piece in enumerate(_ANY.split(written)))


def filled(pieces: Pieces, own: Sequence[object]) -> str:
    """What it says with the words of one reader, which are escaped as in a template."""
    said = [str(escape(word)) for word in own]
    return "".join(
        [piece if type(piece) is str else form_token() if piece == _TOKEN else said[piece] for piece in pieces]  # type: ignore[index]
    )


class WrittenAlike(WrittenOnce):
    """What one macro of a template writes, kept without the words that are the reader's own.

    The macro is given these as one tuple, and after it what else it depends on: by that it is kept. So it keeps
    nothing of anybody, and few of them serve all. A word that is the reader's own may stand in a text, in an attribute,
    and, if it is an id, in an address; a macro does nothing else with it: whether there is one is told beside it.
    """

    def __init__(self, template: str, macro: str, most: int = 256) -> None:
        super().__init__(template, macro)
        self._alike = lru_cache(maxsize=most, typed=True)(self._pieces)

    def of(self, own: Sequence[Hashable], *alike: Hashable) -> Written:
        """What it writes for one reader."""
        return Written(self, [(tuple(own), *alike)])

    def of_each(self, owns: Iterable[tuple[Sequence[Hashable], Hashable]]) -> Written:
        """One after the other, each with what else it depends on."""
        return Written(self, [(tuple(own), alike) for own, alike in owns])

    def html(self, asked: Sequence[Asked]) -> str:
        """Of each, one after the other; only what none was like before is written."""
        kept, language, root = self._alike, lang(), request.script_root
        return "".join([filled(kept(language, root, len(own), *alike), own) for own, *alike in asked])  # type: ignore[arg-type]

    def _pieces(self, _language: str, _root: str, count: int, *alike: Hashable) -> Pieces:
        return pieces_of(str(self.macro()(tuple(map(stand_in, range(count))), *alike)))
