"""The pages that Stripe hosts: Checkout, 3-D Secure, the onboarding of an account, the customer portal."""

from collections.abc import Callable
from html import escape
from urllib.parse import parse_qsl, urlsplit

from tests.servers.stripe import accounts, amounts, billing, checkout
from tests.servers.stripe.state import Object, World

Page = tuple[int, str, str]
"""A status, the HTML of it, and where it leads on to, else empty."""
_LOOK = (
    "body{font:16px/1.5 system-ui;max-width:26rem;margin:2rem auto;padding:0 1rem}button{display:block;width:100%;"
    "margin:.5rem 0;padding:.8rem;font:inherit}"
)
SECURE = "4000002500003155"
_CARDS = {"4000000000000002": "card_declined", "4000000000009995": "insufficient_funds"}


def page(world: World, method: str, target: str, body: bytes) -> Page | None:
    """What a browser gets at an address, or None where it is not one of the hosted pages."""
    parts = urlsplit(target).path.strip("/").split("/")
    given = dict(parse_qsl(body.decode()))
    with world.lock:
        checkout.end_what_is_over(world)
        match parts:
            case ["c", "pay", session_id]:
                return _with_session(world, session_id, lambda *found: _pay(world, method, given, *found))
            case ["c", "secure", session_id]:
                return _with_session(world, session_id, lambda *found: _secure(world, method, given, *found))
            case ["setup", account_id, code]:
                return _set_up(world, method, given, account_id, code)
            case ["p", "session", portal_id]:
                return _portal(world, method, given, portal_id)
    return None


def _html(title: str, inside: str, status: int = 200) -> Page:
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
    view = '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
    return status, f"{head}{view}<style>{_LOOK}</style><h1>{escape(title)}</h1>{inside}", ""


def _to(address: str) -> Page:
    return 303, "", address


def _form(*inside: str, action: str = "") -> str:
    return f'<form method="post" action="{escape(action)}">{"".join(inside)}</form>'


def _button(name: str, value: str, words: str) -> str:
    return f'<button name="{name}" value="{escape(value)}">{escape(words)}</button>'


def _with_session(world: World, session_id: str, show: Callable[[str, Object], Page]) -> Page:
    try:
        account, session = world.where("checkout.session", session_id)
    except KeyError:
        return _html("Something went wrong", "<p>The page you were looking for could not be found.</p>", 404)
    if session["status"] == "complete":
        return _html("You are all done here", "<p>This payment was completed already.</p>")
    if session["status"] == "expired":
        back = f'<p><a href="{escape(session["cancel_url"] or "")}">Back</a></p>' if session["cancel_url"] else ""
        return _html("This page has timed out", f"<p>Your checkout session has expired.</p>{back}")
    return show(account, session)


def _pay(world: World, method: str, given: dict[str, str], account: str, session: Object) -> Page:
    if method != "POST":
        return _checkout_page(session)
    payer = {"email": given.get("email") or session["customer_email"] or "", "name": given.get("name", "")}
    number = given.get("card", "").replace(" ", "")
    if given.get("how") == "bank" and session["mode"] == "payment":
        checkout.pay_later(world, account, session, payer)
    elif given.get("how") == "secure" or number == SECURE:
        session["_payer"] = payer
        return _to(f"{world.url}/c/secure/{session['id']}")
    elif given.get("how") == "decline" or number in _CARDS:
        if session["mode"] == "payment":
            checkout.decline(world, account, session, _CARDS.get(number, "card_declined"), payer)
        return _checkout_page(session, "Your card was declined.")
    else:
        checkout.pay(world, account, session, payer)
    return _to(success_of(session))


def success_of(session: Object) -> str:
    """Where somebody goes who has paid."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _checkout_page(session: Object, trouble: str = "") -> Page:
    items = "".join(f"<li>{escape(item['description'])}</li>" for item in session["_items"])
    total = amounts.written(session["amount_total"], session["currency"])
    buttons = [("pay", "Pay"), ("secure", "Pay with 3-D Secure"), ("decline", "Pay with a card that is declined")]
    if session["mode"] == "payment":
        buttons.append(("bank", "Pay by bank debit"))
    back = f'<p><a href="{escape(session["cancel_url"])}">Back</a></p>' if session["cancel_url"] else ""
    email = f'<p><label>Email <input name="email" value="{escape(session["customer_email"] or "")}"></label></p>'
    card = '<p><label>Card number <input name="card"></label></p><p><label>Name <input name="name"></label></p>'
    said = f'<p role="alert">{escape(trouble)}</p>' if trouble else ""
    form = _form(email, card, *(_button("how", value, words) for value, words in buttons))
    return _html("Checkout of the test server", f"<ul>{items}</ul><p>{total}</p>{said}{form}{back}")


def _secure(world: World, method: str, given: dict[str, str], account: str, session: Object) -> Page:
    if method != "POST":
        choice = _button("how", "complete", "Complete authentication") + _button("how", "fail", "Fail authentication")
        return _html("3-D Secure", _form(choice))
    payer = session.pop("_payer", {"email": session["customer_email"] or "", "name": ""})
    if given.get("how") == "complete":
        checkout.pay(world, account, session, payer)
        return _to(success_of(session))
    if session["mode"] == "payment":
        checkout.decline(world, account, session, "authentication_required", payer)
    return _to(f"{world.url}/c/pay/{session['id']}")


def _set_up(world: World, method: str, given: dict[str, str], account_id: str, code: str) -> Page:
    account = world.accounts.get(account_id, {"_links": {}})
    link = account["_links"].get(code)
    if link is None:
        return _html("This link is not valid", "", 404)
    if link["until"] <= world.now() or link.get("is_used"):
        return _to(link["refresh_url"])
    if method != "POST":
        buttons = _button("how", "done", "Submit everything") + _button("how", "later", "Save for later")
        return _html("Set up your account", _form(buttons))
    link["is_used"] = True
    if given.get("how") == "done":
        accounts.set_capability(world, account_id, "active", ())
    return _to(link.get("return_url") or link["refresh_url"])


def _portal(world: World, method: str, given: dict[str, str], portal_id: str) -> Page:
    try:
        account, portal = world.where("billing_portal.session", portal_id)
    except KeyError:
        return _html("This link is not valid", "", 404)
    theirs = [each for each in world.all(account, "subscription") if each["customer"] == portal["customer"]]
    if method == "POST" and theirs:
        billing.end_at_period(world, account, theirs[-1], is_ending=given.get("how") == "cancel")
    buttons = _button("how", "cancel", "Cancel plan") + _button("how", "keep", "Keep plan")
    back = f'<p><a href="{escape(portal["return_url"] or "")}">Return</a></p>'
    return _html("Your plan", _form(buttons) + back)
