"""What import-linter cannot say: rules stand on the standard library, workers are named by text."""

import ast
import importlib
import sys
from pathlib import Path

from tests.fitness.source import imports, parsed

PURE = {"coachhub.platform.local_time", "coachhub.platform.texts"}


def test_it_keeps_rules_on_the_standard_library() -> None:
    strangers = [
        f"{path} imports {module}"
        for path, tree in parsed("coachhub")
        if path.name == "rules.py" or "rules" in path.parts
        for module in imports(tree)
        if not _is_pure(module)
    ]
    assert strangers == []


def _is_pure(module: str) -> bool:
    is_rule = module.startswith("coachhub.") and "rules" in module.split(".")
    return module.split(".")[0] in sys.stdlib_module_names or is_rule or module in PURE


def test_it_finds_every_job_that_is_named() -> None:
    named = {
        node.value
        for path, tree in parsed("coachhub", "workers")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("workers.jobs.")
    }
    assert named
    for name in sorted(named):
        module, _, function = name.rpartition(".")
        assert callable(getattr(importlib.import_module(module), function, None)), name


def test_it_imports_views_in_app_alone() -> None:
    strangers = [
        f"{path} imports {module}"
        for path, tree in parsed("coachhub", "workers")
        if path != Path("coachhub/app.py") and "views" not in path.parts
        for module in imports(tree)
        if "views" in module.split(".")
    ]
    assert strangers == []
