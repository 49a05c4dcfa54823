"""The one blueprint of the habits' pages, and the words that its templates may use."""

from collections.abc import Callable

from flask import Blueprint

from coachhub.habits import wording

pages = Blueprint("habits", __name__)


@pages.context_processor
def _words() -> dict[str, Callable[..., object]]:
    words = {name: getattr(wording, name) for name in vars(wording) if name.endswith("_words")}
    return {**words, "heat_squares": wording.heat_squares, "step_labels": wording.step_labels}
