"""`/metrics`, for who brings the token of METRICS_TOKEN; without that setting there is no such page."""

from hmac import compare_digest

from flask import Blueprint, Flask, Response, request

from coachhub.platform.errors import NotFound
from coachhub.platform.guards import bare
from coachhub.platform.ports import ports

pages = Blueprint("metrics", __name__)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@pages.get("/metrics")
@bare
def metrics() -> Response:
    token = ports().settings.metrics_token
    if token is None:
        raise NotFound
    brought = request.headers.get("Authorization", "").encode()
    if not compare_digest(brought, f"Bearer {token.get_secret_value()}".encode()):
        return Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    from coachhub.metrics.exposing import exposition

    return Response(exposition(), content_type=CONTENT_TYPE)


def register(app: Flask) -> None:
    """Add the page."""
    app.register_blueprint(pages)
