"""The provider that only counts: it misses no mail and no double, however slowly it answers."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from coachhub.bench.provider import Counts, counting_provider
from coachhub.platform.config import Settings
from coachhub.platform.mailer import Copy, Mailing
from coachhub.platform.sendgrid_mailer import SendGridMailer


def a_mailing(copies: int) -> Mailing:
    people = tuple(Copy(uuid4(), f"client{number}@example.com", "", {"name": "x" * 200}) for number in range(copies))
    return Mailing(uuid4(), "new_month", "Ana", None, "Hello", "%{name}%", "<p>%{name}%</p>", people)


def test_it_counts_calls_mails_and_doubles(settings: Settings) -> None:
    first, second = a_mailing(250), a_mailing(10)
    with counting_provider(delay=0.2) as provider, ThreadPoolExecutor(6) as pool:
        given = {"mailer": "sendgrid", "sendgrid_api_key": "SG.bench", "sendgrid_host": provider.url}
        mailer = SendGridMailer(Settings(**(settings.model_dump() | given)))
        start = time.monotonic()
        assert set(pool.map(mailer.send, [first, second, second, second, second, second])) == {"counted"}
        assert 0.2 <= time.monotonic() - start < 1.1
        assert provider.counts() == Counts(calls=6, mails=300, doubled=40)
