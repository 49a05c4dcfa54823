"""The floor of a page: a bare view that renders the same template from what the page had ready, and asks nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, g, template_rendered
from flask.testing import FlaskClient
from jinja2 import Template

from coachhub.platform.guards import bare
from coachhub.platform.identity import Identity, identity

READY = "/ready"


class ReadyPage:
    """A page of an application as it was last rendered; made before the application answers its first request."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._kept: tuple[Template, dict[str, Any], Identity | None] | None = None

        @app.get(READY)
        @bare
        def ready() -> Response:
            return self._render()

    def keep(self, browser: FlaskClient, path: str) -> None:
        """Have the floor answer with this page from now on."""
        with self._listening():
            answer = browser.get(path)
        if answer.status_code != 200 or len(browser.get(READY).data) != len(answer.data):
            raise RuntimeError(f"the floor of {path} is another page")

    @contextmanager
    def _listening(self) -> Iterator[None]:
        def keep(_app: Flask, template: Template, context: dict[str, Any], **_more: Any) -> None:
            self._kept = template, context, identity()

        with template_rendered.connected_to(keep, self._app):
            yield

    def _render(self) -> Response:
        assert self._kept is not None  # noqa: S101 (a page was kept)
        template, context, g.identity = self._kept
        return Response(template.render(context), mimetype="text/html")
