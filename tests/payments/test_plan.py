"""The platform's plan, taken at Stripe's over real HTTP: whatever is told, it stands here as it stands there."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations

import psycopg
import pytest
from flask import Flask

from coachhub.payments.service.plans import grant_plan, most_active_now
from coachhub.payments.service.syncing_plan import ring_for_plans
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from tests.booking.booked import as_nobody
from tests.cast import Cast
from tests.conftest import NOW
from tests.fakes import KeptQueue
from tests.payments.banks import SECRETS
from tests.payments.plan_desk import PlanDesk, plan_desk
from tests.payments.stripe_till import ADDRESS
from tests.servers.stripe import PLATFORM, Asked, Fault, StripeServer, on

PAGES = "/v1/checkout/sessions"


@pytest.fixture
def server(clock: FixedClock) -> Iterator[StripeServer]:
    with StripeServer(source=lambda: clock.instant.timestamp()) as made:
        made.listen(ADDRESS, SECRETS[0])
        yield made


@pytest.fixture
def desk(cast: Cast, worker_app: Flask, settings: Settings, server: StripeServer) -> Iterator[PlanDesk]:
    with plan_desk(cast, worker_app, settings, server) as made:
        yield made


def test_it_is_free_at_first_and_says_what_the_plan_costs(desk: PlanDesk) -> None:
    page = desk.page()
    assert "Free for up to 3 active clients" in page
    assert "£29.00 a month" in page
    assert "Start 14 days free" in page
    assert "1 of 3" in page


def test_it_is_free_for_a_fortnight_then_paid_month_by_month(desk: PlanDesk, clock: FixedClock) -> None:
    subscription_id = desk.taken()
    plan = desk.plan()
    assert (plan.status, plan.trial_ends_at, plan.subscription_id) == (
        "trialing",
        NOW + timedelta(days=14),
        subscription_id,
    )
    assert "nothing to pay until Thursday 19 March" in desk.page()
    clock.advance(timedelta(days=14))
    desk.server.renew(subscription_id)
    desk.sync()
    assert desk.plan().status == "active"
    assert "Next payment" in desk.page()


def test_it_leads_a_second_click_to_the_same_page(desk: PlanDesk) -> None:
    assert desk.begin() == desk.begin()


def test_it_finds_the_page_whose_making_was_never_answered(desk: PlanDesk) -> None:
    desk.server.when(on(Fault.LOST, "POST", PAGES))
    answer = desk.browser.post("/settings/plan")
    assert (answer.status_code, answer.location) == (303, "/settings/plan")
    desk.server.forgive()
    page = desk.begin()
    assert [each["id"] for each in desk.server.world.all(PLATFORM, "checkout.session")] == [page]


def test_it_begins_a_new_page_where_the_last_one_is_over(desk: PlanDesk) -> None:
    first = desk.begin()
    desk.server.expire(first)
    assert desk.begin() != first


def test_it_takes_no_plan_twice(desk: PlanDesk) -> None:
    desk.take()
    answer = desk.browser.post("/settings/plan")  # in another tab, before we have heard
    assert (answer.status_code, "has the plan already" in answer.text) == (409, True)
    assert len(desk.subscriptions()) == 1
    assert desk.plan().status == "trialing"


def test_it_gives_a_trial_once(desk: PlanDesk) -> None:
    desk.server.set_subscription(desk.taken(), "canceled")
    desk.sync()
    page = desk.page()
    assert "Your plan has ended" in page
    assert "Take the plan" in page
    desk.taken()
    [_, second] = desk.subscriptions()
    assert (second["trial_end"], desk.plan().status) == (None, "active")
    assert second["customer"] == desk.subscriptions()[0]["customer"]


def test_it_bears_a_failed_card_for_a_fortnight(desk: PlanDesk, clock: FixedClock) -> None:
    subscription_id = desk.taken()
    desk.server.renew(subscription_id, is_paid=False)
    desk.sync()
    clock.advance(timedelta(days=3))
    desk.server.set_subscription(subscription_id, "unpaid")
    desk.sync()
    assert desk.plan().grace_until == NOW + timedelta(days=14)
    assert "Until Thursday 19 March nothing changes" in desk.page()
    with as_nobody(desk.cast):
        assert most_active_now() is None
    clock.advance(timedelta(days=11))
    with as_nobody(desk.cast):
        assert most_active_now() == 3
    assert "Your plan has ended" in desk.page()
    desk.server.set_subscription(subscription_id, "active")
    desk.sync()
    assert (desk.plan().status, desk.plan().grace_until) == ("active", None)


def test_it_tells_the_owner_on_today_and_nobody_else(desk: PlanDesk, admin: psycopg.Connection) -> None:
    desk.server.renew(desk.taken(), is_paid=False)
    desk.sync()
    assert "The card for your CoachHub plan failed. Until Thursday 19 March" in desk.browser.get("/today").text
    admin.execute("update memberships set role = 'coach' where user_id = %s", [desk.cast.ana.user_id])
    assert "The card for your CoachHub plan failed" not in desk.browser.get("/today").text
    assert desk.browser.get("/settings/plan").status_code == 404


def test_it_leads_to_the_portal_where_the_plan_is_ended(desk: PlanDesk, clock: FixedClock) -> None:
    desk.taken()
    answer = desk.browser.post("/settings/plan/portal")
    assert answer.location.startswith(f"{desk.server.url}/p/session/")
    again = desk.browser.post("/settings/plan/portal")
    assert again.location.startswith(f"{desk.server.url}/p/session/")


def _a_life(desk: PlanDesk) -> None:
    """A trial, a payment, a card that fails, and one that pays after all."""
    subscription_id = desk.take()
    desk.server.renew(subscription_id)
    desk.server.renew(subscription_id, is_paid=False)
    desk.server.set_subscription(subscription_id, "active")


def test_it_comes_out_the_same_in_any_order_twice_and_late(desk: PlanDesk, admin: psycopg.Connection) -> None:
    """Webhooks may come twice, late, in the wrong order or not at all."""
    _a_life(desk)
    told = desk.server.post.take()
    about = [each for each in told if b"subscription" in each.body][:4]
    for order in permutations(about):
        admin.execute("delete from stripe_events")
        admin.execute("update practice_plans set status = 'free', subscription_id = null, customer_id = null")
        for each in order:
            desk.deliver([each, each])
            desk.settle()
        assert (desk.plan().status, desk.plan().grace_until) == ("active", None)
        outcomes = {outcome for (outcome,) in admin.execute("select outcome from stripe_events").fetchall()}
        assert outcomes == {"handled"}


def test_it_hears_of_a_plan_whose_page_was_never_written_down(desk: PlanDesk, admin: psycopg.Connection) -> None:
    desk.take()
    admin.execute("delete from practice_plans")
    desk.deliver()
    desk.settle()
    assert desk.plan().status == "trialing"


def test_it_asks_every_night_about_what_no_webhook_told(desk: PlanDesk, queue: KeptQueue) -> None:
    desk.server.renew(desk.taken(), is_paid=False)
    with desk.worker_app.app_context():
        ring_for_plans()
    assert [ring.job for ring in queue.rings if "sync_plan" in ring.job] == ["workers.jobs.sync_plan"]
    desk.sync()
    assert desk.plan().status == "past_due"


def test_it_asks_again_later_where_stripe_is_away(desk: PlanDesk, clock: FixedClock) -> None:
    desk.take()
    desk.deliver()
    desk.server.when(on(500, "GET", "/v1/"))
    desk.settle()
    assert desk.plan().status == "free"
    desk.server.forgive()
    clock.advance(timedelta(hours=1))
    desk.settle()
    assert desk.plan().status == "trialing"


def test_it_asks_again_where_somebody_has_written_meanwhile(
    desk: PlanDesk, clock: FixedClock, admin: psycopg.Connection
) -> None:
    """Two at once: who asked first does not write over who asked last."""
    desk.taken()
    asked: list[str] = []

    def meanwhile(request: Asked) -> None:
        if request.path.startswith("/v1/subscriptions/"):
            asked.append(request.path)
            if len(asked) == 1:
                later = clock.now() + timedelta(seconds=1)
                admin.execute("update practice_plans set status = 'ended', changed_at = %s", [later])

    desk.server.when(meanwhile)
    desk.sync()
    assert (len(asked), desk.plan().status) == (2, "trialing")


def test_it_takes_nothing_from_the_subscriptions_that_a_coach_sells(desk: PlanDesk, admin: psycopg.Connection) -> None:
    """What a practice's own account tells is about its clients, and never about its plan."""
    subscription_id = desk.taken()
    admin.execute("update practice_plans set status = 'free', subscription_id = null, checkout_id = null")
    admin.execute(
        "insert into stripe_events (practice_id, event_id, account_id, kind, object_id, happened_at, received_at) "
        "values (%s, 'evt_1', 'acct_1', 'customer.subscription.updated', %s, %s, %s)",
        [desk.cast.ana.practice_id, subscription_id, NOW, NOW],
    )
    desk.settle()
    assert desk.plan().status == "free"


def test_it_believes_the_operator(desk: PlanDesk, clock: FixedClock) -> None:
    with as_nobody(desk.cast):
        grant_plan(NOW + timedelta(days=30))
        assert most_active_now() is None
    assert "it was given to you" in desk.page()
    clock.advance(timedelta(days=30))
    with as_nobody(desk.cast):
        assert most_active_now() == 3


def test_it_shows_the_page_while_stripe_is_away(desk: PlanDesk) -> None:
    desk.server.when(on(500, "GET", "/v1/prices"))
    page = desk.page()
    assert "Start 14 days free" in page
    assert "£29.00" not in page
