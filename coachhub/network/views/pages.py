"""The blueprint of the network, and whose network a request is about."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, url_for

from coachhub.network.promise_parts import promise_lines as lines_of
from coachhub.network.service.owner import Owner, owner_of
from coachhub.network.service.promises import Promise, open_promises
from coachhub.platform.identity import signed_in_as
from coachhub.platform.web import asked_next
from coachhub.platform.written_once import Written

pages = Blueprint("network", __name__)


@pages.app_context_processor
def _promises() -> dict[str, Callable[[], tuple[Promise, ...]]]:
    """The month's page shows them too; asked for by the template, so that no other page reads them."""
    return {"my_promises": lambda: open_promises(owner())}


@pages.app_template_global()
def promise_lines(promises: Sequence[Promise], back: str) -> Written:
    """What was promised, line by line."""
    return lines_of(promises, back)


def owner() -> Owner:
    """The signed-in client as the owner of their network."""
    return owner_of(signed_in_as().client_id)


def back_to(endpoint: str, **values: Any) -> str:
    """Where a form leads when it is done: the address in `?next=`, else the endpoint."""
    return asked_next(url_for(endpoint, **values))
