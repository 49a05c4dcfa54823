"""An answer that is known as a whole is handed to the server as a whole.

By werkzeug's way a server is given an iterator in any case, and asks it for piece after piece until it ends. granian
opens a channel between two threads for that, and gives up its turn to run with each piece; a list it sends in one step.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class WholeAnswer(Response):
    """Flask's. Only what is made while it is sent goes out in pieces: a file, or an archive of many reports."""

    def get_app_iter(self, environ: "WSGIEnvironment") -> Iterable[bytes]:
        """A list where nothing is still to be made; then the answer's end is here."""
        pieces = super().get_app_iter(environ)
        if self.direct_passthrough or not self.is_sequence:
            return pieces
        whole = [*pieces]
        self.close()
        return whole
