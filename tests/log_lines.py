"""What was logged in a test, line by line, and an application that breaks in the ways that quote what people wrote."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import Flask, request
from sqlalchemy import text

from coachhub.app import create_app
from coachhub.platform.config import Settings
from coachhub.platform.db import db
from coachhub.platform.guards import public
from tests.fakes import KeptQueue, OutboxMailer

MARK = "Mirabelle"
"""Stands in every word that a person might have written."""
_library = logging.getLogger("some.library")


@contextmanager
def breaking_app(settings: Settings, **changed: Any) -> Iterator[Flask]:
    """An application with pages that break, each at `/break/<how>`."""
    made = create_app(settings.model_copy(update=changed), mailer=OutboxMailer(), queue=KeptQueue())
    made.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    for name, view in WAYS.items():
        made.add_url_rule(f"/break/{name}/<token>", name, public(view), methods=["GET", "POST"])
    yield made
    with made.app_context():
        db.engine.dispose()


def lines_of(said: str) -> list[dict[str, Any]]:
    """Each line of a log in JSON."""
    return [json.loads(line) for line in said.splitlines()]


def events_of(said: str, event: str) -> list[dict[str, Any]]:
    """The lines of one event."""
    return [line for line in lines_of(said) if line["event"] == event]


def _words(token: str) -> str:
    raise RuntimeError(f"no room for {request.values['name']}, {token} at table {12}")


def _lookup(token: str) -> str:
    return {"a": "b"}[token]


def _number(token: str) -> str:
    return str(int(request.values["name"]))


def _id(token: str) -> str:
    return str(UUID(token))


def _chained(token: str) -> str:
    try:
        return _lookup(token)
    except KeyError as error:
        raise LookupError(request.values["name"]) from error


def _refused_value(token: str) -> str:
    return str(db.session.execute(text("select cast(:token as uuid)"), {"token": token}).scalar())


def _told_by_trigger(token: str) -> str:
    raising = "do $$ begin raise exception 'no seat for %', current_setting('app.told'); end $$"
    db.session.execute(text("select set_config('app.told', :name, true)"), {"name": f'"{token}"'})
    db.session.execute(text(raising))
    return ""


def _library_speaks(token: str) -> str:
    _library.warning("bad header %s of %s", token, request.values["name"])
    _library.error(f"could not read '{token}'\n{request.values['name']}")
    _library.warning(f"no seat for {token} and {request.values['name']} of {7}")
    _library.warning(token)
    try:
        raise ValueError(token)
    except ValueError:
        _library.exception("gave up on %s", token)
    return ""


def _asked_slowly(token: str) -> str:
    for _ in range(3):
        db.session.execute(text("select pg_sleep(0.02), cast(:token as text)"), {"token": token})
    return ""


WAYS: dict[str, Callable[[str], str]] = {
    "words": _words,
    "lookup": _lookup,
    "number": _number,
    "id": _id,
    "chained": _chained,
    "refused_value": _refused_value,
    "told_by_trigger": _told_by_trigger,
    "library": _library_speaks,
    "slow": _asked_slowly,
}
