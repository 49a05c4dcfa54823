"""One line a request: its id, its practice, its figures. And not a word of what people wrote, whatever breaks."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coachhub.platform.config import Settings
from coachhub.platform.guards import bare
from tests.cast import Cast, signed_in
from tests.log_lines import MARK, WAYS, breaking_app, events_of, lines_of

GIVEN = "7f6198b405e3439eafbade99eb43a7b2"


@pytest.fixture
def web(settings: Settings, cast: Cast) -> Iterator[Flask]:
    with breaking_app(settings, log_format="json", slow_request_ms=40) as made:
        yield made


def test_it_tells_of_a_request_in_one_line(web: Flask, cast: Cast, capfd: pytest.CaptureFixture[str]) -> None:
    browser = signed_in(web, cast.ana)
    answer = browser.get(f"/today?q={MARK}")
    [line] = events_of(capfd.readouterr().out, "request")
    assert (line["method"], line["endpoint"], line["status"]) == ("GET", "reports.today", 200)
    assert line["practice_id"] == str(cast.ana.practice_id)
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert 0 < line["sql_ms"] < line["ms"]
    assert 1 < line["sql"] < 15
    assert line.keys() - {"slow"} == {
        *("event", "level", "timestamp", "request_id", "endpoint", "practice_id"),
        *("method", "status", "ms", "sql", "sql_ms"),
    }


def test_it_forgets_whose_the_request_before_was(web: Flask, cast: Cast, capfd: pytest.CaptureFixture[str]) -> None:
    signed_in(web, cast.ana).get("/today")
    web.test_client().get("/sign-in")
    first, second = events_of(capfd.readouterr().out, "request")
    assert ("practice_id" in first, "practice_id" in second) == (True, False)
    assert first["request_id"] != second["request_id"]


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [(1, GIVEN, True), (0, GIVEN, False), (1, "ben@example.com", False), (1, "a" * 65, False), (1, "", False)],
)
def test_it_takes_the_id_of_a_trusted_proxy_alone(
    settings: Settings, cast: Cast, proxies: int, given: str, is_taken: bool
) -> None:
    with breaking_app(settings, trusted_proxies=proxies) as made:
        answer = made.test_client().get("/sign-in", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is is_taken
    assert len(answer.headers["X-Request-ID"]) >= 16


def test_it_shows_the_id_where_we_have_made_a_mistake(web: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    answer = web.test_client().get("/break/lookup/x")
    [error] = events_of(capfd.readouterr().out, "unexpected_error")
    assert answer.status_code == 500
    assert f'<code id="request-id">{answer.headers["X-Request-ID"]}</code>' in answer.text
    assert f'<code id="error-id">{error["error_id"]}</code>' in answer.text
    assert error["request_id"] == answer.headers["X-Request-ID"]


def test_it_leaves_out_the_lines_of_requests_where_that_is_set(
    settings: Settings, cast: Cast, capfd: pytest.CaptureFixture[str]
) -> None:
    with breaking_app(settings, log_format="json", access_log=False) as made:
        answer = made.test_client().get("/sign-in")
    assert (capfd.readouterr().out, "X-Request-ID" in answer.headers) == ("", True)


def test_it_says_nothing_of_a_probe_that_is_well(web: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    assert web.test_client().get("/healthz").status_code == 200
    assert capfd.readouterr().out == ""


def test_it_writes_json_in_production_and_plain_lines_for_a_person(settings: Settings) -> None:
    formats = [
        settings.model_copy(update={"environment": where, "log_format": chosen}).logs_as_json
        for where, chosen in [("production", None), ("development", None), ("production", "plain"), ("test", "json")]
    ]
    assert formats == [True, False, False, True]


def test_it_tells_of_a_slow_request_with_its_statements(
    web: Flask, cast: Cast, capfd: pytest.CaptureFixture[str]
) -> None:
    signed_in(web, cast.ana).get(f"/break/slow/{MARK}")
    said = capfd.readouterr().out
    [slow] = events_of(said, "slow_request")
    slowest, *others = slow["statements"]
    assert slowest["text"] == "select pg_sleep(0.02), cast(%(token)s as text)"
    assert slowest["count"] == 3
    assert 60 < slowest["ms"] < slow["sql_ms"] < slow["ms"]
    assert 20 < slowest["longest_ms"] < slowest["ms"]
    assert len(others) == slow["sql"] - 3
    assert (slow["endpoint"], slow["practice_id"]) == ("slow", str(cast.ana.practice_id))
    assert MARK not in said


def test_it_says_nothing_more_of_a_request_that_is_quick_enough(
    settings: Settings, cast: Cast, capfd: pytest.CaptureFixture[str]
) -> None:
    for limit in (10_000, 0):
        with breaking_app(settings, log_format="json", slow_request_ms=limit) as made:
            made.test_client().get("/break/slow/x")
    assert [line["event"] for line in lines_of(capfd.readouterr().out)] == ["request", "request"]


@pytest.mark.parametrize("way", WAYS)
def test_it_never_says_what_people_wrote_when_it_breaks(
    web: Flask, cast: Cast, capfd: pytest.CaptureFixture[str], way: str
) -> None:
    browser = signed_in(web, cast.ana)
    answer = browser.post(f"/break/{way}/{MARK}", data={"name": f"{MARK} Ott", "email": f"{MARK}@example.com"})
    said = capfd.readouterr().out
    assert answer.status_code == (200 if way in ("library", "slow") else 500)
    assert len(lines_of(said)) > 1
    assert_discreet(said, cast)


def test_it_keeps_the_words_of_a_program(web: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    browser = web.test_client()
    for way in WAYS:
        browser.get(f"/break/{way}/{MARK}?name={MARK}")
    said = capfd.readouterr().out
    told = "\n".join(line["exception"] for line in lines_of(said) if "exception" in line)
    assert "RuntimeError: no room for … at table 12\n" in f"{told}\n"
    assert "in _words" in told
    assert "psycopg.errors.InvalidTextRepresentation) invalid input syntax for type uuid: …\n[SQL: select cast(" in told
    assert "no seat for …" in told
    assert [(line["logger"], line["said"]) for line in events_of(said, "library")] == [
        ("some.library", "bad header %s of %s"),
        ("some.library", "could not read …"),
        ("some.library", "no seat for … and … of 7"),
        ("some.library", "…"),
        ("some.library", "gave up on %s"),
    ]


def test_it_never_says_what_is_sent_to_any_page(web: Flask, cast: Cast, capfd: pytest.CaptureFixture[str]) -> None:
    web.add_url_rule(f"/{MARK.lower()}/<path:rest>", "rest", bare(lambda rest: ""))
    browser = signed_in(web, cast.ana)
    sent = _everything(web, browser)
    said = capfd.readouterr().out
    assert len(events_of(said, "request")) == sent > 200
    assert_discreet(said, cast)


def _everything(web: Flask, browser: FlaskClient) -> int:
    """Knock at each address with marked words wherever words can stand."""
    number = 0
    fields = ("name", "email", "password", "code", "note", "subject", "text", "address", "next", "q", "search")
    words = {field: f"{MARK}@example.com" if field == "email" else f"{MARK} {number}" for field in fields}
    headers = {"User-Agent": MARK, "Referer": f"http://{MARK}/", "X-Request-ID": MARK, "X-Forwarded-For": MARK}
    with web.test_request_context():
        adapter = web.url_map.bind("localhost")
        rules = [rule for rule in web.url_map.iter_rules() if rule.endpoint not in ("static", "health.healthz")]
        paths = [adapter.build(rule.endpoint, _values(rule)) for rule in rules if rule.endpoint != "health.readyz"]
    for path in [*paths, f"/r/{MARK}", f"/no/such/{MARK}", f"/{MARK}@example.com"]:
        for method in ("GET", "POST", MARK.upper()):
            browser.open(
                path, method=method, query_string=words, data=words if method == "POST" else None, headers=headers
            )
            number += 1
    return number


def _values(rule) -> dict[str, object]:  # type: ignore[no-untyped-def]
    kinds = {"UUIDConverter": uuid4(), "IntegerConverter": 7}
    return {name: kinds.get(type(kind).__name__, MARK) for name, kind in rule._converters.items()}


def assert_discreet(said: str, cast: Cast) -> None:
    """No word of a person, in any letters, stands in a log."""
    people = ("ana@example.com", "ben@example.com", "Alvarez", "Berger", "127.0.0.1")
    for word in (MARK, "example.com", *people, str(cast.ana.user_id)):
        assert word.lower() not in said.lower(), [line for line in said.splitlines() if word.lower() in line.lower()][
            :3
        ]
