"""One run: a town, its fleet and its people; kills; rest; and a look whether the truths hold."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from coachhub.platform import embedded
from tests import prepared
from tests.payments.banks import SECRETS
from tests.servers.sendgrid import SendGridServer
from tests.servers.stripe import StripeServer
from tests.soak.fleet import WEBS, WORKERS, Fleet, three_free_ports
from tests.soak.kills import EACH_IN_TURN, Kill, Killer
from tests.soak.memory import Memory
from tests.soak.people import People
from tests.soak.record import Asked
from tests.soak.town import build_town
from tests.soak.truths import Truths

_MOST_A_MINUTE = 1.0
_WARMING_UP = 60
"""So many seconds after its last kill a process still learns: statements, templates."""


@dataclass
class Run:
    """A fleet with its town, and what came of it."""

    fleet: Fleet
    people: People
    killer: Killer
    memory: Memory
    truths: Truths
    kills: list[Kill] = field(default_factory=list)
    calm_since: float = 0
    rest: float = 0

    def soak(self, turns: Sequence[Sequence[str]], killing: float, calm: float) -> None:
        """Load for so many seconds with kills, and so many without; then everything comes to rest."""
        self.memory.begin()
        self.people.begin()
        time.sleep(2)
        self.kills = self.killer.kill_all(turns, killing)
        self.calm_since = time.monotonic()
        time.sleep(calm)
        self.people.end()
        self.memory.end()
        self.rest = self.truths.come_to_rest()
        self.people.fall_silent()

    def beyond(self) -> list[str]:
        """Requests that failed though they were not under way when something was killed, in words."""
        return [self._words(one) for one in self.people.record.beyond([kill.at for kill in self.kills])]

    def _words(self, one: Asked) -> str:
        meanwhile = [kill.what for kill in self.kills if kill.covers(one.began)]
        asked_at = one.began - self.kills[0].at
        return f"{one.kind}: {one.status} to what was asked after {asked_at:.1f} s, in {one.took:.1f} s; {meanwhile}"

    def growing(self) -> list[str]:
        """Web servers and workers whose memory rises, while nothing is killed, by more than what comes and goes."""
        since = self.calm_since + _WARMING_UP
        sizes = {name: self.memory.slope(name, since) for name in (*WEBS, *WORKERS)}
        return [f"{name}: {slope:+.2f} MB a minute" for name, slope in sizes.items() if slope > _MOST_A_MINUTE]

    def report(self) -> str:
        """All figures."""
        record, began = self.people.record, self.kills[0].at
        seconds = max(one.ended or 0 for one in record.asked) - record.asked[0].began
        failed = len(record.failures())
        parts = [
            f"{len(record.asked)} requests in {seconds:.0f} s ({len(record.asked) / seconds:.1f} a second), "
            f"{failed} failed, {len(self.beyond())} of them not under way at a kill",
            *record.lines(),
            "",
            *(self._line(kill, began) for kill in self.kills),
            "",
            *self.truths.counts(),
            f"doubled deliveries: {len(self.people.sendgrid.doubled)}; came to rest after {self.rest:.1f} s",
            "",
            *self.memory.lines(self.calm_since + _WARMING_UP),
            *self._mistakes(),
        ]
        return "\n".join(parts)

    def _mistakes(self) -> list[str]:
        """The end of each trace of an error that nobody expected."""
        logs = [(self.fleet.folder / "log" / f"{web}.log").read_text() for web in WEBS]
        return [part[:4000] for log in logs for part in log.split("unexpected_error")[1:]][:2]

    def _line(self, kill: Kill, began: float) -> str:
        under_way = [one for one in self.people.record.asked if one.spans(kill.at)]
        failed = sum(one.failed for one in under_way)
        return (
            f"killed after {kill.at - began:6.1f} s  {kill.what:32} well again after {kill.recovered_after:5.1f} s, "
            f"{len(under_way)} requests under way, {failed} of them failed"
        )


@contextmanager
def running(folder: Path) -> Iterator[Run]:
    """The fleet on a town of its own, for the length of the block."""
    port = three_free_ports()
    with StripeServer() as stripe, SendGridServer(judge_every=10) as sendgrid:
        webhook = f"http://127.0.0.1:{port}/webhooks/stripe"
        for secret, is_connected in zip(SECRETS, (False, True), strict=False):
            stripe.listen(webhook, secret, is_connected=is_connected)
        town = build_town(folder, f"http://127.0.0.1:{port}", stripe)
        fleet = Fleet(folder, port, stripe, sendgrid)
        try:
            fleet.start()
            yield _run(fleet, People(town, port, stripe, sendgrid), embedded.addresses(folder).redis_url)
        finally:
            if fleet.runs():
                fleet.stop()


def _run(fleet: Fleet, people: People, redis_url: str) -> Run:
    return Run(fleet, people, Killer(fleet, redis_url), Memory(fleet), Truths(people, redis_url))


def main() -> None:
    """Run it long, and print the figures. Exit code 1 where a truth is broken."""
    parser = argparse.ArgumentParser(prog="script/soak")
    parser.add_argument("--minutes", type=float, default=15, help="how long: three fifths with kills, the rest without")
    parser.add_argument("--keep", type=Path, help="a folder to run in, which is kept with its logs")
    given = parser.parse_args()
    seconds = given.minutes * 60
    with tempfile.TemporaryDirectory(prefix="coachhub-soak-") as made:
        folder = Path(made)
        folder.chmod(0o711)
        prepared.prepare(folder / "prepared")
        with running(given.keep or folder / "data") as run:
            began = psutil.cpu_times()
            run.soak(EACH_IN_TURN, seconds * 0.6, seconds * 0.4)
            print(run.report(), flush=True)
            used = psutil.cpu_times()
            busy = 1 - (used.idle - began.idle) / max(sum(used) - sum(began), 1e-9)
            print(f"\nprocessors were busy for {busy:.0%} of the time")
            broken, beyond = run.truths.broken(), run.beyond()
            growing = run.growing()
    for line in [*broken, *beyond, *growing]:
        print(f"!!! {line}", flush=True)
    sys.exit(1 if broken or beyond or growing else 0)


if __name__ == "__main__":
    main()
