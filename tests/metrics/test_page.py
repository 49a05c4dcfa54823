"""`/metrics` is there for who brings the token, and tells of requests by the name of their view."""

from collections.abc import Callable

import pytest
from flask import Flask

from coachhub.platform.config import Settings, SettingsError, load_settings
from tests.cast import Cast, signed_in
from tests.metrics.scrapes import TOKEN, Scrape
from tests.workers.processes import environment

Ask = Callable[[], Scrape]


def test_it_is_nowhere_without_a_token_of_ours(app: Flask) -> None:
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 404


@pytest.mark.parametrize("brought", ["", "Bearer ", f"Bearer {TOKEN}s", TOKEN, "Basic YTpi", "Bearer é"])
def test_it_tells_nobody_who_brings_another(watched: Flask, brought: str) -> None:
    answer = watched.test_client().get("/metrics", headers={"Authorization": brought})
    assert (answer.status_code, answer.data) == (401, b"")


def test_it_takes_no_short_token(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (environment(settings) | {"METRICS_TOKEN": "short"}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match="METRICS_TOKEN"):
        load_settings()


def test_it_counts_requests_by_view_method_and_status(watched: Flask, cast: Cast, scrape: Ask) -> None:
    browser = signed_in(watched, cast.ana)
    for _ in range(3):
        assert browser.get("/today").status_code == 200
    assert browser.get("/no/such/page").status_code == 404
    told = scrape()
    assert told.value("coachhub_http_requests_total", route="reports.today", method="GET", status="200") == 3
    assert told.value("coachhub_http_requests_total", route="nowhere", method="GET", status="404") == 1
    assert told.value("coachhub_http_request_seconds_count", route="reports.today", method="GET") == 3


def test_it_tells_how_much_of_a_page_is_the_databases(watched: Flask, cast: Cast, scrape: Ask) -> None:
    signed_in(watched, cast.ana).get("/today")
    of_page = {"route": "reports.today", "method": "GET"}
    told = scrape()
    asked, seconds = (told.value(f"coachhub_http_sql_{name}_total", **of_page) for name in ("statements", "seconds"))
    took = told.value("coachhub_http_request_seconds_sum", **of_page)
    assert asked is not None
    assert 1 <= asked <= 8
    assert seconds is not None
    assert took is not None
    assert 0 < seconds < took


def test_it_counts_what_broke(watched: Flask, scrape: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise KeyError

    broken.guard = watched.view_functions["health.healthz"].guard  # type: ignore[attr-defined]
    monkeypatch.setitem(watched.view_functions, "health.healthz", broken)
    monkeypatch.setitem(watched.config, "PROPAGATE_EXCEPTIONS", False)
    assert watched.test_client().get("/healthz").status_code == 500
    assert scrape().value("coachhub_http_requests_total", route="health.healthz", method="GET", status="500") == 1


def test_it_makes_one_of_all_methods_that_nobody_uses(watched: Flask, scrape: Ask) -> None:
    for method in ("PROPFIND", "MADEUP", "DELETE"):
        watched.test_client().open("/healthz", method=method)
    assert scrape().value("coachhub_http_requests_total", route="nowhere", method="other", status="405") == 3


def test_it_names_nobody(watched: Flask, cast: Cast, scrape: Ask) -> None:
    ben = signed_in(watched, cast.ben)
    for path in ("/", "/month", f"/clients/{cast.ben.client_id}", f"/{cast.dan_id}", "/sign-in?next=/ben@example.com"):
        ben.get(path)
    signed_in(watched, cast.ana).get(f"/clients/{cast.ben.client_id}")
    text = scrape().text
    whole = [cast.ana, cast.ben, cast.cleo]
    secret = [str(part) for each in whole for part in (each.user_id, each.practice_id)]
    assert [part for part in (*secret, str(cast.dan_id), "@", "Ben", "Ana", TOKEN) if part in text] == []
