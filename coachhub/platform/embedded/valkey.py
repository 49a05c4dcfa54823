"""The embedded Valkey: one socket, no port, an append-only file."""

from pathlib import Path
from urllib.parse import quote

import redis

from coachhub.platform.embedded.binaries import valkey_program
from coachhub.platform.embedded.layout import Layout


def socket(layout: Layout) -> Path:
    """The socket that clients connect to."""
    return layout.run / "valkey.sock"


def url(layout: Layout) -> str:
    """The address in the spelling of redis-py."""
    return f"unix://{quote(str(socket(layout)), safe='/')}?db=0"


def command(layout: Layout, durable: bool) -> list[str]:
    """The foreground server. Everything is said here: no configuration file to keep in step."""
    return [
        str(valkey_program(layout)),
        *("--port", "0", "--unixsocket", str(socket(layout)), "--unixsocketperm", "700"),
        *("--dir", ".", "--appendonly", "yes" if durable else "no", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
    ]


def ping(address: str) -> None:
    """Ask for a sign of life. Raises redis.ConnectionError."""
    with redis.Redis.from_url(address) as client:
        client.ping()
