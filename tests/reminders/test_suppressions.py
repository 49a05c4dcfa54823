"""Addresses that bounced or complained are left alone, until somebody lifts that with care."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from flask import Flask

from coachhub.platform.clock import FixedClock
from coachhub.platform.mail_news import Fate
from coachhub.platform.mailer import MailDelayed
from coachhub.platform.tenancy import as_practice
from coachhub.reminders.service import suppressions
from coachhub.reminders.service.events import ring_where_something_was_told
from coachhub.reminders.service.suppressions import ComplaintStands, Suppressed
from tests.cast import Cast
from tests.conftest import NOW
from tests.fakes import KeptQueue, OutboxMailer
from tests.reminders.provider import Provider

BEN = "ben@example.com"


@pytest.fixture
def provider(cast: Cast, worker_app: Flask, admin: psycopg.Connection) -> Provider:
    return Provider(cast.app, worker_app, admin, cast.ben)


def asked(cast: Cast, use_case: Callable[..., Any], *given: Any, **more: Any) -> Any:
    """A use case in Ana's own transaction."""
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        return use_case(*given, **more)


def standing(cast: Cast) -> Suppressed | None:
    found: dict[str, Suppressed] = asked(cast, suppressions.suppressions_of, ["BEN@example.com", "eva@example.com"])
    assert found.keys() <= {BEN}
    return found.get(BEN)


@pytest.mark.parametrize(
    ("fate", "cause"),
    [
        (Fate.BOUNCED, "bounced"),
        (Fate.COMPLAINED, "complained"),
        (Fate.DROPPED_BOUNCED, "bounced"),
        (Fate.DROPPED_COMPLAINED, "complained"),
        (Fate.DROPPED, None),
        (Fate.BLOCKED, None),
        (Fate.DELAYED, None),
    ],
)
def test_it_leaves_an_address_alone_after(cast: Cast, provider: Provider, fate: Fate, cause: str | None) -> None:
    provider.tell(provider.news(provider.a_message(), fate))
    found = standing(cast)
    assert (found.cause if found else None) == cause


def test_it_keeps_the_first_complaint_in_any_order(cast: Cast, provider: Provider) -> None:
    told = [
        provider.news(provider.a_message(), fate, after=minutes)
        for fate, minutes in ((Fate.BOUNCED, 0), (Fate.COMPLAINED, 9), (Fate.COMPLAINED, 5))
    ]
    for each in told:
        provider.tell(each)
    in_order = standing(cast)
    provider.admin.execute("delete from suppressions")
    provider.admin.execute("delete from mail_events")
    provider.tell(*reversed(told))
    assert standing(cast) == in_order
    assert in_order is not None
    assert (in_order.cause, in_order.reason) == ("complained", "complained at 12:05")


def test_it_is_lifted_by_a_coach_and_told_to_the_provider(
    cast: Cast, provider: Provider, mailer: OutboxMailer, queue: KeptQueue
) -> None:
    provider.tell(provider.news(provider.a_message(), Fate.BOUNCED))
    queue.rings.clear()
    assert asked(cast, suppressions.lift_suppression, "Ben@Example.com", cast.ana.user_id) is True
    assert asked(cast, suppressions.lift_suppression, BEN, cast.ana.user_id) is False
    assert [ring.job for ring in queue.rings] == ["workers.jobs.tell_lifted"]
    with provider.worker.app_context():
        assert [suppressions.tell_lifted(cast.ana.practice_id) for _ in range(2)] == [1, 0]
    assert mailer.allowed[-1:] == [BEN]
    assert standing(cast) is None
    [kept] = asked(cast, suppressions.all_suppressed, with_lifted=True)
    assert (kept.lifted_at, kept.lifted_by) == (NOW, cast.ana.user_id)
    assert asked(cast, suppressions.all_suppressed) == []


def test_it_wants_to_be_sure_before_a_complaint_is_lifted(cast: Cast, provider: Provider) -> None:
    provider.tell(provider.news(provider.a_message(), Fate.COMPLAINED))
    with pytest.raises(ComplaintStands):
        asked(cast, suppressions.lift_suppression, BEN, cast.ana.user_id)
    assert standing(cast) is not None
    assert asked(cast, suppressions.lift_suppression, BEN, cast.ana.user_id, is_sure=True) is True


def test_it_is_not_lifted_for_longer_than_it_works(cast: Cast, provider: Provider, clock: FixedClock) -> None:
    bounce = provider.news(provider.a_message(), Fate.BOUNCED)
    late = provider.news(provider.a_message(), Fate.BOUNCED, after=-5)
    again = provider.news(provider.a_message(), Fate.BOUNCED, after=5)
    provider.tell(bounce)
    asked(cast, suppressions.lift_suppression, BEN, cast.ana.user_id)
    provider.tell(bounce, late)
    assert standing(cast) is None
    provider.tell(again)
    assert standing(cast) is not None


def test_it_tells_the_provider_later_where_it_cannot_be_asked(
    cast: Cast, provider: Provider, mailer: OutboxMailer, queue: KeptQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_mailer: object, _address: str) -> None:
        raise MailDelayed("away")

    provider.tell(provider.news(provider.a_message(), Fate.BOUNCED))
    asked(cast, suppressions.lift_suppression, BEN, cast.ana.user_id)
    queue.rings.clear()
    with provider.worker.app_context():
        with monkeypatch.context() as patched:
            patched.setattr(OutboxMailer, "allow_again", away)
            assert suppressions.tell_lifted(cast.ana.practice_id) == 0
        ring_where_something_was_told()
        assert [ring.job for ring in queue.rings] == ["workers.jobs.tell_lifted"]
        assert suppressions.tell_lifted(cast.ana.practice_id) == 1


def test_it_concerns_one_practice_alone(cast: Cast, provider: Provider) -> None:
    provider.tell(provider.news(provider.a_message(), Fate.BOUNCED))
    with cast.app.app_context(), as_practice(cast.cleo.practice_id, cast.cleo.user_id):
        assert suppressions.all_suppressed(10) == []
