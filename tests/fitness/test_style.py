"""The size and shape that keep the house readable; each failure prints the offender."""

import ast
import re
import statistics
from pathlib import Path

from tests.fitness.source import ROOT, files, functions, imports, lines_of, parsed

OURS = ("coachhub", "workers", "migrations")
ONE_FILE_EACH = {
    "opentelemetry": "coachhub/platform/tracing.py",
    "rq": "coachhub/platform/jobs.py",
    "sendgrid": "coachhub/platform/sendgrid_mailer.py",
    "sentry_sdk": "coachhub/platform/error_reports.py",
    "stripe": "coachhub/payments/stripe_gateway.py",
}
CLOCKS = {"now", "utcnow", "today", "time", "time_ns"}
RESERVED_NAMES = {"utils", "helpers", "common", "manager", "utilities", "misc"}


def test_it_keeps_functions_short() -> None:
    sizes = [
        (lines_of(node), f"{path}:{node.lineno} {node.name}")
        for path, tree in parsed("coachhub", "workers")
        for node in functions(tree)
    ]
    assert [name for size, name in sizes if size > 50] == []
    assert statistics.median(size for size, _ in sizes) <= 10


def test_it_keeps_files_short() -> None:
    long = [str(path) for path in files(*OURS, "tests") if len((ROOT / path).read_text().splitlines()) > 400]
    assert long == []


def test_it_keeps_handlers_and_jobs_short() -> None:
    long = [
        f"{path}:{node.lineno} {node.name} ({lines_of(node)})"
        for path, tree in parsed("coachhub", "workers")
        for node in functions(tree)
        if lines_of(node) > _limit(path, node)
    ]
    assert long == []


def _limit(path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    if path == Path("workers/jobs.py"):
        return 12
    is_handler = "views" in path.parts or path.name == "views.py"
    return 20 if is_handler and node.decorator_list else 50


def test_it_keeps_templates_short() -> None:
    long = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.*")
        if len(path.read_text().splitlines()) > 120
    ]
    assert long == []


def test_it_reads_the_clock_in_one_file() -> None:
    readers = [
        f"{path}:{node.lineno}"
        for path, tree in parsed("coachhub", "workers")
        if path != Path("coachhub/platform/clock.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _reads_clock(node.func)
    ]
    assert readers == []


def _reads_clock(function: ast.expr) -> bool:
    if not isinstance(function, ast.Attribute) or function.attr not in CLOCKS:
        return False
    owner = function.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return name in {"datetime", "date", "time", "func"}


def test_it_commits_in_one_file() -> None:
    committers = {
        str(path)
        for path, tree in parsed("coachhub", "workers")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    }
    assert committers == {"coachhub/platform/tenancy.py"}


def test_it_knows_each_vendor_in_one_file() -> None:
    strangers = [
        f"{path} imports {module}"
        for path, tree in parsed("coachhub", "workers")
        for module in imports(tree)
        if (home := ONE_FILE_EACH.get(module.split(".")[0])) and str(path) != home
    ]
    assert strangers == []


def test_it_names_no_room_after_nothing() -> None:
    vague = [str(path) for path in files(*OURS, "tests") if path.stem in RESERVED_NAMES]
    assert vague == []


def test_it_writes_docstrings_on_what_others_use() -> None:
    bare = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in parsed("coachhub", "workers")
        if "views" not in path.parts and path.name not in ("views.py", "forms.py")
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not _is_handler(node)
    ]
    assert bare == []


def _is_handler(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """Routes and commands say what they are in their decorator."""
    return any(isinstance(found, ast.Call) for found in node.decorator_list)


def test_it_leaves_nothing_for_later() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    left = [str(path) for path in files(*OURS) if marks.search((ROOT / path).read_text())]
    assert left == []
