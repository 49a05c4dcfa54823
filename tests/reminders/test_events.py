"""What the provider tells, in any order and any number of times, comes to one end."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coachhub.platform.clock import FixedClock
from coachhub.platform.mail_news import Fate, News
from coachhub.platform.tenancy import as_visitor
from coachhub.reminders.service.events import keep_news
from tests.cast import Cast
from tests.conftest import NOW
from tests.fakes import KeptQueue
from tests.reminders.provider import Provider


@pytest.fixture
def provider(cast: Cast, worker_app: Flask, admin: psycopg.Connection) -> Provider:
    return Provider(cast.app, worker_app, admin, cast.ben)


@pytest.mark.parametrize(
    ("fate", "end"),
    [
        (Fate.TAKEN, ("sent", None, False, True)),
        (Fate.UNSUBSCRIBED, ("sent", None, False, True)),
        (Fate.DELAYED, ("sent", "delayed at 12:00", False, True)),
        (Fate.BLOCKED, ("sent", "blocked at 12:00", False, True)),
        (Fate.DELIVERED, ("delivered", None, False, True)),
        (Fate.BOUNCED, ("bounced", "bounced at 12:00", True, True)),
        (Fate.COMPLAINED, ("complained", "complained at 12:00", True, True)),
        (Fate.DROPPED, ("failed", "dropped at 12:00", True, True)),
    ],
)
@pytest.mark.parametrize("state", ["due", "claimed", "unknown", "sent"])
def test_it_settles_a_mail_by_what_was_told(provider: Provider, state: str, fate: Fate, end: tuple[object]) -> None:
    message = provider.a_message(state)
    provider.tell(provider.news(message, fate))
    assert provider.message(message) == end


@pytest.mark.parametrize("state", ["dropped", "failed"])
def test_it_never_touches_what_we_ended_ourselves(provider: Provider, state: str) -> None:
    message = provider.a_message(state, reason="ours")
    provider.tell(provider.news(message, Fate.DELIVERED), provider.news(message, Fate.DROPPED))
    assert provider.message(message)[:2] == (state, "ours")


def test_it_settles_every_message_that_went_out_in_the_mail(provider: Provider) -> None:
    first, other = provider.a_message(), provider.a_message()
    with_it = provider.a_message(delivery_id=first)
    provider.tell(provider.news(first, Fate.DELIVERED))
    assert [provider.state(each) for each in (first, with_it, other)] == ["delivered", "delivered", "sent"]


def test_it_goes_on_from_what_was_taken_in_before(provider: Provider) -> None:
    message = provider.a_message("unknown", reason="no answer")
    provider.tell(provider.news(message, Fate.BOUNCED, after=2))
    provider.tell(provider.news(message, Fate.DELIVERED, after=5), provider.news(message, Fate.DELAYED))
    assert provider.message(message)[:3] == ("bounced", "bounced at 12:02", True)


def test_it_raises_no_trouble_again_that_somebody_has_seen(provider: Provider, admin: psycopg.Connection) -> None:
    message = provider.a_message()
    provider.tell(provider.news(message, Fate.BOUNCED))
    admin.execute("update outbox set is_trouble = false")
    provider.tell(provider.news(message, Fate.DELIVERED), provider.news(message, Fate.BOUNCED, after=1))
    assert provider.message(message)[2] is False


@dataclass(frozen=True)
class Telling:
    """What happens to a mail, the order in which that is told, after which of it a call ends, and when we mark."""

    fates: list[Fate]
    order: list[int]
    breaks: list[bool]
    marked_after: int


@st.composite
def tellings(draw: st.DrawFn) -> Telling:
    fates = draw(st.lists(st.sampled_from(Fate), min_size=1, max_size=5).filter(_is_dropped_once))
    order = draw(st.permutations(range(len(fates))))
    breaks = draw(st.lists(st.booleans(), min_size=len(fates), max_size=len(fates)))
    return Telling(fates, order, breaks, draw(st.integers(0, len(fates))))


def _is_dropped_once(fates: list[Fate]) -> bool:
    """A provider gives up on a mail once."""
    return sum(fate.value.startswith("dropped") for fate in fates) <= 1


@given(told=tellings())
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_comes_to_one_end_in_every_order_and_however_often(provider: Provider, told: Telling) -> None:
    at_once, bit_by_bit = provider.a_message("claimed"), provider.a_message("claimed")
    provider.mark_sent(at_once)
    provider.tell(*[provider.news(at_once, fate, after=number) for number, fate in enumerate(told.fates)])
    news = [provider.news(bit_by_bit, fate, after=number) for number, fate in enumerate(told.fates)]
    waiting: list[News] = []
    for count, (place, is_break) in enumerate(zip(told.order, told.breaks, strict=True)):
        if count == told.marked_after:
            provider.mark_sent(bit_by_bit)
        waiting += [news[place], news[place]]
        if is_break:
            provider.tell(*waiting)
            waiting = waiting[-1:]
    provider.tell(*waiting)
    provider.mark_sent(bit_by_bit)
    assert provider.message(bit_by_bit) == provider.message(at_once)


def test_it_keeps_an_event_once_and_no_address_longer_than_needed(
    provider: Provider, admin: psycopg.Connection
) -> None:
    bounce = provider.news(provider.a_message(), Fate.BOUNCED)
    for _ in range(2):
        provider.tell(bounce, bounce)
    rows = admin.execute("select address, handled_at is not null from mail_events").fetchall()
    assert rows == [("", True)]


def test_it_rings_for_what_is_new_alone(provider: Provider, queue: KeptQueue) -> None:
    bounce = provider.news(provider.a_message(), Fate.BOUNCED)
    provider.tell(bounce)
    assert [ring.job for ring in queue.rings] == ["workers.jobs.take_in_events"]
    provider.tell(bounce)
    assert len(queue.rings) == 1


def test_it_leaves_for_later_what_is_just_being_sent(
    provider: Provider, admin: psycopg.Connection, addresses: object
) -> None:
    busy, free = provider.a_message("claimed"), provider.a_message()
    with psycopg.connect(addresses.admin_url) as sender:  # type: ignore[attr-defined]
        sender.execute("select 1 from outbox where id = %s for update", [busy])
        provider.tell(provider.news(busy, Fate.TAKEN), provider.news(free, Fate.DELIVERED))
        assert [provider.state(busy), provider.state(free)] == ["claimed", "delivered"]
    assert provider.take_in() == 1
    assert provider.state(busy) == "sent"


def test_it_is_done_by_many_at_once(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coachhub.reminders.service.events.BATCH", 7)
    messages = [provider.a_message("claimed") for _ in range(60)]
    fates = (Fate.TAKEN, Fate.DELIVERED, Fate.BOUNCED)
    news = [provider.news(message, fate) for message in messages for fate in fates]
    with provider.web.app_context(), as_visitor():
        keep_news(news)
    with ThreadPoolExecutor(4) as pool:
        taking = [pool.submit(provider.take_in) for _ in range(2)]
        marking = [pool.submit(provider.mark_sent, message) for message in reversed(messages)]
        taking += [pool.submit(provider.take_in) for _ in range(4)]
        handled = [each.result() for each in taking]
        assert [each.result() for each in marking] == [None] * len(messages)
    assert sum(handled) + provider.take_in() == len(news)
    assert {provider.state(message) for message in messages} == {"bounced"}


def test_it_acts_on_more_events_than_one_batch(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coachhub.reminders.service.events.BATCH", 2)
    messages = [provider.a_message() for _ in range(5)]
    provider.tell(*[provider.news(message, Fate.DELIVERED) for message in messages])
    assert {provider.state(message) for message in messages} == {"delivered"}


def test_it_knows_nothing_of_mails_of_another_practice(provider: Provider, cast: Cast) -> None:
    message = provider.a_message()
    stranger = Provider(provider.web, provider.worker, provider.admin, cast.cleo)
    stranger.tell(stranger.news(message, Fate.BOUNCED))
    assert provider.state(message) == "sent"


def test_it_switches_reminders_off_for_who_unsubscribes_at_the_provider(
    provider: Provider, admin: psycopg.Connection
) -> None:
    provider.tell(provider.news(provider.a_message(), Fate.UNSUBSCRIBED))
    rows = admin.execute("select distinct client_id, is_off from reminder_switches").fetchall()
    assert rows == [(provider.person.client_id, True)]


def test_it_forgets_old_events(provider: Provider, admin: psycopg.Connection, clock: FixedClock) -> None:
    provider.tell(provider.news(provider.a_message(), Fate.DELIVERED))
    clock.advance(timedelta(days=59))
    provider.take_in()
    assert admin.execute("select count(*) from mail_events").fetchone() == (1,)
    clock.advance(timedelta(days=2))
    provider.take_in()
    assert admin.execute("select count(*) from mail_events").fetchone() == (0,)
    clock.instant = NOW
