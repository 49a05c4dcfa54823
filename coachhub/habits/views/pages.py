"""The one blueprint of the habits' pages, and the words that its templates may use."""

from collections.abc import Callable
from functools import cache

from flask import Blueprint

from coachhub.habits import wording
from coachhub.habits.month_parts import month_date, month_other, month_so_far, month_steps, month_when
from coachhub.habits.service.progress import Progress, progress_of
from coachhub.platform import clock
from coachhub.platform.identity import signed_in_as

pages = Blueprint("habits", __name__)


@pages.app_context_processor
def _hour() -> dict[str, Callable[[], Progress | None]]:
    """What the running month of the signed-in client has come to: pages of the network show it after a meetup."""
    return {"my_hour": _my_hour}


def _my_hour() -> Progress | None:
    client_id = signed_in_as().client_id
    return progress_of([client_id], clock.now()).get(client_id) if client_id else None


@pages.context_processor
@cache
def _words() -> dict[str, Callable[..., object]]:
    words = {name: getattr(wording, name) for name in vars(wording) if name.endswith("_words")}
    parts = {each.__name__: each for each in (month_date, month_other, month_so_far, month_steps, month_when)}
    return {**words, **parts}
