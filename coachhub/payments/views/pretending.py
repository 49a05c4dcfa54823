"""The pretended pages of development: a checkout, an account, a plan. They do not exist in production."""

from flask import Flask, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from coachhub.payments.gateway import gateway
from coachhub.payments.service import pretending
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import bare
from coachhub.platform.ports import ports
from coachhub.platform.private_pages import keep_private


def add_pretended_pages(app: Flask) -> None:
    """Add them, open to everybody who has an address of one, as Stripe's pages are; never in production."""
    with app.app_context():
        if ports().settings.is_production:
            return
    for path, view in (
        ("/pretend/checkout/<pretend_id>", checkout),
        ("/pretend/account/<pretend_id>", account),
        ("/pretend/plan-checkout/<pretend_id>", plan_checkout),
        ("/pretend/plan/<pretend_id>", plan),
    ):
        app.add_url_rule(path, f"payments.pretend_{view.__name__}", view, methods=["GET", "POST"])


@bare
def checkout(pretend_id: str) -> ResponseReturnValue:
    """Pay, or be declined; the link back is the way out."""
    _check_pretending()
    how = request.form.get("how")
    if request.method == "POST" and how == "pay":
        return redirect(pretending.pay_pretended(pretend_id), 303)
    page = pretending.checkout_page(pretend_id)
    return _shown(
        "payments/pretend_checkout.html", 422 if how else 200, page=page, is_declined=bool(how), is_plan=False
    )


@bare
def account(pretend_id: str) -> ResponseReturnValue:
    """Fill in everything that is asked, at once."""
    _check_pretending()
    if request.method == "POST":
        return redirect(pretending.set_up_account(pretend_id), 303)
    pretending.check_account(pretend_id)
    return _shown("payments/pretend_account.html")


@bare
def plan_checkout(pretend_id: str) -> ResponseReturnValue:
    """Take the monthly plan."""
    _check_pretending()
    if request.method == "POST":
        return redirect(pretending.take_pretended_plan(pretend_id), 303)
    page = pretending.plan_page(pretend_id)
    return _shown("payments/pretend_checkout.html", page=page, is_declined=False, is_plan=True)


@bare
def plan(pretend_id: str) -> ResponseReturnValue:
    """Give the plan up, let its card fail, or keep it and have it paid."""
    _check_pretending()
    if request.method == "POST":
        how = request.form.get("how")
        said = {"is_given_up": how == "give-up", "is_failing": how == "fail"}
        return redirect(pretending.change_pretended_plan(pretend_id, **said), 303)
    pretending.check_plan(pretend_id)
    return _shown("payments/pretend_plan.html")


def _check_pretending() -> None:
    if not gateway().is_pretend:
        raise NotFound


def _shown(template: str, status: int = 200, **said: object) -> ResponseReturnValue:
    return keep_private(make_response(render_template(template, **said), status))
