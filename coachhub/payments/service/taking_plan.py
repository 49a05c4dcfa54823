"""Taking the platform's plan, and looking after it: the ways to Stripe's pages. No transaction is open around them."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from flask_babel import gettext as _

from coachhub.accounts.service import audit
from coachhub.payments.gateway import GatewayRefused, PlanAsked, PlanCheckoutState, gateway
from coachhub.payments.gateways import is_plan_sold
from coachhub.payments.rules.plans import stand_of, trial_days_left_to_give
from coachhub.payments.service.plans import PlanRow, change_plan, plan_of_practice
from coachhub.payments.service.syncing_plan import sync_plan
from coachhub.platform import clock
from coachhub.platform.errors import Refused
from coachhub.platform.links import address_of
from coachhub.platform.ports import ports
from coachhub.platform.tenancy import as_practice

PLAN, BACK = "/settings/plan", "/settings/plan/back"
_MISSING = "resource_missing"


@dataclass(frozen=True)
class Payer:
    """The owner who takes the plan: of which practice, where invoices go, in which language."""

    practice_id: UUID
    user_id: UUID
    email: str
    locale: str


def open_plan(payer: Payer) -> str:
    """Where the owner takes the plan. A second click, or one after a lost answer, leads to the same page.

    The page's key is made from the one before it: it counts up with each page that is over, and a page that we lost
    before we wrote it down is found again. Raises Refused where the plan runs already, or where none is sold;
    GatewayAway, GatewayRefused.
    """
    if not is_plan_sold():
        raise Refused(409, _("This installation has no paid plan, and none is needed: no limit applies."))
    plan = _read(payer)
    page = _page(plan.checkout_id)
    if page is not None and page.status == "complete":
        sync_plan(payer.practice_id)
        plan = _read(payer)
    if stand_of(plan, clock.now()).is_running:
        raise Refused(409, _("Your practice has the plan already: nothing was booked a second time."))
    if page is not None and page.status == "open" and page.url:
        return page.url
    opened = gateway().open_plan_checkout(_asked(payer, plan))
    with as_practice(payer.practice_id, payer.user_id):
        change_plan(checkout_id=opened.id)
        audit.note("plan_page_opened", payer.practice_id)
    if not opened.url:
        raise GatewayRefused("checkout_over", "The page has ended.")
    return opened.url


def portal_link(practice_id: UUID) -> str:
    """Where the owner changes the card, reads invoices and ends the plan. Raises GatewayAway, GatewayRefused."""
    with as_practice(practice_id):
        plan = plan_of_practice()
    if plan.customer_id is None:
        raise GatewayRefused("no_customer", "The practice has never had a plan.")
    key = f"portal:{practice_id}:{clock.now().isoformat()}"  # each link is good once: the same one twice is of no use
    return gateway().portal_link(key, plan.customer_id, address_of(BACK))


def _read(payer: Payer) -> PlanRow:
    with as_practice(payer.practice_id, payer.user_id):
        return plan_of_practice()


def _page(checkout_id: str | None) -> PlanCheckoutState | None:
    try:
        return gateway().plan_checkout(checkout_id) if checkout_id else None
    except GatewayRefused as error:
        if error.code != _MISSING:
            raise
        return None


def _asked(payer: Payer, plan: PlanRow) -> PlanAsked:
    price_id, days = ports().settings.stripe_price_id or "", trial_days_left_to_give(plan)
    customer = plan.customer_id or ""
    words = "\n".join((plan.checkout_id or "", payer.email, customer, price_id, str(days), payer.locale))
    return PlanAsked(
        key=f"plan:{payer.practice_id}:{sha256(words.encode()).hexdigest()[:16]}",
        practice_id=payer.practice_id,
        email=payer.email,
        customer_id=plan.customer_id,
        price_id=price_id,
        trial_days=days,
        locale=payer.locale,
        success_url=address_of(BACK),
        cancel_url=address_of(PLAN),
    )
