"""What the web says of itself at `/readyz`."""

import http.client
from contextlib import closing
from dataclasses import dataclass

from coachhub.platform.config import Settings

_ANY_TO_OWN = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where it listens, and how to reach that


@dataclass(frozen=True)
class Readiness:
    """Whether the web is ready with all that it stands on, Valkey as well, and its answer in its own words."""

    is_ready: bool
    answer: str


def readiness(settings: Settings) -> Readiness:
    """Ask once, straight to the port: a proxy that the environment names has no part in it."""
    host = _ANY_TO_OWN.get(settings.host, settings.host)
    with closing(http.client.HTTPConnection(host, settings.port, timeout=5)) as connection:
        try:
            connection.request("GET", "/readyz")
            response = connection.getresponse()
            answer = response.read().decode(errors="replace").strip()
            return Readiness(response.status == 200 and "false" not in answer, answer)  # each check: true or false
        except (OSError, http.client.HTTPException) as error:
            return Readiness(False, f"no answer: {error}")
