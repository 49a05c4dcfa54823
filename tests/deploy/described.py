"""What others say of our files: Kubernetes of its objects, the compose specification of compose files."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from tests.fitness.source import ROOT

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
_OBJECTS = Path("kubernetes-json-schema", "v1.37.0-local-strict")
_COMPOSE = Path("builtin_schemas", "vendor", "compose-spec.json")

Object = dict[str, Any]


def documents(file: Path) -> list[Object]:
    """Every document of a YAML file."""
    return [each for each in yaml.safe_load_all(file.read_text()) if each is not None]


def problems(thing: Object) -> list[str]:
    """What Kubernetes would say against an object of its own kinds; strict, so a field that it does not know, too."""
    kind = f"{thing['kind']}-{thing['apiVersion'].replace('.k8s.io', '').replace('/', '-')}".lower()
    schema = _package("kubernetes_validate") / _OBJECTS / f"{kind}.json"
    return [f"{thing['kind']} {thing['metadata']['name']}: {each.message}" for each in _of_objects(schema, thing)]


def compose_problems(composed: Object) -> list[str]:
    """What the compose specification says against a file."""
    validator = jsonschema_rs.validator_for(json.loads((_package("check_jsonschema") / _COMPOSE).read_text()))
    return [f"{'/'.join(map(str, each.instance_path))}: {each.message}" for each in validator.iter_errors(composed)]


def _of_objects(schema: Path, thing: Object) -> Iterator[jsonschema_rs.ValidationError]:
    return _validator(schema).iter_errors(thing)


@cache
def _validator(schema: Path) -> Any:
    """Each schema names itself by an address, and its neighbours as beside that: they are files of one folder."""
    read = cache(lambda address: json.loads((schema.parent / address.rpartition("/")[2]).read_text()))
    return jsonschema_rs.validator_for(read(schema.name), retriever=read)


def _package(name: str) -> Path:
    """The folder of a package that is read as files alone."""
    found = find_spec(name)
    assert found is not None, f"{name} is not installed: deploy/requirements-spec.txt"
    assert found.origin is not None
    return Path(found.origin).parent
