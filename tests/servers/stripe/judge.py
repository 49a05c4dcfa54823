"""Whether the server's own answers are as Stripe describes them: every field there, of its type, and none beside it."""

from functools import cache
from typing import Any

import jsonschema_rs

from tests.servers.stripe.words import description, operation

_DRAFT = "http://json-schema.org/draft-04/schema#"


def complaints(method: str, path: str, body: Any) -> list[str]:
    """What is wrong with the body of a good answer."""
    found = operation(method.lower(), path)
    if found is None:
        return [f"nothing is described at {method} {path}"]
    asked = found[0]
    given = _without_nulls(body) if asked.is_v2 else body
    errors = _validator(asked.method, asked.template).iter_errors(given)
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message[:200]}" for error in errors]


@cache
def _validator(method: str, template: str) -> Any:
    content = description()["paths"][template][method]["responses"]["200"]["content"]
    schema = _plain(next(iter(content.values()))["schema"])
    return jsonschema_rs.validator_for({"$schema": _DRAFT, **schema, "components": {"schemas": _components()}})


@cache
def _components() -> dict[str, Any]:
    return {name: _plain(schema) for name, schema in description()["components"]["schemas"].items()}


def _plain(schema: Any) -> Any:
    """A schema of OpenAPI as one of JSON Schema: what may be null says so, enums that Stripe leaves open are open."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    is_open = schema.get("x-stripeBypassValidation")
    plain = {key: _plain(value) for key, value in schema.items() if not (key == "enum" and is_open)}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        plain.setdefault("additionalProperties", False)
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain


def _without_nulls(found: Any) -> Any:
    """v2 answers null where a part was not asked for; its description has no word for that."""
    if isinstance(found, dict):
        return {key: _without_nulls(value) for key, value in found.items() if value is not None}
    return [_without_nulls(each) for each in found] if isinstance(found, list) else found
