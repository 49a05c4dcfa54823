"""HTML that is written once: a macro's, kept for the next who would read the same."""

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import Any

from flask import current_app, request
from markupsafe import Markup

from coachhub.platform.language import lang


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

    def __call__(self, *asked: Hashable) -> Markup:
        """What the macro writes of it."""
        return self._kept(lang(), request.script_root, *asked)

    def each(self, rows: Iterable[Hashable], *asked: Hashable) -> Markup:
        """What it writes of one row after the other, with what all of them have in common."""
        kept, language, root = self._kept, lang(), request.script_root
        return Markup("".join([kept(language, root, row, *asked) for row in rows]))  # noqa: S704 (all of it is)

    def _write(self, _language: str, _root: str, *asked: Hashable) -> Markup:
        macros: Any = current_app.jinja_env.get_template(self._template).module
        given = asked if self._seen is None else (self._seen(*asked),)
        return Markup(getattr(macros, self._macro)(*given))  # noqa: S704 (a macro escapes what it is given)
