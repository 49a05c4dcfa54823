"""In the middle of an upgrade: the version before, in processes of its own, on the schema of this one.

Its web answers, its workers work, and what one version rings for the other does.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener
from uuid import uuid4

import psycopg
import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from coachhub.coaching.models import CoachingSession
from coachhub.platform import migrate
from coachhub.platform.clock import SystemClock
from coachhub.platform.config import ROOT, Settings
from coachhub.platform.jobs import DEFAULT, URGENT, Ring, RqQueue, failed_jobs
from tests.booking.visited import Shop, an_offer, form_of, open_shop
from tests.cast import Cast
from tests.deploy.former import Former, find_commit, lay_out
from tests.factories import LONG_AGO
from tests.reminders.rows import a_habit_for, keep
from tests.reminders.wakes import a_wake
from tests.supervise.copies import free_port
from tests.workers.processes import environment, eventually

pytestmark = pytest.mark.lengthy

NEWCOMERS: dict[str, str] = {"deliver_share": "workers.jobs.sweep, a minute later"}
"""Jobs that the former code does not know, and what rings again for those that its workers have failed meanwhile."""

_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Former:
    return lay_out(find_commit(), tmp_path_factory.mktemp("former"))


class Visitor:
    """A browser without scripts."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._open = build_opener(HTTPCookieProcessor(CookieJar()), ProxyHandler({})).open

    def get(self, path: str) -> str:
        with self._open(self.base + path, timeout=30) as answer:
            return str(answer.read().decode())

    def send(self, path: str, page: str, fields: dict[str, str]) -> str:
        """Send the form of a page; what it leads to."""
        token = _TOKEN.search(page)
        data = fields | ({"csrf_token": token.group(1)} if token else {})
        try:
            with self._open(self.base + path, urlencode(data).encode(), timeout=30) as answer:
                return str(answer.read().decode())
        except HTTPError as refused:
            raise AssertionError(f"{refused.code}: {refused.read().decode()[-2000:]}") from None


class Upgrade:
    """Processes of both versions on the servers of the tests, and the mail that they send."""

    def __init__(self, settings: Settings, former: Former, data: Path) -> None:
        self._environment = environment(settings) | {"COACHHUB_DATA": str(data), "HOST": "127.0.0.1"}
        self._former = former
        self._data = data
        self._webs: dict[bool, tuple[str, subprocess.Popen[bytes]]] = {}
        self._staff: list[subprocess.Popen[bytes]] = []
        self._staff_is_former: bool | None = None
        self.log = data / "processes.log"

    def web(self, *, of_former: bool) -> str:
        """The address of a web server that says that it is ready; started where none runs yet."""
        if of_former not in self._webs:
            port = str(free_port())
            options = ["--interface", "wsgi", "--port", port, "--blocking-threads", "4", "coachhub.wsgi:app"]
            server = "coachhub.serving" if (self._folder(of_former) / "coachhub" / "serving.py").exists() else "granian"
            self._webs[of_former] = (f"http://127.0.0.1:{port}", self._start(server, *options, of_former=of_former))
        base = self._webs[of_former][0]
        eventually(lambda: _is_ready(base), self.log.read_text, seconds=60)
        return base

    def work(self, *, of_former: bool) -> None:
        """Have workers of one version, and none of the other."""
        if self._staff_is_former is not of_former:
            _end(self._staff)
            assert {child.returncode for child in self._staff} <= {0}
            what = (("worker", "urgent"), ("worker", "default"))
            self._staff = [self._start("workers.boot", *each, of_former=of_former) for each in what]
            self._staff_is_former = of_former

    def ask_former(self, what: str, *arguments: str) -> str:
        """What its code says."""
        code = f"import sys; from coachhub.platform import migrate; print({what})"
        folder = self._former.folder
        around = self._environment | {"PYTHONPATH": str(folder)}
        argv = [sys.executable, "-c", code, *arguments]
        return subprocess.run(argv, cwd=folder, env=around, capture_output=True, text=True, check=True).stdout.strip()

    def _start(self, *module: str, of_former: bool) -> "subprocess.Popen[bytes]":
        folder = self._folder(of_former)
        with self.log.open("ab") as sink:
            return subprocess.Popen(
                [sys.executable, "-m", *module],
                cwd=folder,
                env=self._environment | {"PYTHONPATH": str(folder)},
                stdout=sink,
                stderr=sink,
            )

    def _folder(self, of_former: bool) -> Path:
        return self._former.folder if of_former else ROOT

    def mail_to(self, address: str, about: str = "") -> str:
        """Wait for the newest mail to an address that has these words in it; its subject and text."""
        eventually(lambda: self._mails(address, about) != [], self.log.read_text, seconds=60)
        return self._mails(address, about)[-1]

    def forget_mail(self) -> None:
        """What was sent until now."""
        for path in (self._data / "mail").glob("*.eml"):
            path.unlink()

    def sweep(self) -> None:
        """Ring for what the scheduler asks for every minute."""
        RqQueue(self._environment["REDIS_URL"]).put(Ring("workers.jobs.sweep", (), DEFAULT))

    def assert_no_job_failed(self) -> None:
        """Nor has one been put off to be tried again."""
        said = self.log.read_text()
        assert "job_failed" not in said
        assert "horse killed" not in said
        assert failed_jobs(self._environment["REDIS_URL"]) == []

    def _mails(self, address: str, about: str) -> list[str]:
        paths = sorted((self._data / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime)
        mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
        said = [
            f"{mail['Subject']}\n{mail.get_body(('plain',)).get_content()}" for mail in mails if address in mail["To"]
        ]
        return [each for each in said if about in each]

    def is_idle(self) -> bool:
        """Whether no job waits, is being taken or is under way, asked in the order in which a job goes."""
        with Redis.from_url(self._environment["REDIS_URL"]) as valkey:
            queues = [Queue(name, connection=valkey, serializer=JSONSerializer) for name in (URGENT, DEFAULT)]
            waiting = sum(queue.count + int(valkey.llen(queue.intermediate_queue_key)) for queue in queues)
            return waiting + sum(queue.started_job_registry.count for queue in queues) == 0

    def close(self) -> None:
        _end([*self._staff, *(child for _, child in self._webs.values())])


def _end(children: "list[subprocess.Popen[bytes]]") -> None:
    for child in children:
        child.terminate()
    for child in children:
        child.wait(60)


def _is_ready(base: str) -> bool:
    try:
        return Visitor(base).get("/readyz") != ""
    except OSError:
        return False


@pytest.fixture(scope="module")
def upgrade(settings: Settings, former: Former, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgrade]:
    with Redis.from_url(settings.redis_url.get_secret_value()) as valkey:
        valkey.flushdb()
        running = Upgrade(settings, former, tmp_path_factory.mktemp("upgrade"))
        try:
            yield running
        finally:
            running.close()
            valkey.flushdb()


@pytest.fixture
def people(cast: Cast, upgrade: Upgrade) -> Iterator[Cast]:
    """The cast; at the end the workers are done: nobody empties a database in which somebody writes."""
    yield cast
    eventually(upgrade.is_idle, upgrade.log.read_text, seconds=60)


@pytest.fixture
def shop(people: Cast, admin: psycopg.Connection) -> Shop:
    found = open_shop(people, admin)
    an_offer(people.app, "intro", people.ana)
    return found


def signed_in(upgrade: Upgrade, base: str, address: str) -> Visitor:
    """By a code that is mailed."""
    visitor = Visitor(base)
    upgrade.forget_mail()
    visitor.send("/sign-in/send-code", visitor.get("/sign-in"), {"email": address})
    code = re.search(r"\b(\d{6})\b", upgrade.mail_to(address))
    assert code is not None
    page = visitor.send("/sign-in/code", visitor.get("/sign-in/code"), {"email": address, "code": code.group(1)})
    assert "/sign-out" in page
    return visitor


def book(visitor: Visitor, shop: Shop, who: str, time: int = 0) -> str:
    """A free time of the intro call, the first unless said otherwise; the page that says so."""
    found = re.findall(r'href="([^"]*\bat=[^"]+)"', visitor.get(f"{shop.path}/intro?zone=Europe/London"))
    page = visitor.get(found[time].replace("&amp;", "&"))
    whose = {"name": who, "email": f"{who.lower()}@example.org", "zone": "Europe/London"}
    return visitor.send(f"{shop.path}/intro", page, form_of(page) | whose)


def a_session_in_forty_minutes(cast: Cast) -> None:
    """Planned and told of long ago; the reminder of an hour before is due now."""
    told = {"created_at": LONG_AGO, "changed_at": LONG_AGO, "news_at": LONG_AGO, "coach_id": cast.ana.user_id}
    said = {"minutes": 60, "place": "https://meet.example/ana", "agenda": ""}
    starts_at = SystemClock().now() + timedelta(minutes=40)
    keep(
        cast.app,
        cast.ana,
        CoachingSession(id=uuid4(), client_id=cast.ben.client_id, starts_at=starts_at, **told, **said),
    )
    a_wake(cast.app, cast.ana, SystemClock().now())


def test_it_has_an_older_schema_and_leaves_the_newer_one(upgrade: Upgrade, former: Former, settings: Settings) -> None:
    """As on the way back, whose first step is to migrate, too."""
    assert settings.database_owner_url is not None
    owner = settings.database_owner_url.get_secret_value()
    assert upgrade.ask_former("migrate.head(), migrate.upgrade(sys.argv[1])", owner) == f"{former.head} False"
    assert former.head < migrate.head() == migrate.current(owner)


def test_it_serves_everybody_with_the_former_code(upgrade: Upgrade, people: Cast, shop: Shop) -> None:
    base = upgrade.web(of_former=True)
    upgrade.work(of_former=True)
    ana = signed_in(upgrade, base, "ana@example.com")
    assert "Ben Berger" in ana.get("/clients")
    assert "<h1" in ana.get("/today")
    assert "Ben Berger" in ana.get(f"/clients/{people.ben.client_id}")
    assert "You are booked" in book(Visitor(base), shop, "Vera")
    assert "Vera" in ana.get("/clients")
    a_session_in_forty_minutes(people)
    upgrade.sweep()
    assert upgrade.mail_to("ben@example.com", "https://meet.example/ana")
    upgrade.assert_no_job_failed()


def test_it_serves_one_visitor_with_both_in_turn(upgrade: Upgrade, people: Cast) -> None:
    """As behind a proxy: signed in by one, read by the other; a form of one is sent to the other."""
    former, newer = upgrade.web(of_former=True), upgrade.web(of_former=False)
    upgrade.work(of_former=True)
    a_habit_for(people.app, people.ben)
    ben = signed_in(upgrade, newer, "ben@example.com")
    page = ben.get("/month")
    ben.base = former
    assert "Dan Dorsey" in ben.get("/month")
    assert "Dear Dan" in ben.send(f"/month/choose/{people.dan_id}", page, {})
    page = ben.get("/month")
    ben.base = newer
    assert "Dear Dan" in ben.get("/month")
    said = {"tone": "warm", "subject": "Hello", "body": "Dear Dan"}
    assert "Did Dan answer?" in ben.send(f"/month/sent/{people.dan_id}", page, said)
    ben.base = former
    assert "Did Dan answer?" in ben.get("/month")
    ana = signed_in(upgrade, newer, "ana@example.com")
    for ana.base in (newer, former):
        assert "Ben Berger" in ana.get("/clients")


def test_it_writes_with_both_at_once(upgrade: Upgrade, people: Cast, shop: Shop) -> None:
    bases = [upgrade.web(of_former=True), upgrade.web(of_former=False)]
    upgrade.work(of_former=True)
    ana = signed_in(upgrade, bases[0], "ana@example.com")
    with ThreadPoolExecutor(2) as visitors:
        said = visitors.map(book, map(Visitor, bases), [shop] * 2, ["Vera", "Nora"], [0, -1])
        assert all("You are booked" in page for page in said)
    for ana.base in bases:
        clients = ana.get("/clients")
        assert "Vera" in clients
        assert "Nora" in clients


@pytest.mark.parametrize("web_is_former", [False, True], ids=["former works", "former rings"])
def test_it_does_what_the_other_version_asks_for(
    upgrade: Upgrade, people: Cast, shop: Shop, admin: psycopg.Connection, web_is_former: bool
) -> None:
    base = upgrade.web(of_former=web_is_former)
    upgrade.work(of_former=not web_is_former)
    signed_in(upgrade, base, "ana@example.com")
    assert "You are booked" in book(Visitor(base), shop, "Vera")
    planned = "select count(*) from outbox where kind like 'session_%'"  # it goes out when no night is in the way
    eventually(lambda: admin.execute(planned).fetchone() != (0,), upgrade.log.read_text)
    upgrade.assert_no_job_failed()


def test_it_shares_every_job_with_the_former_code(former: Former) -> None:
    theirs, ours = (_jobs(folder / "workers" / "jobs.py") for folder in (former.folder, ROOT))
    assert {name: ours.get(name) for name in theirs} == theirs
    assert {name for name in ours if name not in theirs} - set(NEWCOMERS) == set()


def _jobs(path: Path) -> dict[str, tuple[int, int]]:
    """Each job, and how many arguments it needs and takes."""
    functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
    return {
        each.name: (len(each.args.args) - len(each.args.defaults), len(each.args.args))
        for each in functions
        if not each.name.startswith("_")
    }
