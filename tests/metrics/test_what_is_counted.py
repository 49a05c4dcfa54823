"""What really happens to bookings, webhooks, messages and reports is counted, each once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from flask import Flask
from redis import Redis

from coachhub.booking.models import Side
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.booking.service.ending import expire_hold
from coachhub.booking.service.moving import move_booking
from coachhub.payments.service.hearing import take_event
from coachhub.platform import counts
from coachhub.platform.mail_news import Fate
from coachhub.reports.rules.papers import MOST_RUNS
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, an_offering, as_nobody, confirm, confirmed, held
from tests.cast import Cast
from tests.payments.fake_gateway import FakeGateway
from tests.payments.till import Till
from tests.reminders.provider import Provider
from tests.reports.shelf.desk import Desk

Told = Callable[[], dict[tuple[str, ...], float]]


@pytest.fixture
def told(app: Flask, worker_app: Flask, valkey: Redis) -> Iterator[Told]:
    """What web and workers have counted so far."""
    ledger = counts.Ledger(valkey)
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for each in (app, worker_app):
            patch.setitem(each.extensions, "coachhub_counts", ledger)
        yield lambda: dict(ledger.read())


def of(name: str, told: Told) -> dict[Any, float]:
    """The parts of one figure."""
    return {field[1:]: value for field, value in told().items() if field[0] == name}


def test_it_counts_what_becomes_of_bookings(cast: Cast, told: Told) -> None:
    offering_id = an_offering(cast.app, cast.ana)
    booking_id = confirmed(cast, "Vera", offering_id)
    confirm(cast, booking_id)
    left = held(cast, "Walt", offering_id, NEXT_MONDAY + 2 * AN_HOUR)
    with as_nobody(cast):
        move_booking(booking_id, NEXT_MONDAY + 4 * AN_HOUR, Side.COACH)
        cancel_booking(booking_id, Side.COACH)
        cancel_booking(booking_id, Side.COACH)
        expire_hold(left)
    became = {("held",): 2, ("confirmed",): 1, ("moved",): 1, ("cancelled",): 1, ("expired",): 1}
    assert of("coachhub_bookings", told) == became


def test_it_counts_what_the_provider_of_mail_tells(
    cast: Cast, worker_app: Flask, admin: psycopg.Connection, told: Told
) -> None:
    provider = Provider(cast.app, worker_app, admin, cast.ben)
    news = [provider.news(provider.a_message(), fate) for fate in (Fate.DELIVERED, Fate.DELIVERED, Fate.BOUNCED)]
    provider.tell(*news)
    provider.tell(*news)
    delivered, bounced = ("sendgrid", Fate.DELIVERED.value), ("sendgrid", Fate.BOUNCED.value)
    assert of("coachhub_webhook_events", told) == {
        **{(*delivered, "kept"): 2, (*delivered, "known"): 2},
        **{(*bounced, "kept"): 1, (*bounced, "known"): 1},
    }
    assert of("coachhub_webhook_events_handled", told) == {(*delivered, "handled"): 2, (*bounced, "handled"): 1}


def test_it_counts_what_stripe_tells(cast: Cast, gateway: FakeGateway, worker_app: Flask, told: Told) -> None:
    till = Till.open(cast, gateway, worker_app)
    _booking, _purchase, page = till.at_checkout()
    gateway.pay(page)
    with cast.app.app_context():
        assert all(take_event(event) for event in 2 * gateway.events)
    till.settle()
    kept = of("coachhub_webhook_events", told)
    assert {outcome for _, _, outcome in kept} == {"kept", "known"}
    assert {provider for provider, _, _ in kept} == {"stripe"}
    handled = of("coachhub_webhook_events_handled", told)
    assert sum(handled.values()) == sum(value for (_, _, outcome), value in kept.items() if outcome == "kept")
    assert {outcome for _, _, outcome in handled} <= {"handled", "ignored"}


def test_it_counts_reports_and_why_one_was_not_made(
    cast: Cast, worker_app: Flask, admin: psycopg.Connection, told: Told
) -> None:
    desk = Desk(cast, worker_app)
    desk.ask()
    assert desk.make() == 1
    desk.ask_about(desk.held())
    admin.execute("update reports set attempts = %s where state = 'waiting'", [MOST_RUNS])
    desk.make()
    assert of("coachhub_reports", told) == {("progress", "ready"): 1, ("session", "worker_died"): 1}


def test_it_counts_what_comes_of_messages(cast: Cast, worker_app: Flask, admin: psycopg.Connection, told: Told) -> None:
    provider = Provider(cast.app, worker_app, admin, cast.ben)
    message = provider.a_message("claimed")
    provider.mark_sent(message)
    provider.mark_sent(message)
    assert of("coachhub_messages", told) == {("new_month", "sent"): 1}
