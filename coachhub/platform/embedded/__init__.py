"""The embedded servers: PostgreSQL and Valkey out of wheels, for development, tests and a first look.

Nouns: the *layout* (which folder holds what, who runs the servers), the *addresses* (how to connect), a
*program* (a server's command line, to be run in the foreground by the supervisor).
Nothing else in CoachHub knows that these servers exist: it sees addresses. `DATABASE_URL` and `REDIS_URL`
name real servers instead.
"""

from coachhub.platform.embedded.binaries import client_program, own_major
from coachhub.platform.embedded.layout import (
    AlreadyRunning,
    EmbeddedError,
    Layout,
    hold,
    lay_out,
    leave,
    reachable,
)
from coachhub.platform.embedded.postgres import kept_major
from coachhub.platform.embedded.servers import (
    SERVERS,
    Addresses,
    Program,
    addresses,
    commands,
    ensure_database,
    prepare,
    running,
    wait_until_ready,
)

__all__ = [
    "SERVERS",
    "Addresses",
    "AlreadyRunning",
    "EmbeddedError",
    "Layout",
    "Program",
    "addresses",
    "client_program",
    "commands",
    "ensure_database",
    "hold",
    "kept_major",
    "lay_out",
    "leave",
    "own_major",
    "prepare",
    "reachable",
    "running",
    "wait_until_ready",
]
