"""How the house looks at itself: its files, parsed once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from coachhub.platform.garbage import kept_for_good

ROOT = Path(__file__).resolve().parents[2]


def files(*folders: str) -> list[Path]:
    """Every Python file below the folders."""
    return sorted(path.relative_to(ROOT) for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def parsed(*folders: str) -> tuple[tuple[Path, ast.Module], ...]:
    """Every Python file below the folders, with its tree."""
    with kept_for_good():  # millions of nodes: to look through them for garbage takes longer than to parse them
        return tuple((path, _tree(path)) for path in files(*folders))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text())


def imports(tree: ast.Module) -> Iterator[str]:
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def texts(tree: ast.Module) -> Iterator[str]:
    """Every text that a file holds, statements for the database among them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines a function has, its decorators and its docstring left out."""
    first = node.body[0]
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    skipped = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (node.end_lineno or 0) - node.lineno + 1 - skipped
