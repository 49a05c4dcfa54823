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
from coachhub.platform.mailer import Mail
from workers.boot import work


class SinkMailer:
    """A provider whose ledger is a file: one line a mail taken, in one write, which no kill can tear."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, mail: Mail) -> str | None:
        time.sleep(0.003)
        ledger = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(ledger, f"{mail.delivery_id} {mail.to_address}\n".encode())
        os.close(ledger)
        time.sleep(0.003)
        return f"sink-{mail.delivery_id}"

    def was_taken(self, delivery_id: UUID) -> bool | None:
        return str(delivery_id) in self.path.read_text()


if __name__ == "__main__":
    queue, sink, instant = sys.argv[1:]
    settings = load_settings()
    clock = FixedClock(datetime.fromisoformat(instant))
    app = create_worker_app(settings, clock=clock, mailer=SinkMailer(Path(sink)))
    work(app, settings.redis_url.get_secret_value(), queue)
