"""A PostgreSQL and a Valkey of one test's own, which it may kill and start again."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from coachhub.platform import embedded
from coachhub.platform.config import Settings
from tests.prepared import copy_into


@dataclass
class OwnServers:
    """The servers in `folder`, durable as in earnest, by name."""

    folder: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def addresses(self) -> embedded.Addresses:
        return embedded.addresses(self.folder)

    def start(self, *names: str) -> None:
        """Start them, and wait until they answer."""
        embedded.prepare(self.folder, names)
        for program in embedded.commands(self.folder, names):
            self.running[program.name] = subprocess.Popen(
                program.argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        embedded.wait_until_ready(self.addresses, names)

    def kill(self, name: str) -> None:
        """End one at once, as a power cut would; PostgreSQL's helpers follow their parent."""
        child = self.running.pop(name)
        child.send_signal(signal.SIGQUIT if name == "postgres" else signal.SIGKILL)
        child.wait(20)

    def forget(self, name: str) -> None:
        """Remove everything that a killed server kept."""
        shutil.rmtree(self.folder / name)

    def settings(self) -> Settings:
        """The settings of an application on these servers."""
        found = self.addresses
        return Settings(
            environment="test",
            data=self.folder,
            secret_key="a secret for tests only, thirty-two or more",
            database_url=found.database_url,
            database_worker_url=found.worker_url,
            database_owner_url=found.owner_url,
            redis_url=found.redis_url,
            base_url="http://localhost",
        )

    def look(self) -> psycopg.Connection:
        """A superuser's connection to the application's database."""
        name = urlsplit(self.addresses.database_url).path
        return psycopg.connect(urlsplit(self.addresses.admin_url)._replace(path=name).geturl(), autocommit=True)

    def close(self) -> None:
        """End what still runs."""
        for name in list(self.running):
            with suppress(ProcessLookupError):
                self.kill(name)


@contextmanager
def own_servers(folder: Path) -> Iterator[OwnServers]:
    """Both servers, with the schema, for the length of the block."""
    copy_into(folder)
    embedded.lay_out(folder)
    with embedded.hold(folder):
        servers = OwnServers(folder)
        try:
            servers.start("postgres", "valkey")
            yield servers
        finally:
            servers.close()
            embedded.leave(embedded.lay_out(folder))
