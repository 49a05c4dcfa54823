"""The reader's language, found out once a request: every text of a page asks for it, and a page has a hundred."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, g, has_app_context
from flask_babel import Babel, Domain, get_domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

_KEPT = "tongue"
Given = ParamSpec("Given")
Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Tongue:
    """A locale, its tag (`en_GB`), and its catalogue; a language without one is written as it stands in the code."""

    locale: Locale
    tag: str
    catalogue: NullTranslations


class _Catalogues(Domain):  # type: ignore[misc]  # Flask-Babel ships no types
    """Flask-Babel's, asked once for each locale."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain=domain)
        self._tongues: dict[Locale, Tongue] = {}

    def get_translations(self) -> NullTranslations:
        return tongue().catalogue

    def tongue_of(self, locale: Locale) -> Tongue:
        """As which the running request or mail is written."""
        found = self._tongues.get(locale)
        if found is None:
            written = super().get_translations()
            catalogue = written if written._catalog else NullTranslations()
            found = self._tongues[locale] = Tongue(locale, str(locale), catalogue)
        return found


class _Babel(Babel):  # type: ignore[misc]  # as above
    @cached_property
    def domain_instance(self) -> Domain:
        return _Catalogues(self.domain)


_SOURCE = Tongue(Locale("en"), "en", NullTranslations())


def speak_tongues(app: Flask, locale_of_reader: Callable[[], str | Locale], zone_of_reader: Callable[[], str]) -> None:
    """Wire Babel, and let templates translate in one step."""
    _Babel(app, default_locale="en", locale_selector=locale_of_reader, timezone_selector=zone_of_reader)
    app.jinja_env.globals.update(_=_written, gettext=_written, ngettext=_written_of_number)


def tongue() -> Tongue:
    """What the reader of this moment is written to in; English where nobody asks."""
    if not has_app_context():
        return _SOURCE
    here = vars(g._get_current_object())  # once: by its proxy each look costs as much as a small call
    locale = getattr(here.get("_flask_babel"), "babel_locale", None) or get_locale()
    kept: tuple[Locale, Tongue] | None = here.get(_KEPT)
    if kept is None or kept[0] is not locale:  # another one, for the length of a mail
        kept = here[_KEPT] = (locale, get_domain().tongue_of(locale))
    return kept[1]


def put_once(words: Callable[Given, Said]) -> Callable[Given, Said]:
    """For words that depend on what is handed over and on the reader's language alone: both are kept with them.

    Such a function translates all that it may say for the one thing that it says, and a list asks it for each line.
    """

    @lru_cache(maxsize=1024, typed=True)
    def kept(_tag: str, *given: Any) -> Said:
        return words(*given)  # type: ignore[call-arg]  # they come by their place

    @wraps(words)
    def put(*given: Given.args, **named: Given.kwargs) -> Said:
        return words(*given, **named) if named else kept(tongue().tag, *given)

    return put


@pass_eval_context
def _written(context: EvalContext, text: str, /, **fields: Any) -> str:
    """Jinja's `gettext`: the text is ours and may hold HTML, the fields are anybody's and are escaped."""
    written = tongue().catalogue.ugettext(text)
    if not context.autoescape:
        return str(written % fields)
    return Markup(written) % fields if fields else _as_it_is(written)  # noqa: S704 (ours)


@pass_eval_context
def _written_of_number(context: EvalContext, one: str, many: str, number: int, /, **fields: Any) -> str:
    written = tongue().catalogue.ungettext(one, many, number)
    fields.setdefault("num", number)
    return (Markup(written) if context.autoescape else written) % fields  # noqa: S704 (as above)


@lru_cache(maxsize=8192)
def _as_it_is(written: str) -> Markup:
    return Markup(written) % {}  # noqa: S704 (as above)
