"""The dashboard and the alerts ask for figures that exist, in words that Prometheus understands."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from promql_parser import Expr, Matcher, MatchOp, VectorSelector, parse, walk

from coachhub.metrics.happened import COUNTED, MEASURED
from tests.deploy.described import DEPLOY
from tests.fitness.source import parsed, texts
from tests.metrics.scrapes import Scrape

DASHBOARD: dict[str, Any] = json.loads((DEPLOY / "grafana" / "coachhub.json").read_text())
RULES: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text())["groups"][0]["rules"]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
_OF_GRAFANA = {"$__rate_interval": "5m", "$__range": "1h", "$route": ".*"}
_ENDS = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


def _drawn() -> Iterator[tuple[str, str]]:
    for panel in PANELS:
        for target in panel["targets"]:
            text = target["expr"]
            for name, value in _OF_GRAFANA.items():
                text = text.replace(name, value)
            yield panel["title"], text


EXPRESSIONS = [*_drawn(), *((rule["alert"], rule["expr"]) for rule in RULES)]


def _selectors(text: str) -> list[VectorSelector]:
    found: list[Expr] = []
    walk(parse(text), found.append)
    return [each for each in found if isinstance(each, VectorSelector)]


@pytest.fixture(scope="module")
def known(told_first: tuple[Scrape, Scrape]) -> dict[str, set[str]]:
    """Every figure that there is, with its labels."""
    labels = {each.name: set(each.labels) for each in (*COUNTED, *MEASURED)}
    found: dict[str, set[str]] = {}
    for family in told_first[1].families:
        own = labels.get(family.name, set()).union(*(sample.labels for sample in family.samples))
        for end in _ENDS[family.type]:
            found[family.name + end] = own | {"le"} if end == "_bucket" else own
    return found


@pytest.mark.parametrize(("where", "text"), EXPRESSIONS, ids=[where for where, _ in EXPRESSIONS])
def test_it_asks_for_figures_and_labels_that_exist(where: str, text: str, known: dict[str, set[str]]) -> None:
    for selector in _selectors(text):
        assert selector.name in known
        assert {each.name for each in selector.matchers.matchers} <= known[str(selector.name)]
    grouped = {label.strip() for group in re.findall(r"\bby \(([^)]*)\)", text) for label in group.split(",")}
    assert grouped <= set().union(*(known[str(each.name)] for each in _selectors(text)))


@pytest.mark.parametrize(("where", "text"), EXPRESSIONS, ids=[where for where, _ in EXPRESSIONS])
def test_it_asks_for_states_that_there_are(where: str, text: str, told_first: tuple[Scrape, Scrape]) -> None:
    """What stands is told also where it is nought; what happens only once it has, in words of the code."""
    told = [sample for family in told_first[0].families if family.type == "gauge" for sample in family.samples]
    for selector in _selectors(text):
        matchers = [each for each in selector.matchers.matchers if each.name not in ("status", "route")]
        if selector.name in {sample.name for sample in told}:
            own = [sample.labels for sample in told if sample.name == selector.name]
            assert any(all(_is_met(each, labels[each.name]) for each in matchers) for labels in own), selector.name
        else:
            assert {word for each in matchers for word in each.value.split("|")} <= _WORDS


def _is_met(matcher: Matcher, value: str) -> bool:
    is_like = re.fullmatch(matcher.value, value) is not None
    return is_like is (matcher.op in (MatchOp.Equal, MatchOp.Re))


_WORDS = {text for _, tree in parsed("coachhub") for text in texts(tree)}


def test_it_draws_every_figure_that_there_is(known: dict[str, set[str]]) -> None:
    drawn = {str(selector.name) for _, text in _drawn() for selector in _selectors(text)}
    counts = {name.replace("_count", "") for name in known if name.endswith("_count")}
    sums = {f"{name}_sum" for name in counts}
    assert known.keys() - drawn - sums == set()


def test_it_draws_panels_that_grafana_can_lay_out() -> None:
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24, panel["title"]
        assert not cells & taken, panel["title"]
        taken |= cells


def test_it_draws_from_the_source_and_the_routes_that_are_chosen() -> None:
    assert {variable["name"] for variable in DASHBOARD["templating"]["list"]} == {"datasource", "route"}
    assert DASHBOARD["schemaVersion"] >= 36
    for panel in PANELS:
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}, panel["title"]
        assert panel["type"] in ("timeseries", "stat", "table"), panel["title"]
        assert {*panel} >= {"title", "targets", "fieldConfig", "options"}, panel["title"]
        letters = [target["refId"] for target in panel["targets"]]
        assert letters == sorted(set(letters)), panel["title"]


def test_it_writes_rules_as_prometheus_reads_them() -> None:
    [group] = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text())["groups"]
    assert group.keys() == {"name", "rules"}
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert {*rule} - {"for"} == {"alert", "expr", "labels", "annotations"}, rule["alert"]
        assert re.fullmatch(r"\d+[mh]", rule.get("for", "1m")), rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
        assert {*rule["annotations"]} == {"summary", "description"}, rule["alert"]
        labels = set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
        assert labels <= set(re.findall(r"\w+", rule["expr"])), rule["alert"]


def test_it_scrapes_with_the_token_wherever_the_web_is() -> None:
    folder = DEPLOY / "prometheus"
    whole = yaml.safe_load((folder / "prometheus.yaml").read_text())
    assert all((folder / name).exists() for name in (*whole["rule_files"], *whole["scrape_config_files"]))
    for path in sorted((folder / "scrape").glob("*.yaml")):
        [job] = yaml.safe_load(path.read_text())["scrape_configs"]
        assert job["authorization"] == {"type": "Bearer", "credentials_file": "/etc/prometheus/metrics_token"}, path
        assert {"static_configs", "dns_sd_configs", "kubernetes_sd_configs"} & job.keys(), path
        assert "metrics_path" not in job, path  # /metrics, unless it is said
