"""Stripe Billing as far as a monthly plan needs it: customers, prices, subscriptions, the customer portal."""

from typing import Any

from tests.servers.stripe.errors import a_refusal, an_invalid_request
from tests.servers.stripe.payments import a_method
from tests.servers.stripe.state import Call, Object, World, a_list, answers, blank, every, metadata_of, new_id

_DAY = 24 * 3600
_LENGTHS = {"day": _DAY, "week": 7 * _DAY, "month": 30 * _DAY, "year": 365 * _DAY}


@answers("post", "/v1/customers")
def _create_customer(world: World, call: Call) -> Object:
    return world.shown(call.account, a_customer(world, call.account, **_of_customer(call)), call["expand"])


def a_customer(world: World, account: str, **given: Any) -> Object:
    """Somebody who pays again and again."""
    customer = world.make(account, "customer", **given)
    customer |= {"invoice_settings": _NO_INVOICE_SETTINGS, "balance": 0, "preferred_locales": []}
    customer |= {"delinquent": False, "invoice_prefix": new_id("", 8).upper(), "next_invoice_sequence": 1}
    customer["tax_exempt"] = "none"
    world.tell(account, "customer.created", customer)
    return customer


_NO_INVOICE_SETTINGS = {
    "custom_fields": None,
    "default_payment_method": None,
    "footer": None,
    "rendering_options": None,
}


def _of_customer(call: Call, kept: Object | None = None) -> dict[str, Any]:
    known = {"email", "name", "phone", "description", "metadata", "preferred_locales", "expand"}
    beyond = sorted(call.params.keys() - known)
    if beyond:
        raise an_invalid_request(f"This test server keeps no {beyond[0]} of a customer.", beyond[0])
    given = {name: call[name] or None for name in ("email", "name", "phone", "description") if name in call.params}
    return given | {"metadata": metadata_of(call["metadata"], kept["metadata"] if kept else None)}


@answers("post", "/v1/customers/{customer}")
def _update_customer(world: World, call: Call) -> Object:
    customer = world.the(call.account, "customer", call.ids["customer"])
    customer |= _of_customer(call, customer)
    world.tell(call.account, "customer.updated", customer)
    return world.shown(call.account, customer, call["expand"])


@answers("get", "/v1/customers/{customer}")
def _retrieve_customer(world: World, call: Call) -> Object:
    return world.shown(call.account, world.the(call.account, "customer", call.ids["customer"]), call["expand"])


@answers("get", "/v1/customers")
def _list_customers(world: World, call: Call) -> Object:
    return a_list(world, call, "customer", lambda row: not call["email"] or row["email"] == call["email"])


@answers("post", "/v1/products")
def _create_product(world: World, call: Call) -> Object:
    return world.shown(call.account, _a_product(world, call.account, call["name"], metadata_of(call["metadata"])))


def _a_product(world: World, account: str, name: str, metadata: dict[str, str], **more: Any) -> Object:
    return world.make(
        account, "product", active=True, name=name, type="service", updated=world.now(), metadata=metadata, **more
    )


@answers("post", "/v1/prices")
def _create_price(world: World, call: Call) -> Object:
    if bool(call["product"]) == bool(call["product_data"]):
        raise an_invalid_request("You must specify either `product` or `product_data`.", "product", "parameter_missing")
    product = call["product"] and world.the(call.account, "product", call["product"], "product")["id"]
    if not product:
        product = _a_product(world, call.account, call["product_data"]["name"], {})["id"]
    if call["unit_amount"] is None:
        raise an_invalid_request("You must specify `unit_amount`.", "unit_amount", "parameter_missing")
    price = a_price(world, call.account, call["currency"], call["unit_amount"], product, call["recurring"])
    price |= {"active": True, "lookup_key": call["lookup_key"], "nickname": call["nickname"]}
    price["metadata"] = metadata_of(call["metadata"])
    return world.shown(call.account, price, call["expand"])


@answers("get", "/v1/prices/{price}")
def _retrieve_price(world: World, call: Call) -> Object:
    return world.shown(call.account, world.the(call.account, "price", call.ids["price"], "price"), call["expand"])


def a_price(
    world: World, account: str, currency: str, amount: int, product: str, recurring: dict[str, Any] | None
) -> Object:
    """What something costs, once or again and again."""
    again = blank("recurring") | {"interval_count": 1, "usage_type": "licensed"}
    return world.make(
        account,
        "price",
        billing_scheme="per_unit",
        currency=currency.lower(),
        product=product,
        recurring={**again, **recurring} if recurring else None,
        tax_behavior="unspecified",
        type="recurring" if recurring else "one_time",
        unit_amount=amount,
        unit_amount_decimal=str(amount),
    )


def price_of_checkout(world: World, call: Call, item: dict[str, Any], where: str) -> Object:
    """The price of a line: one that is there, or one that is made for it."""
    if item.get("price"):
        price = world.the(call.account, "price", item["price"], f"{where}[price]")
        if not price["active"]:
            raise a_refusal(f"The price specified is inactive. ({price['id']})", f"{where}[price]")
        return price
    given = item["price_data"]
    amount, param = given.get("unit_amount"), f"{where}[price_data][unit_amount]"
    if amount is None or amount < 0:
        said = "Invalid non-negative integer" if amount is not None else "You must specify `unit_amount`."
        raise an_invalid_request(said, param, "parameter_invalid_integer" if amount is not None else None)
    if bool(given.get("product")) == bool(given.get("product_data")):
        said = f"You must specify either `product` or `product_data` when creating a price. ({where})"
        raise an_invalid_request(said, f"{where}[price_data][product]", "parameter_missing")
    product = given.get("product") or _a_product(world, call.account, given["product_data"]["name"], {})["id"]
    return a_price(world, call.account, given["currency"], amount, product, given.get("recurring"))


def trial_days(params: dict[str, Any]) -> int:
    """How many days of a subscription cost nothing."""
    return int((params.get("subscription_data") or {}).get("trial_period_days") or 0)


def begin_subscription(world: World, account: str, session: Object, payer: dict[str, Any]) -> None:
    """A checkout in subscription mode was completed: the customer and the subscription of it."""
    if session["customer"] is None:
        customer = a_customer(world, account, email=payer["email"], name=payer["name"], metadata={})
        session["customer"] = customer["id"]
    asked, days = session["_asked"].get("subscription_data") or {}, trial_days(session["_asked"])
    price = session["_items"][0]["price"]
    subscription = _a_subscription(world, account, session["customer"], price, asked, days)
    subscription["default_payment_method"] = a_method(world, account, "card", payer)["id"]
    session |= {"subscription": subscription["id"], "payment_status": "no_payment_required" if days else "paid"}
    world.tell(account, "customer.subscription.created", subscription)
    session["invoice"] = an_invoice(world, account, subscription, 0 if days else price["unit_amount"])["id"]


def _a_subscription(
    world: World, account: str, customer: str, price: Object, asked: dict[str, Any], days: int
) -> Object:
    now = world.now()
    until = now + (days * _DAY or _LENGTHS[price["recurring"]["interval"]])
    subscription = world.make(
        account,
        "subscription",
        customer=customer,
        currency=price["currency"],
        status="trialing" if days else "active",
        billing_cycle_anchor=until if days else now,
        billing_mode={"type": "flexible", "flexible": None, "updated_at": now},
        collection_method="charge_automatically",
        metadata=metadata_of(asked.get("metadata")),
        start_date=now,
        trial_start=now if days else None,
        trial_end=until if days else None,
    )
    item = world.make(
        account,
        "subscription_item",
        current_period_start=now,
        current_period_end=until,
        price=price,
        quantity=1,
        subscription=subscription["id"],
        metadata={},
    )
    url = f"/v1/subscription_items?subscription={subscription['id']}"
    subscription["items"] = {"object": "list", "data": [item], "has_more": False, "url": url}
    return subscription


def an_invoice(world: World, account: str, subscription: Object, amount: int, *, is_paid: bool = True) -> Object:
    """What a period of a subscription costs, paid or not."""
    status = "paid" if is_paid else "open"
    paid = amount if is_paid else 0
    invoice = world.make(account, "invoice", customer=subscription["customer"], currency=subscription["currency"])
    invoice |= {"status": status, "amount_due": amount, "amount_paid": paid, "amount_remaining": amount - paid}
    invoice |= {"subtotal": amount, "total": amount, "attempted": True, "attempt_count": 1, "metadata": {}}
    invoice["parent"] = {
        "quote_details": None,
        "subscription_details": {"metadata": subscription["metadata"], "subscription": subscription["id"]},
        "type": "subscription_details",
    }
    subscription["latest_invoice"] = invoice["id"]
    world.tell(account, "invoice.paid" if is_paid else "invoice.payment_failed", invoice)
    return invoice


def renew(world: World, account: str, subscription: Object, *, is_paid: bool) -> None:
    """The next period begins, and the card is charged for it: with success, or not."""
    item = subscription["items"]["data"][0]
    before = subscription["status"]
    begins = item["current_period_end"]
    ends = begins + _LENGTHS[item["price"]["recurring"]["interval"]]
    item |= {"current_period_start": begins, "current_period_end": ends}
    subscription["status"] = "active" if is_paid else "past_due"
    an_invoice(world, account, subscription, item["price"]["unit_amount"], is_paid=is_paid)
    world.tell(account, "customer.subscription.updated", subscription, status=before)


def set_status(world: World, account: str, subscription: Object, status: str) -> None:
    """What became of a subscription at Stripe's: paid after all, given up, ended."""
    before = subscription["status"]
    subscription["status"] = status
    if status == "canceled":
        subscription |= {"canceled_at": subscription["canceled_at"] or world.now(), "ended_at": world.now()}
        world.tell(account, "customer.subscription.deleted", subscription)
    else:
        world.tell(account, "customer.subscription.updated", subscription, status=before)


def end_at_period(world: World, account: str, subscription: Object, *, is_ending: bool) -> None:
    """The customer gives the subscription up for the period's end, or keeps it after all."""
    until = subscription["items"]["data"][0]["current_period_end"]
    now = world.now() if is_ending else None
    subscription |= {"cancel_at_period_end": is_ending, "canceled_at": now, "cancel_at": until if is_ending else None}
    world.tell(account, "customer.subscription.updated", subscription, cancel_at_period_end=not is_ending)


def end_what_is_given_up(world: World) -> None:
    """Time has passed: what was given up ends, and a trial becomes a paid period."""
    for account, subscription in list(every(world, "subscription")):
        item = subscription["items"]["data"][0]
        if subscription["status"] == "canceled" or item["current_period_end"] > world.now():
            continue
        if subscription["cancel_at_period_end"]:
            set_status(world, account, subscription, "canceled")
        elif subscription["status"] in ("trialing", "active"):
            renew(world, account, subscription, is_paid=True)


@answers("get", "/v1/subscriptions/{subscription_exposed_id}")
def _retrieve_subscription(world: World, call: Call) -> Object:
    found = world.the(call.account, "subscription", call.ids["subscription_exposed_id"])
    return world.shown(call.account, found, call["expand"])


@answers("get", "/v1/subscriptions")
def _list_subscriptions(world: World, call: Call) -> Object:
    def is_asked_for(row: Object) -> bool:
        wanted = call["status"] or "not canceled"
        fits = wanted in ("all", row["status"]) or (wanted == "not canceled" and row["status"] != "canceled")
        return fits and (not call["customer"] or row["customer"] == call["customer"])

    return a_list(world, call, "subscription", is_asked_for)


@answers("post", "/v1/subscriptions/{subscription_exposed_id}")
def _update_subscription(world: World, call: Call) -> Object:
    subscription = world.the(call.account, "subscription", call.ids["subscription_exposed_id"])
    beyond = sorted(call.params.keys() - {"cancel_at_period_end", "metadata", "expand"})
    if beyond:
        raise an_invalid_request(f"This test server does not change {beyond[0]} of a subscription.", beyond[0])
    subscription["metadata"] = metadata_of(call["metadata"], subscription["metadata"])
    if call["cancel_at_period_end"] is not None:
        end_at_period(world, call.account, subscription, is_ending=call["cancel_at_period_end"])
    return world.shown(call.account, subscription, call["expand"])


@answers("delete", "/v1/subscriptions/{subscription_exposed_id}")
def _cancel_subscription(world: World, call: Call) -> Object:
    subscription = world.the(call.account, "subscription", call.ids["subscription_exposed_id"])
    if subscription["status"] == "canceled":
        raise a_refusal(f"No such subscription: '{subscription['id']}'", "id", "resource_missing")
    set_status(world, call.account, subscription, "canceled")
    return world.shown(call.account, subscription, call["expand"])


@answers("post", "/v1/billing_portal/sessions")
def _open_portal(world: World, call: Call) -> Object:
    customer = world.the(call.account, "customer", call["customer"], "customer")
    session = world.make(
        call.account,
        "billing_portal.session",
        customer=customer["id"],
        configuration="bpc_1OfTests",
        return_url=call["return_url"],
        locale=call["locale"],
    )
    session["url"] = f"{world.url}/p/session/{session['id']}"
    return world.shown(call.account, session)
