"""The process layout of many machines, on one and without containers: to try what only shows there.

Two web servers behind a proxy, one worker a queue, two schedulers, and a pooler before PostgreSQL that gives each
transaction whichever connection is free. `deploy/` runs the same programs in containers.
"""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from coachhub.platform.config import Settings, SettingsError
from coachhub.platform.embedded import Layout, Program
from coachhub.platform.jobs import QUEUES
from coachhub.platform.launcher import launch_command
from coachhub.supervise.programs import scheduler_program, web_program, worker_program

_SITES = (1, 2)
_POOLER_PORT, _SERVER_PORT = 6432, 5432
"""No port is opened: both are parts of a socket's name."""
_POOLER = "/usr/sbin/pgbouncer"


def fleet_programs(settings: Settings, layout: Layout) -> list[Program]:
    """Pooler, proxy, two web servers at the two ports after ours, a worker of each queue, two schedulers.

    Raises SettingsError where the pooler or the proxy is not installed.
    """
    sites = [web_program(f"web-{n}", settings.model_copy(update={"port": settings.port + n}), layout) for n in _SITES]
    workers = [worker_program(f"worker-{queue}", queue, layout) for queue in QUEUES]
    schedulers = [scheduler_program(f"scheduler-{n}", layout) for n in _SITES]
    pooler = pooler_program(_roles(settings), layout)
    proxy = proxy_program(settings.port, [settings.port + n for n in _SITES], layout)
    return [pooler, proxy, *sites, *workers, *schedulers]


def fleet_environment(settings: Settings) -> dict[str, str]:
    """What our programs read instead of the settings file: the addresses through the pooler, and that a proxy stands
    before them.
    """
    web, worker = map(through_pooler, _roles(settings))
    return {"DATABASE_URL": web, "DATABASE_WORKER_URL": worker, "TRUSTED_PROXIES": "1"}


def _roles(settings: Settings) -> list[str]:
    return [url.get_secret_value() for url in (settings.database_url, settings.database_worker_url) if url is not None]


def through_pooler(url: str) -> str:
    """The address of a role, through the pooler. Raises SettingsError for another server than the embedded one."""
    direct = f"port={_SERVER_PORT}"
    if direct not in url:
        raise SettingsError("This layout brings its own PostgreSQL: leave DATABASE_URL unset")
    return url.replace(direct, f"port={_POOLER_PORT}")


def pooler_program(urls: Sequence[str], layout: Layout) -> Program:
    """pgbouncer in transaction mode before the embedded PostgreSQL, for the roles of these addresses.

    Raises SettingsError where it is not installed.
    """
    program = shutil.which("pgbouncer") or _POOLER
    if not os.access(program, os.X_OK):
        raise SettingsError("pgbouncer is not installed. Debian and Ubuntu: apt install pgbouncer")
    roles = [urlsplit(url) for url in urls]
    users = "".join(f'"{role.username}" "{unquote(role.password or "")}"\n' for role in roles)
    kept = _write(layout, "pooler.users", users)
    file = _write(layout, "pooler.ini", _POOLER_FILE.format(run=layout.run, users=kept))
    return _program("pooler", [program, str(file)], layout, layout.user, "INT")


def proxy_program(port: int, upstreams: Sequence[int], layout: Layout) -> Program:
    """Caddy at a port, before web servers at others, all on this machine. Raises SettingsError where it is missing."""
    program = Path(sys.executable).with_name("caddy")
    if not program.exists():
        raise SettingsError("Caddy is not installed: script/install test")
    to = " ".join(f"127.0.0.1:{upstream}" for upstream in upstreams)
    file = layout.folder / "Caddyfile"
    file.write_text(_PROXY_FILE.format(port=port, upstreams=to, kept=layout.folder / "proxy"))
    return _program(
        "proxy", [str(program), "run", "--config", str(file), "--adapter", "caddyfile"], layout, None, "TERM"
    )


def _program(name: str, argv: list[str], layout: Layout, user: tuple[int, int] | None, stop: str) -> Program:
    folder = layout.run if user else layout.folder
    return Program(name, launch_command(name, argv, pids=layout.pids, folder=folder, user=user, stop=stop), stop)


def _write(layout: Layout, name: str, text: str) -> Path:
    """A file that only the servers' user reads: it may hold passwords."""
    path = layout.run / name
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        if layout.user is not None:
            os.fchown(file.fileno(), *layout.user)
    return path


_POOLER_FILE = """\
[databases]
* = host={run} port=5432

[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {run}
unix_socket_mode = 0700
auth_type = scram-sha-256
auth_file = {users}
pool_mode = transaction
max_client_conn = 400
default_pool_size = 20
server_login_retry = 1
"""

_PROXY_FILE = """\
{{
	admin off
	auto_https off
	persist_config off
	storage file_system {kept}
}}
http://:{port} {{
	bind 127.0.0.1
	reverse_proxy {upstreams} {{
		request_buffers 21MiB
		lb_policy least_conn
		lb_try_duration 20s
		lb_try_interval 250ms
		health_uri /readyz
		health_interval 2s
		health_timeout 4s
		fail_duration 5s
	}}
}}
"""
