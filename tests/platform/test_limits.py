"""Tries are counted in Valkey, and nobody's page breaks when it goes away."""

from collections.abc import Iterator
from typing import NoReturn

import pytest
import redis

from coachhub.platform.limits import limiter
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
