"""What the web does before granian forks: its pages once, for nobody, so that no worker has to learn them anew.

Nobody owns a practice that there is not: row security shows them nothing, and nothing can be written for them.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

import psycopg
import structlog
from flask import Flask, g
from jinja2 import Environment

from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.garbage import BETWEEN_LOOKS_OF_THE_WEB, kept_for_good
from coachhub.platform.identity import Identity, Role
from coachhub.platform.markdown import as_html
from coachhub.platform.request_log import REHEARSED
from coachhub.platform.tenancy import as_practice

log = structlog.get_logger(__name__)
_SEEN_FIRST = ("/", "/sign-in", "/sign-up")
_SEEN_MOST = ("/today", "/clients")
_SEEN_WITH_SOMETHING_IN_THEM = (
    *("reports/today.html", "reports/clients.html", "reports/clients_parts.html", "habits/month/meet.html"),
    *("layouts/coach.html", "layouts/portal.html", "layouts/framed.html", "layouts/main_alone.html"),
    *("booking/practice_page.html", "network/reply/page.html", "network/reply/choices.html"),
)
_NAMED_IN_A_TEMPLATE = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
"""Jinja would have to parse them once more to tell, which takes a third of loading them."""
_NOBODY = UUID(int=0)
_PATIENCE = 2
"""So many seconds a database is waited for that does not even say no."""


def rehearse(application: Flask, database_url: str) -> None:
    """Show nobody what strangers see first and coaches most: what is loaded and compiled for it, every worker shares.

    Nothing is open afterwards, because a socket shared by workers would mix up their conversations. A database that is
    not there yet spoils the rehearsal and nothing else.
    """
    with kept_for_good(BETWEEN_LOOKS_OF_THE_WEB):
        browser = application.test_client(use_cookies=False)
        for address in _SEEN_FIRST:
            browser.get(address, environ_overrides={REHEARSED: True})
        _load(application.jinja_env, _SEEN_WITH_SOMETHING_IN_THEM)
        as_html("*What a practice says of itself*")
        try:
            psycopg.connect(database_url, connect_timeout=_PATIENCE).close()
            for address in _SEEN_MOST:
                _look(application, address)
        except Exception as error:
            log.warning("rehearsal_failed", why=type(error).__name__)
        with application.app_context():
            db.engine.dispose()


def _look(application: Flask, address: str) -> None:
    """Have the page made, past the guards, and past what tells of a request or of an error."""
    with application.test_request_context(address), as_practice(_NOBODY, _NOBODY):
        g.identity = _nobody()
        application.make_response(Flask.dispatch_request(application))


def _load(environment: Environment, names: Iterable[str]) -> None:
    """Compile templates, and whatever they include, import or extend."""
    waiting, known = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in known:
            known.add(name)
            file = Path(str(environment.get_template(name).filename))
            waiting += _NAMED_IN_A_TEMPLATE.findall(file.read_text())


def _nobody() -> Identity:
    return Identity(
        login_id=_NOBODY,
        user_id=_NOBODY,
        practice_id=_NOBODY,
        role=Role.OWNER,
        name="",
        email="",
        email_verified=True,
        locale="en",
        time_zone="UTC",
        practice_name="",
        practice_time_zone="UTC",
        currency="EUR",
        client_id=None,
        is_elsewhere=False,
        last_seen_at=clock.now(),
    )
