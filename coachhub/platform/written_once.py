"""HTML that is written once: a macro's, kept for the next who would read the same."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from flask import current_app, g, request

from coachhub.platform.tongues import tongue

Asked = tuple[Hashable, ...]
_ANEW = "writes_anew"


def write_anew() -> None:
    """Have the running request write its whole page, though others have left it written: somebody looks at how."""
    setattr(g, _ANEW, True)


def writes_anew() -> bool:
    """Whether a page that is kept as a whole must not be taken from there."""
    return bool(g.get(_ANEW))


class WrittenOnce:
    """What one macro of a template writes, kept in this process by all that it depends on.

    That is what is handed over, the reader's language, and where the application is: a macro of a template that is
    imported by itself sees nothing else of a page. So whose and when it is for is handed over, too, where the words
    depend on it, and a token is no part of it. `seen` makes what the macro is given of what is handed over. Those that
    nobody has asked for longest make room for others, beyond `most`.
    """

    def __init__(self, template: str, macro: str, seen: Callable[..., object] | None = None, most: int = 256) -> None:
        self._template, self._macro, self._seen = template, macro, seen
        self._kept = lru_cache(maxsize=most, typed=True)(self._write)

    def __call__(self, *asked: Hashable) -> "Written":
        """What the macro writes of it."""
        return Written(self, [asked])

    def each(self, rows: Iterable[Hashable], *asked: Hashable) -> "Written":
        """What it writes of one row after the other, with what all of them have in common."""
        return Written(self, [(row, *asked) for row in rows])

    def html(self, asked: Sequence[Asked]) -> str:
        """Of each, one after the other; what was asked for before is not written again."""
        kept, language, root = self._kept, tongue().tag, request.root_path
        if len(asked) == 1:
            return kept(language, root, *asked[0])
        return "".join([kept(language, root, *each) for each in asked])

    def given(self, asked: Asked) -> tuple[object, ...]:
        """What the macro is given of what is handed over."""
        return asked if self._seen is None else (self._seen(*asked),)

    def macro(self) -> Callable[..., str]:
        """The macro itself."""
        module: Any = current_app.jinja_env.get_template(self._template).module
        macro: Callable[..., str] = getattr(module, self._macro)
        return macro

    def _write(self, _language: str, _root: str, *asked: Hashable) -> str:
        return str(self.macro()(*self.given(asked)))


class Written:
    """A part of a page, as a template is given it: it is written where the template shows it."""

    __slots__ = ("asked", "once")

    def __init__(self, once: WrittenOnce, asked: Sequence[Asked]) -> None:
        self.once, self.asked = once, asked

    def __html__(self) -> str:
        return self.once.html(self.asked)

    def __len__(self) -> int:
        """Of how many things: where there are none it is false, as a list is."""
        return len(self.asked)
