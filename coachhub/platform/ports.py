"""What the running application is wired to: its clock, queue, mailer and settings."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, current_app

if TYPE_CHECKING:
    from coachhub.platform.clock import Clock
    from coachhub.platform.config import Settings
    from coachhub.platform.jobs import Queue
    from coachhub.platform.mailer import Mailer

_NAME = "coachhub"


@dataclass
class Ports:
    """The world outside, as far as we need it; tests put fakes here."""

    settings: "Settings"
    clock: "Clock"
    queue: "Queue"
    mailer: "Mailer"


def plug(app: Flask, wired: Ports) -> None:
    """Give the application its ports."""
    app.extensions[_NAME] = wired


def ports() -> Ports:
    """The ports of the running application; needs an application context."""
    # Once: through its proxy each name costs as much as a small call.
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # it is a proxy
    wired: Ports = app.extensions[_NAME]
    return wired
