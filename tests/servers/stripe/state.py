"""What a Stripe remembers: the objects of each account, its clock, and how objects are made, listed and expanded."""

import random
import string
import threading
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.servers.stripe.errors import a_refusal, an_invalid_request, no_such
from tests.servers.stripe.words import description

Object = dict[str, Any]
PLATFORM = "acct_1PlatformOfTests"
APPLICATION = "ca_PlatformOfTests"
VERSION = "2026-05-27.dahlia"
_LETTERS = string.ascii_letters + string.digits
_PREFIXES = {
    "payment_intent": "pi_",
    "charge": "ch_",
    "refund": "re_",
    "dispute": "du_",
    "balance_transaction": "txn_",
    "application_fee": "fee_",
    "fee_refund": "fr_",
    "customer": "cus_",
    "product": "prod_",
    "price": "price_",
    "subscription": "sub_",
    "subscription_item": "si_",
    "invoice": "in_",
    "event": "evt_",
    "item": "li_",
    "payment_method": "pm_",
    "billing_portal.session": "bps_",
    "billing_portal.configuration": "bpc_",
}
_DEEPEST = 4
_DICE = random.SystemRandom()  # not the one that tests seed: no id comes twice


@dataclass
class Clock:
    """The server's time in seconds: the machine's, or a source's, moved forward by what a test asked for."""

    source: Callable[[], float] = time.time
    ahead: float = 0

    def now(self) -> int:
        return int(self.source() + self.ahead)

    def advance(self, seconds: float) -> None:
        """Move forward."""
        self.ahead += seconds


@dataclass
class Call:
    """One request, as a handler sees it: whose account, which ids stand in its path, and its parameters."""

    method: str
    path: str
    template: str
    ids: dict[str, str]
    params: dict[str, Any]
    account: str
    request_id: str
    key: str | None = None

    def __getitem__(self, name: str) -> Any:
        return self.params.get(name)


Handler = Callable[["World", Call], Object]
HANDLERS: dict[tuple[str, str], Handler] = {}


def answers(method: str, template: str) -> Callable[[Handler], Handler]:
    """Mark what answers an operation."""

    def mark(handler: Handler) -> Handler:
        HANDLERS[method, template] = handler
        return handler

    return mark


@dataclass
class World:
    """Everything there is. Each change happens under `lock`; `told` hears of each event in the order of happening."""

    url: str = ""
    clock: Clock = field(default_factory=Clock)
    lock: threading.RLock = field(default_factory=threading.RLock)
    told: list[Callable[[str, Object], None]] = field(default_factory=list)
    next_refund_waits: bool = False
    _kept: dict[str, dict[str, dict[str, Object]]] = field(default_factory=dict)

    def now(self) -> int:
        return self.clock.now()

    def make(self, account: str, kind: str, /, **given: Any) -> Object:
        """A new object of an account, with every field that Stripe has for its kind."""
        made = blank(kind) | {"id": new_id(_PREFIXES.get(kind, f"{kind}_"))}
        if "created" in made:
            made["created"] = self.now()
        made = {name: value for name, value in made.items() if (kind, name) not in LISTED} | given
        return self.keep(account, made)

    def keep(self, account: str, made: Object) -> Object:
        """Make it one of the account's objects."""
        self._kept.setdefault(account, {}).setdefault(made["object"], {})[made["id"]] = made
        return made

    def all(self, account: str, kind: str) -> list[Object]:
        """Every object of a kind, oldest first."""
        return list(self._kept.get(account, {}).get(kind, {}).values())

    def find(self, account: str, kind: str, object_id: str) -> Object | None:
        """The object, or None where this account has no such."""
        return self._kept.get(account, {}).get(kind, {}).get(object_id)

    def the(self, account: str, kind: str, object_id: str, param: str = "id") -> Object:
        """The object. Raises StripeError, as Stripe does for another account's."""
        found = self.find(account, kind, object_id)
        if found is None:
            raise no_such(kind, object_id, param)
        return found

    def where(self, kind: str, object_id: str) -> tuple[str, Object]:
        """An object with its account, whosever it is: for the test's own words. Raises KeyError."""
        for account in list(self._kept):
            found = self.find(account, kind, object_id)
            if found is not None:
                return account, found
        raise KeyError(object_id)

    @property
    def accounts(self) -> dict[str, Object]:
        """The connected accounts by id."""
        return self._kept.setdefault(PLATFORM, {}).setdefault("v2.core.account", {})

    def tell(self, account: str, kind: str, about: Object, **before: Any) -> Object:
        """Note an event about an object as it stands; `before`: what of it was otherwise until now."""
        told_of = self.shown(account, about)
        within: Object = {"object": told_of} | ({"previous_attributes": before} if before else {})
        event = self.make(account, "event", type=kind, data=within, api_version=VERSION, pending_webhooks=1)
        event["request"] = {"id": None, "idempotency_key": None}
        if account != PLATFORM:
            event["account"] = account
        for hear in self.told:
            hear(account, event)
        return event

    def shown(self, account: str, made: Object, expand: list[str] | None = None) -> Object:
        """An object as an answer shows it, with what was asked to be expanded."""
        shown = deepcopy({key: value for key, value in made.items() if not key.startswith("_")})
        for path in expand or ():
            parts = path.split(".")
            if len(parts) > _DEEPEST:
                raise an_invalid_request(f"You cannot expand more than 4 levels of a property. ({path})", "expand")
            self._expand(account, shown, parts, path)
        return shown

    def _expand(self, account: str, place: Any, parts: list[str], path: str) -> None:
        if isinstance(place, list):
            for each in place:
                self._expand(account, each, parts, path)
            return
        if not parts or not isinstance(place, dict):
            return
        name, *rest = parts
        self._put_in(account, place, name, path)
        if place.get(name) is not None:
            self._expand(account, place[name], rest, path)

    def _put_in(self, account: str, place: Object, name: str, path: str) -> None:
        kinds = _expandable(place.get("object", ""), name)
        lists = LISTED.get((place.get("object", ""), name))
        if lists is not None and name not in place:
            place[name] = lists(self, account, place)
        elif isinstance(place.get(name), str) and kinds:
            found = next((one for kind in kinds if (one := self.find(account, kind, place[name]))), None)
            place[name] = self.shown(account, found) if found else place[name]
        elif name not in place or (isinstance(place[name], str) and not kinds):
            raise an_invalid_request(f"This property cannot be expanded ({path}).", "expand")


LISTED: dict[tuple[str, str], Callable[[World, str, Object], Object]] = {}
"""Lists inside an object that are only there where they are asked for."""


def new_id(prefix: str, length: int = 24) -> str:
    """An id such as Stripe's."""
    return prefix + "".join(_DICE.choices(_LETTERS, k=length))


def blank(kind: str) -> Object:
    """An object of a kind with every field that Stripe's description says is always there, or may be null."""
    return deepcopy(_blank(kind))


@cache
def _blank(kind: str) -> Object:
    found: Object = _blank_of(description()["components"]["schemas"][kind])
    return found


def _blank_of(schema: dict[str, Any], depth: int = 0) -> Any:
    if schema.get("nullable"):
        return None
    if "$ref" in schema:
        return _blank_of(description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]], depth)
    if "anyOf" in schema:
        return _blank_of(schema["anyOf"][0], depth)
    if schema.get("type") == "object":
        required = schema.get("required", ())
        return {
            name: _blank_of(inside, depth + 1)
            for name, inside in schema.get("properties", {}).items()
            if (name in required or inside.get("nullable") or name == "metadata") and depth < 6
        }
    if "enum" in schema:
        return schema["enum"][0]
    return {"string": "", "integer": 0, "number": 0, "boolean": False, "array": []}[schema["type"]]


@cache
def _expandable(kind: str, name: str) -> tuple[str, ...]:
    schema = description()["components"]["schemas"].get(kind, {}).get("properties", {}).get(name, {})
    options = schema.get("x-expansionResources", {}).get("oneOf", ())
    return tuple(each["$ref"].rpartition("/")[2] for each in options)


def a_list(world: World, call: Call, kind: str, keep: Callable[[Object], bool] = lambda _: True) -> Object:
    """A page of a list, newest first, as the parameters of the call ask for it."""
    limit = call["limit"] or 10
    if not 1 <= limit <= 100:
        raise an_invalid_request("Invalid limit: must be between 1 and 100", "limit", "parameter_invalid_integer")
    rows = [each for each in reversed(world.all(call.account, kind)) if keep(each) and _is_since(each, call["created"])]
    chosen, has_more = _page(world, call, kind, rows, limit)
    body = {"object": "list", "data": chosen, "has_more": has_more, "url": call.path}
    return world.shown(call.account, body, call["expand"])


def _page(world: World, call: Call, kind: str, rows: list[Object], limit: int) -> tuple[list[Object], bool]:
    after, before = call["starting_after"], call["ending_before"]
    if after and before:
        raise an_invalid_request("You cannot specify both starting_after and ending_before.", "ending_before")
    cursor = after or before
    if cursor:
        mark = world.the(call.account, kind, cursor, "starting_after" if after else "ending_before")
        order = [each["id"] for each in reversed(world.all(call.account, kind))]
        place = {object_id: number for number, object_id in enumerate(order)}
        here = place[mark["id"]]
        rows = [each for each in rows if (place[each["id"]] > here if after else place[each["id"]] < here)]
    chosen = rows[-limit:] if before else rows[:limit]
    return [world.shown(call.account, each) for each in chosen], len(rows) > limit


def _is_since(made: Object, asked: Any) -> bool:
    if asked is None:
        return True
    if isinstance(asked, int):
        return bool(made["created"] == asked)
    at = made["created"]
    limits = {"gt": at.__gt__, "gte": at.__ge__, "lt": at.__lt__, "lte": at.__le__}
    return all(limits[name](edge) for name, edge in asked.items())


def metadata_of(given: Any, kept: dict[str, str] | None = None) -> dict[str, str]:
    """Metadata after a change: an empty value takes a key away. Raises StripeError past Stripe's limits."""
    merged = {} if given == "" else {**(kept or {}), **(given or {})}
    for key, value in merged.items():
        if len(key) > 40 or len(value) > 500:
            what = "keys must be at most 40" if len(key) > 40 else "values must be at most 500"
            raise a_refusal(f"Metadata {what} characters long.", f"metadata[{key}]")
    found = {key: value for key, value in merged.items() if value != ""}
    if len(found) > 50:
        raise a_refusal(f"You can only have 50 metadata keys; you passed {len(found)}.", "metadata")
    return found


def every(world: World, kind: str) -> Iterator[tuple[str, Object]]:
    """Every object of a kind in every account."""
    for account in list(world._kept):
        for made in world.all(account, kind):
            yield account, made
