"""The processes of the layout, started as a person starts them, with the tests' own Stripe and SendGrid."""

import json
from contextlib import suppress
from pathlib import Path
from threading import Thread

import psutil

from tests.payments.banks import SECRETS
from tests.servers.sendgrid import SendGridServer
from tests.servers.stripe import StripeServer
from tests.supervise.copies import Copy

SECRET_KEY = "a secret for soaking only, thirty-two or more"
WEBS = ("web-1", "web-2")
WORKERS = ("worker-urgent", "worker-default", "worker-bulk")
SCHEDULERS = ("scheduler-1", "scheduler-2")
PROGRAMS = ("proxy", "pooler", "postgres", "valkey", *WEBS, *WORKERS, *SCHEDULERS)


class Fleet(Copy):
    """One folder and three ports after each other: the proxy's and those of the web servers."""

    command = ("up", "--as-fleet")

    def __init__(self, folder: Path, port: int, stripe: StripeServer, sendgrid: SendGridServer) -> None:
        super().__init__(folder)
        self.port = port
        self._servers = {
            "STRIPE_SECRET_KEY": stripe.key,
            "STRIPE_WEBHOOK_SECRETS": json.dumps(SECRETS),
            "STRIPE_API_BASE": stripe.url,
            "MAILER": "sendgrid",
            "SENDGRID_API_KEY": sendgrid.key,
            "SENDGRID_HOST": sendgrid.url,
            "SENDGRID_WEBHOOK_KEYS": json.dumps([sendgrid.signing_key.public]),
        }
        self.said: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> str:
        """Start it, and read on what it says: a full pipe would stop it."""
        printed = super().start()
        Thread(target=self._listen, daemon=True).start()
        return printed

    def _listen(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        with suppress(ValueError):  # closed while it was read
            self.said += self.process.stdout

    def port_of(self, web: str) -> int:
        """Where one of the web servers listens."""
        return self.port + int(web.rpartition("-")[2])

    def of(self, name: str) -> psutil.Process:
        """The process of a program. Raises psutil.NoSuchProcess."""
        return psutil.Process(self.pid_of(name))

    def children_of(self, name: str) -> list[psutil.Process]:
        """The processes that a program has started: a web server's own, a worker's work horse."""
        try:
            return self.of(name).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def _environment(self) -> dict[str, str]:
        ours = {"COACHHUB_ENV": "test", "SECRET_KEY": SECRET_KEY, "BASE_URL": self.url}
        return super()._environment() | ours | self._servers


def three_free_ports() -> int:
    """The first of three ports after each other that nobody listens on at this moment."""
    import socket
    from contextlib import ExitStack

    for first in range(18100, 18900, 3):
        with ExitStack() as stack:
            try:
                for port in range(first, first + 3):
                    stack.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
            return first
    raise AssertionError("no three ports are free")
