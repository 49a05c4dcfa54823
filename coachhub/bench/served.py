"""The application, and a bare Flask page beside it at `/bare`, in one server: for measurements over HTTP."""

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from coachhub.platform.config import load_settings_or_exit
from coachhub.platform.garbage import kept_for_good
from coachhub.platform.launcher import die_with_parent

BARE = "/bare"


def serve() -> DispatcherMiddleware:
    """What the server's processes run."""
    die_with_parent()
    with kept_for_good():
        from coachhub.app import create_app

        app = create_app(load_settings_or_exit())
    return DispatcherMiddleware(app.wsgi_app, {BARE: _bare().wsgi_app})


def _bare() -> Flask:
    bare = Flask("bare")

    @bare.get("/")
    def page() -> str:
        return "<!doctype html><title>Bare</title><p>A page.</p>"

    return bare
