"""What happens is counted once it is committed, for all processes together, and never holds up who does it."""

from collections.abc import Iterator, Mapping

import pytest
from flask import Flask
from redis import Redis

from coachhub.platform import counts
from coachhub.platform.config import Settings
from coachhub.platform.jobs import connect
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast

CAKES = counts.Counted("cakes", "Cakes, by kind.", ("kind",))
WEIGHTS = counts.Measured("weights", "What cakes weigh.", ("kind",), (0.5, 1))


@pytest.fixture
def valkey(settings: Settings) -> Iterator[Redis]:
    with connect(settings.redis_url.get_secret_value()) as connection:
        connection.delete(counts.KEY)
        yield connection
        connection.delete(counts.KEY)


@pytest.fixture
def counting(app: Flask, valkey: Redis, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setitem(app.extensions, "coachhub_counts", counts.Ledger(valkey))
    return app


def _read(app: Flask) -> Mapping[tuple[str, ...], float]:
    with app.app_context():
        kept = counts.ledger()
        assert kept is not None
        return kept.read()


def test_it_counts_what_is_committed(counting: Flask, cast: Cast) -> None:
    with counting.app_context():
        for _ in range(2):
            with as_practice(cast.ana.practice_id):
                CAKES.happened("plum", times=3)
    assert _read(counting) == {("cakes", "plum"): 6}


def test_it_counts_nothing_of_what_is_rolled_back(counting: Flask, cast: Cast) -> None:
    def break_off() -> None:
        with as_practice(cast.ana.practice_id):
            CAKES.happened("plum")
            raise KeyError

    with counting.app_context(), pytest.raises(KeyError):
        break_off()
    assert _read(counting) == {}


def test_it_counts_sizes_by_their_bounds(counting: Flask) -> None:
    with counting.app_context():
        counts.tell([step for size in (0.5, 0.7, 3) for step in WEIGHTS.steps(size, "plum")])
    of = {field[2]: value for field, value in _read(counting).items()}
    assert of == {"0.5": 1, "1": 1, "+Inf": 1, "sum": pytest.approx(4.2)}


def test_it_counts_nothing_where_nobody_would_read_it(app: Flask, valkey: Redis, cast: Cast) -> None:
    with app.app_context(), as_practice(cast.ana.practice_id):
        CAKES.happened("plum")
    assert valkey.exists(counts.KEY) == 0


def test_it_holds_nothing_up_where_valkey_is_away(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    away = Redis(host="127.0.0.1", port=1)
    asked: list[int] = []
    pipeline = away.pipeline
    monkeypatch.setattr(away, "pipeline", lambda **how: (asked.append(1), pipeline(**how))[1])
    monkeypatch.setitem(app.extensions, "coachhub_counts", counts.Ledger(away))
    with app.app_context():
        for _ in range(3):
            with as_practice(cast.ana.practice_id):
                CAKES.happened("plum")
    assert asked == [1]


def test_it_names_what_it_counts_nowhere_outside_of_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        CAKES.happened("plum")
