"""A real worker process whose mails go to a file: `python -m tests.workers.sink_worker <queue> <file> <instant>`."""

import os
import sys
import time
from datetime import datetime
from pathlib import Path
from uuid import UUID

from coachhub.app import create_worker_app
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import load_settings
from coachhub.platform.mailer import Mailing
from workers.working import work


class SinkMailer:
    """A provider whose ledger is a file: one line a mail taken, in one write, which no kill can tear."""

    def __init__(self, path: Path) -> None:
        self.path = path

    most_copies = 10

    def send(self, mailing: Mailing) -> str | None:
        lines = [f"{copy.delivery_id} {copy.to_address}\n" for copy in mailing.copies]
        time.sleep(0.03)
        ledger = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(ledger, "".join(lines).encode())
        os.close(ledger)
        time.sleep(0.03)
        return f"sink-{mailing.copies[0].delivery_id}"

    def allow_again(self, address: str) -> None:
        """Nobody is refused."""

    def was_taken(self, delivery_id: UUID) -> bool | None:
        return str(delivery_id) in self.path.read_text()


if __name__ == "__main__":
    queue, sink, instant = sys.argv[1:]
    settings = load_settings()
    clock = FixedClock(datetime.fromisoformat(instant))
    app = create_worker_app(settings, clock=clock, mailer=SinkMailer(Path(sink)))
    work(app, settings.redis_url.get_secret_value(), queue)
