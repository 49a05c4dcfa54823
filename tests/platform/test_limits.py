"""Tries are counted in Valkey, and nobody's page breaks when it goes away."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NoReturn

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from limits import parse
from limits.storage import RedisStorage

from coachhub.platform import embedded
from coachhub.platform.config import Settings
from coachhub.platform.limits import count_tries, limiter
from coachhub.platform.private_pages import by_link
from coachhub.platform.tries_at_once import Window, at_once
from tests.cast import Cast


@pytest.fixture
def second_of_two(tries_count: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Valkey breaks off in the middle of a count, and another request has just noticed the same."""

    def breaks_off(*_what: object, **_how: object) -> NoReturn:
        limiter._storage_dead = True
        raise redis.ConnectionError

    assert limiter._limiter is not None
    monkeypatch.setattr(limiter._limiter, "hit", breaks_off)
    monkeypatch.setattr(limiter._limiter, "test", breaks_off)
    monkeypatch.setattr(limiter, "_ask", breaks_off)
    yield
    limiter._storage_dead = False


@pytest.mark.usefixtures("second_of_two")
def test_it_lets_in_who_is_second_to_find_it_gone(cast: Cast) -> None:
    answer = cast.browser().post("/sign-in", data={"email": "ana@example.com", "password": "wrong"})
    assert answer.status_code < 500
    assert limiter._storage_dead


class _Trips:
    """How often Valkey was asked to run a script, and whatever it was asked."""

    def __init__(self, url: str) -> None:
        self._valkey = redis.Redis.from_url(url)

    def of(self, ask: Callable[[], object]) -> int:
        before = self._asked()
        ask()
        return self._asked() - before

    def _asked(self) -> int:
        told = self._valkey.info("commandstats")
        return sum(told.get(f"cmdstat_{name}", {}).get("calls", 0) for name in ("evalsha", "eval"))


@pytest.fixture
def limited(tries_count: None, settings: Settings) -> FlaskClient:
    """Somebody who looks at, or answers under, links of a small application; those lead nowhere that are `lost`."""

    def found(token: str) -> tuple[str, int]:
        return token, 404 if token == "lost" else 200

    small = Flask("limited")
    small.add_url_rule("/limited/<token>", view_func=by_link(found), methods=["GET", "POST"])
    count_tries(small, settings)
    return small.test_client(use_cookies=False)


@pytest.fixture
def trips(addresses: embedded.Addresses, limited: FlaskClient) -> _Trips:
    limited.get("/limited/lost")  # what a server has not seen yet it is told once
    limited.post("/limited/first")
    return _Trips(addresses.redis_url)


def test_it_asks_all_limits_of_a_page_in_one_trip(trips: _Trips, limited: FlaskClient) -> None:
    assert trips.of(lambda: limited.get("/limited/a")) == 1
    assert trips.of(lambda: limited.post("/limited/a")) == 1
    assert trips.of(lambda: limited.get("/limited/lost")) == 2  # and then that it was in vain


@pytest.mark.parametrize(("method", "most"), [("post", 40), ("get", 300)])
def test_it_lets_in_as_often_as_each_link_may_be_asked(limited: FlaskClient, method: str, most: int) -> None:
    answers = [limited.open("/limited/a", method=method.upper()) for _ in range(most + 2)]
    assert [answer.status_code for answer in answers] == [200] * most + [429] * 2
    assert 3500 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert "Retry-After" not in answers[0].headers
    assert limited.open("/limited/b", method=method.upper()).status_code == 200


def test_it_lets_in_from_one_place_as_often_as_a_company_may_need(limited: FlaskClient) -> None:
    codes = [limited.get(f"/limited/{number // 250}").status_code for number in range(1201)]
    assert codes == [200] * 1200 + [429]


def test_it_counts_what_led_nowhere_alone(limited: FlaskClient) -> None:
    assert [limited.get(f"/limited/{number}").status_code for number in range(60)] == [200] * 60
    codes = [limited.get("/limited/lost").status_code for _ in range(41)]
    assert codes == [404] * 40 + [429]
    assert limited.get("/limited/a").status_code == 429


def test_it_keeps_what_it_counts_as_the_library_does(
    limited: FlaskClient, addresses: embedded.Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept() -> dict[bytes, tuple[int, int]]:
        keys = sorted(valkey.scan_iter("LIMITS:*"))
        assert all(valkey.lrange(key, 0, -1) for key in keys)
        return {key: (int(valkey.llen(key)), int(valkey.ttl(key)) // 10) for key in keys}

    valkey = redis.Redis.from_url(addresses.redis_url)
    for path in ("a", "a", "b", "lost"):
        limited.get(f"/limited/{path}")
    limited.post("/limited/a")
    at_once = kept()
    limiter.reset()
    monkeypatch.setattr(limiter, "_ask", None)
    for path in ("a", "a", "b", "lost"):
        limited.get(f"/limited/{path}")
    limited.post("/limited/a")
    assert at_once == kept() != {}


def test_it_keeps_the_newest_tries_first(addresses: embedded.Addresses) -> None:
    storage, limit = RedisStorage(addresses.redis_url.replace("unix://", "redis+unix://")), parse("3 per minute")
    ask = at_once(storage)
    assert ask is not None
    windows = (Window(limit.amount, limit.get_expiry(), counts=True), Window(1, 60, counts=False))
    storage.reset()
    assert [ask(windows, ["counted", "asked"]) for _ in range(4)] == [True] * 3 + [False]
    assert storage.get_moving_window("counted", limit.amount, limit.get_expiry())[1] == 3
    assert storage.get_moving_window("asked", 1, 60)[1] == 0
    kept = [float(each) for each in storage.get_connection().lrange(storage.prefixed_key("counted"), 0, -1)]
    assert all(newer >= older for newer, older in pairwise(kept))
    storage.reset()


@pytest.mark.parametrize("command", [("SCRIPT", "FLUSH"), ("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")])
def test_it_counts_on_where_valkey_began_anew(
    limited: FlaskClient, addresses: embedded.Addresses, command: tuple[str, ...]
) -> None:
    valkey = redis.Redis.from_url(addresses.redis_url)
    for _ in range(150):
        limited.get("/limited/a")
    valkey.execute_command(*command)
    codes = [limited.get("/limited/a").status_code for _ in range(151)]
    assert codes == [200] * 150 + [429]
    assert not limiter._storage_dead
