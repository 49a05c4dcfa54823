"""Functions without their docstrings: what they do stays as it is."""

import subprocess
import sys
from types import ModuleType

from coachhub.platform.config import ROOT
from coachhub.platform.wordless import without_docstrings

_SOURCE = '''
"""Of the module."""

def plain(asked=1):
    """Says what."""
    return asked, "said"

def same():
    """said"""
    return "said"

def silent():
    return "said"

class Kept:
    """Of the class."""

    def inside(self):
        """Deep."""
        def deeper():
            """Deeper."""
            return [each for each in ("said",)]
        return deeper
'''


def test_it_takes_docstrings_out_of_functions_and_leaves_all_else() -> None:
    module = ModuleType("made")
    exec(without_docstrings(compile(_SOURCE, "made.py", "exec")), vars(module))  # noqa: S102 (ours, above)
    functions = [module.plain, module.Kept.inside, module.Kept().inside()]
    assert [each.__doc__ for each in functions] == ["-"] * 3
    assert module.plain() == (1, "said")
    assert (module.same(), module.silent(), module.Kept().inside()()) == ("said", "said", ["said"])
    assert module.silent.__doc__ is None
    assert (module.__doc__, module.Kept.__doc__) == ("Of the module.", "Of the class.")


def test_it_leaves_code_as_it_is_where_there_are_none() -> None:
    code = compile("def silent():\n    return 'said'", "made.py", "exec")
    assert without_docstrings(code) is code


def test_it_loads_what_is_imported_afterwards_so() -> None:
    told = subprocess.run(
        [
            *(sys.executable, "-c"),
            "from coachhub.platform.wordless import load_without_docstrings as load; load()\n"
            "import flask, sqlalchemy.orm; print(flask.Flask.route.__doc__, flask.Flask.run.__doc__)",
        ],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert told.stdout.split() == [b"-", b"-"]
