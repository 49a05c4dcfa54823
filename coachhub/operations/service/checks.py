"""The checks of `coachhub doctor`: each asks one thing and answers in one line, also when nothing answers."""

import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

import psycopg
import redis
from psycopg.rows import dict_row

from coachhub.platform import jobs, migrate
from coachhub.platform.clock import Clock, SystemClock
from coachhub.platform.config import Settings
from coachhub.platform.moments import BACKUP, TICK

_TICK_MAY_BE = timedelta(minutes=3)
_MAIL_MAY_WAIT = timedelta(minutes=15)
_ROWS_MAY_WAIT = timedelta(minutes=15)
_MONEY_MAY_WAIT = timedelta(minutes=15)
_UNHEARD = (psycopg.OperationalError, redis.ConnectionError, redis.TimeoutError)
_Ask = Callable[[], tuple[bool, str]]
_A_DAY = timedelta(days=1)
_BACKUP_MAY_BE = timedelta(hours=50)
"""One a night; a single night that went wrong is told by whoever runs it."""
_PATIENCE_SECONDS = 5

_WAITING = "select state, sum(messages), min(oldest) from lookup.mail_waiting(%s) group by state order by state"

_ROLE = """
select current_user::text, r.rolsuper or r.rolbypassrls,
       (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'public' and c.relkind in ('r', 'p') and pg_has_role(current_user, c.relowner, 'member'))
  from pg_roles r where r.rolname = current_user
"""


_DATABASE, _VALKEY, _EACH = "database", "valkey", ""
_WHERE = {
    _DATABASE: "see that PostgreSQL runs and that DATABASE_URL and DATABASE_WORKER_URL lead to it",
    _VALKEY: "see that Valkey runs and that REDIS_URL leads to it",
}
_TO_DO = {
    "versions": "move to PostgreSQL 18: deploy/backup.md",
    "database role": "set DATABASE_URL and DATABASE_WORKER_URL to the roles of deploy/roles.sql",
    "migrations": "run coachhub migrate",
    "workers": "start python -m workers.boot worker QUEUE; the log of one that ended says why",
    "scheduler": "start python -m workers.boot scheduler, and a worker of the queue default, who hears it",
    "failed jobs": "coachhub jobs failed lists them, the log says why; then coachhub jobs retry, or forget",
    "outbox": "coachhub mail status says what the provider answers; it may be held back, or workers are missing",
    "unknown mail": "the provider did not say whether it took them: look there; coaches decide what goes again",
    "mail events": "start python -m workers.boot worker default; the log says why jobs fail",
    "reports": "start python -m workers.boot worker bulk, or more of them; the log says why jobs fail",
    "stripe events": "the log says why; coachhub payments reconcile brings in what Stripe knows",
    "money": "coachhub payments reconcile",
    "backup": "see why it failed (journalctl -u coachhub-backup), and run coachhub backup FILE now",
}
"""What somebody who has just been woken types or looks at, where a check is not fine."""


@dataclass(frozen=True)
class Check:
    """One thing examined: its name, whether it is fine, what was found, and what to do where it is not."""

    name: str
    is_fine: bool
    found: str
    to_do: str = ""


def examine(settings: Settings, clock: Clock | None = None) -> list[Check]:
    """All checks, in the order in which to read them. Never raises for what is out of order."""
    now = (clock or SystemClock()).now()
    asked: list[tuple[str, str, _Ask]] = [
        ("versions", _EACH, lambda: _versions(settings)),
        ("database role", _EACH, lambda: _roles(settings)),
        ("migrations", _DATABASE, lambda: _migrations(settings)),
        ("valkey", _VALKEY, lambda: _valkey(settings)),
        ("workers", _VALKEY, lambda: _workers(settings, now)),
        ("scheduler", _VALKEY, lambda: _scheduler(settings, now)),
        ("failed jobs", _VALKEY, lambda: _failed_jobs(settings, now)),
        ("outbox", _DATABASE, lambda: _outbox(settings, now)),
        ("unknown mail", _DATABASE, lambda: _unknown_mail(settings, now)),
        ("held back", _DATABASE, lambda: _held_back(settings)),
        ("mail events", _DATABASE, lambda: _rows(settings, now, "mail_events", "open")),
        ("reports", _DATABASE, lambda: _rows(settings, now, "reports", "waiting")),
        ("payments", _EACH, lambda: _payments(settings)),
        ("stripe events", _DATABASE, lambda: _stripe_events(settings, now)),
        ("money", _DATABASE, lambda: _money(settings, now)),
        ("backup", _VALKEY, lambda: _backup(settings, now)),
    ]
    silent: dict[str, str] = {}
    return [_answered(name, server, ask, silent) for name, server, ask in asked]


def has_staff(settings: Settings) -> bool:
    """Whether each queue has a worker and the scheduler ticks: what comes last at a start. Asks Valkey alone."""
    now = SystemClock().now()
    workers = _answered("workers", _VALKEY, lambda: _workers(settings, now), {})
    return workers.is_fine and _answered("scheduler", _VALKEY, lambda: _scheduler(settings, now), {}).is_fine


def _answered(name: str, server: str, ask: _Ask, silent: dict[str, str]) -> Check:
    """A server that was `silent` is not asked again: each check would wait for seconds, and somebody for them all."""
    if server in silent:
        return Check(name, False, silent[server], _WHERE[server])
    try:
        is_fine, found = ask()
    except (psycopg.Error, redis.RedisError, OSError) as error:
        found = " ".join(str(error).split())
        at_fault = _VALKEY if isinstance(error, redis.RedisError) else _DATABASE
        if isinstance(error, _UNHEARD) and server in (at_fault, _EACH) and name != "database role":
            silent[at_fault] = found
        is_old = isinstance(error, psycopg.ProgrammingError)
        return Check(name, False, found, _TO_DO["migrations"] if is_old else _WHERE[at_fault])
    return Check(name, is_fine, found, "" if is_fine else _TO_DO.get(name, ""))


def _versions(settings: Settings) -> tuple[bool, str]:
    with _connected(settings) as connection:
        server = connection.info.server_version
    kept = jobs.connect(settings.redis_url.get_secret_value()).info("server")
    store = f"Valkey {kept['valkey_version']}" if "valkey_version" in kept else f"Redis {kept['redis_version']}"
    found = (
        f"CoachHub {version('coachhub')}, Python {platform.python_version()}, "
        f"PostgreSQL {server // 10000}.{server % 10000}, {store}"
    )
    return server >= 18_00_00, found if server >= 18_00_00 else f"{found}; PostgreSQL 18 or newer is needed"


def _roles(settings: Settings) -> tuple[bool, str]:
    urls = [settings.database_url, settings.database_worker_url]
    found = [_role(url.get_secret_value()) for url in urls if url is not None]
    return all(fine for fine, _ in found), "; ".join(text for _, text in found)


def _role(url: str) -> tuple[bool, str]:
    with psycopg.connect(url, connect_timeout=_PATIENCE_SECONDS) as connection:
        row = connection.execute(_ROLE).fetchone()
    assert row is not None  # noqa: S101 - whoever asks has a role
    name, bypasses, owned = row
    if bypasses:
        return False, f"{name} passes row-level security by"
    if owned:
        return False, f"{name} owns {owned} tables, so it can switch row-level security off"
    return True, f"{name} is bound by row-level security"


def _migrations(settings: Settings) -> tuple[bool, str]:
    current, newest = migrate.current(settings.database_url.get_secret_value()), migrate.head()
    if current == newest:
        return True, f"at {newest}, the newest"
    if migrate.is_served(current):
        return True, f"at {current}, newer than this version's {newest}: an upgrade is under way, or one was taken back"
    return False, f"at {current or 'nothing'}, not at {newest}"


def _valkey(settings: Settings) -> tuple[bool, str]:
    jobs.connect(settings.redis_url.get_secret_value()).ping()
    return True, "answers"


def _workers(settings: Settings, now: datetime) -> tuple[bool, str]:
    alive = jobs.live_workers(settings.redis_url.get_secret_value(), now)
    missing = [queue for queue in jobs.QUEUES if queue not in alive]
    found = ", ".join(f"{alive.count(queue)} on {queue}" for queue in jobs.QUEUES)
    return not missing, found


def _scheduler(settings: Settings, now: datetime) -> tuple[bool, str]:
    tick = TICK.last(settings.redis_url.get_secret_value())
    if tick is None:
        return False, "never ticked"
    age = now - tick
    return age < _TICK_MAY_BE, f"last tick {_span(age)} ago"


def _failed_jobs(settings: Settings, now: datetime) -> tuple[bool, str]:
    """What failed longer ago is only told: sweeps have taken it up since, or somebody has looked at it."""
    failed = jobs.failed_jobs(settings.redis_url.get_secret_value())
    lately = [job for job in failed if job.ended_at is None or now - job.ended_at < _A_DAY]
    if not failed:
        return True, "none"
    return not lately, f"{len(failed)}, {len(lately)} of the last day: coachhub jobs failed"


def _outbox(settings: Settings, now: datetime) -> tuple[bool, str]:
    with _connected(settings) as connection:
        rows = connection.execute(_WAITING, (now,)).fetchall()
    longest = max((now - oldest for _, _, oldest in rows), default=timedelta())
    counted = ", ".join(f"{messages} {state}" for state, messages, _ in rows)
    return longest < _MAIL_MAY_WAIT, f"{counted}, the oldest for {_span(longest)}" if rows else "nothing waits"


def _unknown_mail(settings: Settings, now: datetime) -> tuple[bool, str]:
    """Held until a coach decides, which may take its time; but those of the last day tell of trouble now."""
    with _connected(settings) as connection:
        row = connection.execute("select messages, last_day from lookup.mail_unknown(%s)", (now,)).fetchone()
    messages, lately = row or (0, 0)
    return lately == 0, f"{messages} held, {lately} of the last day" if messages else "none"


def _rows(settings: Settings, now: datetime, what: str, awaited: str) -> tuple[bool, str]:
    """Rows that a worker should have taken up within minutes; those that have failed since the beginning are told."""
    with _connected(settings) as connection:
        stands = "select state, number, oldest from lookup.how_it_stands(%s) where what = %s and number > 0"
        rows = connection.execute(stands, (now, what)).fetchall()
    longest = max((now - oldest for state, _, oldest in rows if state == awaited and oldest), default=timedelta())
    counted = ", ".join(f"{number} {state}" for state, number, _ in rows)
    since = f", the oldest for {_span(longest)}" if longest else ""
    return longest < _ROWS_MAY_WAIT, f"{counted}{since}" if rows else "nothing waits"


def _held_back(settings: Settings) -> tuple[bool, str]:
    """Pauses are the operator's own will; they are told lest they are forgotten."""
    with _connected(settings) as connection:
        rows = connection.execute(
            "select coalesce(kind, 'all mail'), practice_id from mail_pauses order by since"
        ).fetchall()
    told = [f"{kind} of {practice_id or 'every practice'}" for kind, practice_id in rows]
    return True, ", ".join(told) or "nothing"


def _payments(settings: Settings) -> tuple[bool, str]:
    """Who moves the money. A test key in production is told and no more: whoever tries everything out has one."""
    if settings.stripe_secret_key is None:
        none = "none: STRIPE_SECRET_KEY is not set, so only free offerings can be booked"
        return True, none if settings.is_production else "pretended: no money moves"
    key = settings.stripe_secret_key.get_secret_value()
    kind = next((kind for kind in ("live", "test") if key[2:].startswith(f"_{kind}_")), "strange")
    return True, f"Stripe, with a {kind} key" + (": no money moves" if kind == "test" else "")


def _stripe_events(settings: Settings, now: datetime) -> tuple[bool, str]:
    """What Stripe told waits for a worker, for minutes at most; what was given up is looked at by somebody."""
    waiting = _money_waiting(settings, now)
    age = now - waiting["oldest_event"] if waiting["oldest_event"] else timedelta()
    is_fine = age < _MONEY_MAY_WAIT and not waiting["failed_events"]
    found = f"{waiting['open_events']} open" + (f", the oldest for {_span(age)}" if waiting["open_events"] else "")
    return is_fine, f"{found}, {waiting['failed_events']} given up in the last week"


def _money(settings: Settings, now: datetime) -> tuple[bool, str]:
    """Refunds that nobody took to Stripe or that it refused, and purchases whose time is over and that still hold."""
    waiting = _money_waiting(settings, now)
    age = now - waiting["oldest_refund"] if waiting["oldest_refund"] else timedelta()
    is_fine = age < _MONEY_MAY_WAIT and not waiting["failed_refunds"] and not waiting["late_purchases"]
    refunds = f"{waiting['asked_refunds']} refunds to be asked for, {waiting['failed_refunds']} failed in the last week"
    late = f"{waiting['late_purchases']} purchases not ended{_longest_late(settings, now)}"
    return is_fine, f"{refunds}, {late}: coachhub payments reconcile"


def _backup(settings: Settings, now: datetime) -> tuple[bool, str]:
    """Where `coachhub backup` has made one, the next are expected. Who has none here may have them elsewhere."""
    made = BACKUP.last(settings.redis_url.get_secret_value())
    if made is None:
        return True, "none by coachhub backup is known; where somebody else makes them, look there"
    return now - made < _BACKUP_MAY_BE, f"the last by coachhub backup {_span(now - made)} ago"


def _longest_late(settings: Settings, now: datetime) -> str:
    """How long the time of the oldest purchase is over that is not decided; nothing where that is as it should be."""
    with _connected(settings) as connection:
        row = connection.execute("select lookup.oldest_late_purchase(%s)", (now - _MONEY_MAY_WAIT,)).fetchone()
    return f", the oldest for {_span(now - row[0])}" if row and row[0] else ""


def _money_waiting(settings: Settings, now: datetime) -> dict[str, Any]:
    with _connected(settings) as connection, connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute("select * from lookup.money_waiting(%s)", (now,)).fetchone()
    return row or {}


def _connected(settings: Settings) -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(settings.database_url.get_secret_value(), connect_timeout=_PATIENCE_SECONDS)


def _span(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 10 * 3600 else f"{seconds // 3600} h"
