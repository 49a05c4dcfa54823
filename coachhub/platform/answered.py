"""How a request was answered, for whoever keeps count: the log and the metrics."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from coachhub.platform.statements import Tally, tally

_NAME = "coachhub_heard"


@dataclass(frozen=True, slots=True)
class Answered:
    """Which view was asked, how, and with which status it was answered. Without a view nobody was found to ask."""

    endpoint: str | None
    method: str
    status: int

    @property
    def blueprint(self) -> str | None:
        """To which pages the view belongs."""
        return self.endpoint.rpartition(".")[0] if self.endpoint else None


Hear = Callable[[Answered, Tally], None]


def hear(app: Flask, told: Hear) -> None:
    """Have this told of each request that this application answers, and of what it asked the database."""
    app.extensions.setdefault(_NAME, []).append(told)


def tell(app: Flask, answered: Answered) -> None:
    """Tell them all, in the order in which they came; nobody is told of what is not counted."""
    if (found := tally()) is None:
        return
    for told in app.extensions.get(_NAME, ()):
        told(answered, found)
