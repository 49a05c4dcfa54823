"""Settings, Plan: what the practice has of the platform. Stripe is asked between transactions, never in one."""

from collections.abc import Callable

import structlog
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.clients.service.limits import places_taken
from coachhub.payments.gateway import GatewayAway, GatewayRefused, PriceState, gateway
from coachhub.payments.gateways import is_plan_sold
from coachhub.payments.rules.plans import most_active_clients, stand_of, trial_days_left_to_give
from coachhub.payments.service.plans import plan_of_practice
from coachhub.payments.service.syncing_plan import sync_plan
from coachhub.payments.service.taking_plan import Payer, open_plan, portal_link
from coachhub.payments.views.pages import pages
from coachhub.payments.wording import plans as words
from coachhub.platform import clock
from coachhub.platform.discretion import unquoted
from coachhub.platform.guards import for_owner, outside
from coachhub.platform.identity import signed_in_as
from coachhub.platform.ports import ports
from coachhub.platform.tenancy import as_practice

log = structlog.get_logger(__name__)


@pages.get("/settings/plan")
@outside
@for_owner
def plan() -> ResponseReturnValue:
    """How the practice stands, what the plan costs, and one thing to do."""
    who, price = signed_in_as(), _price()
    with as_practice(who.practice_id, who.user_id):
        found = plan_of_practice()
        stand, taken = stand_of(found, clock.now()), places_taken()
        return render_template(
            "payments/plan.html",
            plan=found,
            stand=stand,
            words=words,
            price=price,
            taken=taken,
            limit=most_active_clients(stand),
            facts=words.facts_of(found, stand, taken, price),
            trial_days=trial_days_left_to_give(found),
            is_sold=is_plan_sold(),
            is_pretend=is_plan_sold() and gateway().is_pretend,
        )


@pages.post("/settings/plan")
@outside
@for_owner
def take_plan() -> ResponseReturnValue:
    """On to Stripe's page; a second click leads to the same one."""
    who = signed_in_as()
    payer = Payer(who.practice_id, who.user_id, who.email, who.locale)
    return _sent_to(lambda: open_plan(payer))


@pages.post("/settings/plan/portal")
@outside
@for_owner
def plan_portal() -> ResponseReturnValue:
    """On to Stripe's page of cards and invoices, where the plan is ended as well."""
    return _sent_to(lambda: portal_link(signed_in_as().practice_id))


@pages.get("/settings/plan/back")
@outside
@for_owner
def back_from_plan() -> ResponseReturnValue:
    """Somebody comes back from Stripe's pages, which says nothing of what they did there: so it is asked."""
    try:
        sync_plan(signed_in_as().practice_id)
    except (GatewayAway, GatewayRefused):
        flash(_("Stripe did not answer just now, so this is how it stood last. Please look again later."), "warning")
    return redirect(url_for("payments.plan"), 303)


def _sent_to(find: Callable[[], str]) -> ResponseReturnValue:
    try:
        return redirect(find(), 303)
    except (GatewayAway, GatewayRefused) as error:
        log.error(
            "plan_page_not_opened", trouble=unquoted(str(error))
        )  # such as a STRIPE_PRICE_ID that is no price there
        flash(_("Stripe did not answer as it should. Nothing is lost: please try again in a moment."), "warning")
        return redirect(url_for("payments.plan"), 303)


def _price() -> PriceState | None:
    """What the plan costs; None where there is none, or where Stripe does not say just now."""
    if not is_plan_sold():
        return None
    try:
        return gateway().price(ports().settings.stripe_price_id or "")
    except (GatewayAway, GatewayRefused):
        return None
