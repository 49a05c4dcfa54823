"""Connected accounts as Accounts v2 has them, the links that fill them in, and the same accounts seen through v1."""

from datetime import UTC, datetime
from typing import Any

from tests.servers.stripe.errors import StripeError, an_invalid_request
from tests.servers.stripe.state import PLATFORM, Call, Object, World, answers, blank, new_id

_WANTED = ("identity.individual.given_name", "identity.individual.surname", "defaults.profile.business_url")
_LINK_LASTS = 600
_PARTS = (
    "configuration.customer",
    "configuration.merchant",
    "configuration.recipient",
    "defaults",
    "identity",
    "requirements",
    "future_requirements",
)


def at(seconds: float) -> str:
    """An instant as v2 writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@answers("post", "/v2/core/accounts")
def _create_account(world: World, call: Call) -> Object:
    _check_account(call)
    account: Object = {
        "id": new_id("acct_1", 15),
        "object": "v2.core.account",
        "applied_configurations": sorted(call["configuration"] or {}),
        "closed": False,
        "contact_email": call["contact_email"],
        "created": at(world.now()),
        "dashboard": call["dashboard"],
        "display_name": call["display_name"],
        "livemode": False,
        "metadata": call["metadata"] or {},
        "identity": {"country": "us", **(call["identity"] or {})},
        "defaults": {"currency": None, "locales": None, "profile": None, **(call["defaults"] or {})},
        "future_requirements": None,
        "_card_payments": "restricted",
        "_wants": _WANTED,
        "_links": {},
    }
    if account["defaults"].get("responsibilities"):
        account["defaults"]["responsibilities"] = {
            "requirements_collector": "stripe",
            **call["defaults"]["responsibilities"],
        }
    account["identity"]["country"] = account["identity"]["country"].lower()
    world.keep(PLATFORM, account)
    thin(world, "v2.core.account.created", account["id"])
    return _shown(account, call["include"])


def _check_account(call: Call) -> None:
    merchant = (call["configuration"] or {}).get("merchant")
    if call["dashboard"] == "full" and merchant and not call["contact_email"]:
        raise an_invalid_request(
            "contact_email is required for this account.", "contact_email", "missing_required_field"
        )
    responsible = (call["defaults"] or {}).get("responsibilities") or {}
    takers = {responsible.get("fees_collector"), responsible.get("losses_collector")}
    if merchant and call["dashboard"] == "full" and takers != {"stripe"}:
        said = (
            "An account with the full dashboard has Stripe collect fees and bear losses: see defaults.responsibilities."
        )
        code = "account_controller_unsupported_configuration"
        raise an_invalid_request(said, "defaults.responsibilities", code)


@answers("get", "/v2/core/accounts/{id}")
def _retrieve_account(world: World, call: Call) -> Object:
    return _shown(_the_account(world, call.ids["id"]), call["include"])


@answers("post", "/v2/core/accounts/{id}")
def _update_account(world: World, call: Call) -> Object:
    account = _the_account(world, call.ids["id"])
    account |= {name: call[name] for name in ("display_name", "contact_email", "metadata") if name in call.params}
    thin(world, "v2.core.account.updated", account["id"])
    return _shown(account, call["include"])


def _the_account(world: World, account_id: str) -> Object:
    found = world.accounts.get(account_id)
    if found is None:
        raise StripeError(404, "invalid_request_error", f"No such account: '{account_id}'", "not_found")
    return found


def _shown(account: Object, include: list[str] | None) -> Object:
    """The account with the parts that were asked for; the others are null."""
    asked = set(include or ())
    shown = {key: value for key, value in account.items() if not key.startswith("_")}
    shown |= {"configuration": None, "requirements": None}
    shown |= {part: None for part in ("defaults", "identity") if part not in asked}
    configured = [name for name in ("customer", "merchant", "recipient") if f"configuration.{name}" in asked]
    if configured:
        applied = set(account["applied_configurations"])
        shown["configuration"] = {
            name: _configuration(account, name) if name in applied else None for name in configured
        }
    if "requirements" in asked:
        shown["requirements"] = _requirements(account)
    return shown


def _configuration(account: Object, name: str) -> Object:
    if name != "merchant":
        return {"applied": True}
    status = account["_card_payments"]
    details = [] if status == "active" else [{"code": "requirements_past_due", "resolution": "provide_info"}]
    return {
        "applied": True,
        "capabilities": {"card_payments": {"status": status, "status_details": details}},
        "mcc": None,
        "statement_descriptor": None,
    }


def _requirements(account: Object) -> Object:
    limits = [{"capability": "card_payments", "configuration": "merchant", "deadline": {"status": "currently_due"}}]
    entries = [
        {
            "awaiting_action_from": "user",
            "description": wanted,
            "errors": [],
            "impact": {"restricts_capabilities": limits},
            "minimum_deadline": {"status": "currently_due"},
            "reference": None,
            "requested_reasons": [{"code": "routine_onboarding"}],
        }
        for wanted in account["_wants"]
    ]
    return {"entries": entries, "summary": {"minimum_deadline": {"status": "currently_due"}} if entries else None}


@answers("post", "/v2/core/account_links")
def _create_link(world: World, call: Call) -> Object:
    account = _the_account(world, call["account"])
    use = call["use_case"]
    asked = use.get(use["type"])
    if asked is None:
        raise an_invalid_request(f"Missing required param: use_case.{use['type']}.", "use_case", "parameter_missing")
    code, until = new_id("", 20), world.now() + _LINK_LASTS
    account["_links"][code] = {"until": until, **asked}
    return {
        "object": "v2.core.account_link",
        "account": account["id"],
        "created": at(world.now()),
        "expires_at": at(until),
        "livemode": False,
        "url": f"{world.url}/setup/{account['id']}/{code}",
        "use_case": use,
    }


def set_capability(world: World, account_id: str, status: str, wants: tuple[str, ...]) -> None:
    """How an account stands: `active`, `pending` or `restricted`, and what Stripe wants of it."""
    account = world.accounts[account_id]
    account |= {"_card_payments": status, "_wants": wants}
    thin(world, "v2.core.account[requirements].updated", account_id)
    thin(world, "v2.core.account[configuration.merchant].capability_status_updated", account_id)
    world.tell(account_id, "account.updated", as_v1(world, account_id))


def thin(world: World, kind: str, account_id: str) -> None:
    """Note an event of v2: it names what it is about, and says nothing of how that stands."""
    event: Object = {
        "id": new_id("evt_test_65", 40),
        "object": "v2.core.event",
        "created": at(world.now()),
        "livemode": False,
        "type": kind,
        "context": account_id if "[" in kind or kind.endswith("updated") else None,
        "reason": None,
        "related_object": {
            "id": account_id,
            "type": "v2.core.account",
            "url": f"/v2/core/accounts/{account_id}",
        },
    }
    world.keep(PLATFORM, event)
    for hear in world.told:
        hear(PLATFORM, event)


@answers("get", "/v2/core/events/{id}")
def _retrieve_event(world: World, call: Call) -> Object:
    return world.the(PLATFORM, "v2.core.event", call.ids["id"])


@answers("get", "/v1/accounts/{account}")
def _retrieve_v1(world: World, call: Call) -> Object:
    _the_account(world, call.ids["account"])
    return as_v1(world, call.ids["account"])


@answers("get", "/v1/account")
def _retrieve_own(world: World, call: Call) -> Object:
    return as_v1(world, call.account)


def as_v1(world: World, account_id: str) -> Object:
    """The account as v1 shows it."""
    account: Any = world.accounts.get(account_id, {"_card_payments": "active", "_wants": (), "contact_email": None})
    is_ready = account["_card_payments"] == "active"
    due = [] if is_ready else ["individual.first_name", "individual.last_name", "business_profile.url"]
    requirements = blank("account_requirements") | {"currently_due": due, "eventually_due": due, "past_due": []}
    requirements["pending_verification"] = []
    return blank("account") | {
        "id": account_id,
        "object": "account",
        "charges_enabled": is_ready,
        "payouts_enabled": is_ready,
        "details_submitted": is_ready,
        "country": account.get("identity", {}).get("country", "us").upper(),
        "default_currency": "usd",
        "email": account["contact_email"],
        "capabilities": {"card_payments": "active" if is_ready else "inactive"},
        "requirements": requirements,
        "metadata": account.get("metadata", {}),
    }
