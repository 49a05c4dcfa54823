"""What runs: our programs beside the servers, and all of them as supervisord's configuration."""

import sys
from shlex import join

from coachhub.platform.config import ROOT, Settings
from coachhub.platform.embedded import Layout, Program
from coachhub.platform.launcher import launch_command

APPLICATION = "application"
WORKERS = "workers"
_WORKER_GRACE_SECONDS = 60
_GRACE_SECONDS = 15


def application_programs(settings: Settings, layout: Layout) -> list[Program]:
    """Web, scheduler, and the workers: one on the urgent queue, `WORKERS` on `default`, `BULK_WORKERS` on `bulk`.

    The workers are one program, which imports what all of them need and forks each: a quarter of the work and memory.
    """
    return [
        web_program("web", settings, layout),
        _ours(WORKERS, ["workers.boot", "crew", str(layout.pids), *posts(settings)], layout),
        scheduler_program("scheduler", layout),
    ]


def web_program(name: str, settings: Settings, layout: Layout) -> Program:
    """A web server at the settings' host and port, with as many processes as they say."""
    argv = [
        *("coachhub.serving", "--interface", "wsgi", "--host", settings.host, "--port", str(settings.port)),
        *("--workers", str(settings.web_workers), "--respawn-failed-workers", "--no-ws"),
        *("--blocking-threads", "4"),  # as many requests at once as two cores serve
        *("--workers-kill-timeout", "10", "--log-level", "warning", "coachhub.wsgi:app"),
    ]
    return _ours(name, argv, layout)


def worker_program(name: str, queue: str, layout: Layout) -> Program:
    """A worker of one queue."""
    return _ours(name, ["workers.boot", "worker", queue], layout)


def scheduler_program(name: str, layout: Layout) -> Program:
    """A scheduler; two of them do no harm."""
    return _ours(name, ["workers.boot", "scheduler"], layout)


def posts(settings: Settings) -> list[str]:
    """The queue of each worker, and a number to tell it from the first of that queue."""
    crews = (("urgent", 1), ("default", settings.workers), ("bulk", settings.bulk_workers))
    return [f"{queue}-{number}" if number > 1 else queue for queue, size in crews for number in range(1, size + 1)]


def configuration(servers: list[Program], application: list[Program], layout: Layout) -> str:
    """The text of supervisord.conf. Groups stop in the reverse order of their priority: servers last."""
    head = _HEAD.format(socket=layout.supervisor_socket, root="user=root\n" if layout.user else "")
    groups = [_group("servers", servers, 1), _group(APPLICATION, application, 2)]
    programs = [_program(program, autostart=program in servers) for program in [*servers, *application]]
    return "\n".join([head, *groups, *programs])


def _ours(name: str, module: list[str], layout: Layout) -> Program:
    argv = [sys.executable, "-m", *module]
    return Program(name, launch_command(name, argv, pids=layout.pids, folder=ROOT, user=None, stop="TERM"), "TERM")


def _group(name: str, programs: list[Program], priority: int) -> str:
    if not programs:
        return ""
    return f"[group:{name}]\nprograms={','.join(program.name for program in programs)}\npriority={priority}\n"


def _program(program: Program, *, autostart: bool) -> str:
    return _PROGRAM.format(
        name=program.name,
        command=join(program.argv).replace("%", "%%"),  # it expands %(name)s
        autostart="true" if autostart else "false",
        stop=program.stop,
        grace=_WORKER_GRACE_SECONDS if program.name == WORKERS else _GRACE_SECONDS,
    )


_HEAD = """\
; Written by `coachhub up` at each start. Paths are relative to this file's folder.
[supervisord]
nodaemon=true
silent=true
{root}logfile=log/supervisord.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile=pids/supervisord.own
childlogdir=log

[unix_http_server]
file={socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""

_PROGRAM = """\
[program:{name}]
command={command}
autostart={autostart}
autorestart=true
startsecs=2
startretries=30
stopsignal={stop}
stopwaitsecs={grace}
killasgroup=true
redirect_stderr=true
stdout_logfile=log/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=3
"""
