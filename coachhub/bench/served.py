"""The application, and a bare Flask page beside it at `/bare`, in one server: for measurements over HTTP."""

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

BARE = "/bare"


def serve() -> DispatcherMiddleware:
    """What the server's processes run: the application is loaded already, as wherever it is served."""
    from coachhub.wsgi import app

    return DispatcherMiddleware(app.wsgi_app, {BARE: _bare().wsgi_app})


def _bare() -> Flask:
    bare = Flask("bare")

    @bare.get("/")
    def page() -> str:
        return "<!doctype html><title>Bare</title><p>A page.</p>"

    return bare
