"""The floor of a page: a bare view that renders the same template from what the page had ready, and asks nothing.

What the page writes once and keeps, its template writes anew each time: to have kept it is ours, not the template's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import FunctionType
from typing import Any

from flask import Flask, Response, before_render_template, g, request_started, template_rendered
from flask.testing import FlaskClient
from jinja2 import Template

from coachhub.bench.load import Page
from coachhub.bench.pages import body_of
from coachhub.platform.guards import bare
from coachhub.platform.identity import Identity, identity
from coachhub.platform.tenancy import NoPracticeSet
from coachhub.platform.written_once import Written, write_anew

READY = "/ready"


class _Anew:
    """A part of a page with all that it is made of ready, written each time."""

    def __init__(self, written: Written) -> None:
        self._macro = written.once.macro()
        self._given = [[_anew(value) for value in written.once.given(each)] for each in written.asked]

    def __html__(self) -> str:
        return "".join([self._macro(*given) for given in self._given])

    def __len__(self) -> int:
        return len(self._given)


def _anew(value: Any) -> Any:
    """Itself, or what is to be written anew of it: a part may be made of parts."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(_anew, value))
    return _Anew(value) if isinstance(value, Written) else value


class ReadyPage:
    """A page of an application as it was last rendered; made before the application answers its first request."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._keeps = False
        self._ready: Callable[[Any], Any] = _anew
        self._kept: tuple[Template, dict[str, Any], Identity | None] | None = None

        @app.get(READY)
        @bare
        def ready() -> Response:
            return self._render()

    def keep(self, browser: FlaskClient, page: Page, *, is_written: bool = False) -> Page:
        """Have the floor answer with this page from now on; gives where, to be asked in the same way.

        `is_written`: it need not write what the page keeps written.
        """
        self._ready = (lambda value: value) if is_written else _anew
        floor = Page(READY, page.headers)
        with self._listening():
            body = body_of(browser, page)
        if len(body_of(browser, floor)) != len(body):
            raise RuntimeError(f"the floor of {page.path} is another page")
        return floor

    @contextmanager
    def _listening(self) -> Iterator[None]:
        def remember(app: Flask, context: dict[str, Any], **_more: Any) -> None:
            named = {**app.jinja_env.globals, **context}
            context |= {
                name: self._remembering(value) for name, value in named.items() if isinstance(value, FunctionType)
            }

        def keep(_app: Flask, template: Template, context: dict[str, Any], **_more: Any) -> None:
            self._kept = template, {name: self._ready(value) for name, value in context.items()}, identity()

        def begin(_app: Flask, **_more: Any) -> None:
            write_anew()

        self._keeps = True
        with (
            request_started.connected_to(begin, self._app),
            before_render_template.connected_to(remember, self._app),
            template_rendered.connected_to(keep, self._app),
        ):
            yield
        self._keeps = False

    def _render(self) -> Response:
        assert self._kept is not None  # noqa: S101 (a page was kept)
        template, context, g.identity = self._kept
        return Response(template.render(context), mimetype="text/html")

    def _remembering(self, function: FunctionType) -> Callable[..., Any]:
        """A function that a template calls, with what it answered in the page, for when it may ask nothing any more."""
        answers: dict[str, Any] = {}

        @wraps(function)
        def remembered(*given: Any, **named: Any) -> Any:
            try:
                answer = function(*given, **named)
            except NoPracticeSet:
                return answers[repr((given, named))]
            if not self._keeps:
                return self._ready(answer)
            answers[repr((given, named))] = self._ready(answer)
            return answer

        return remembered
