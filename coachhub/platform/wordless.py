"""Python's files without the docstrings of their functions, four megabytes that nobody reads in a server.

`python -OO` leaves them out as well, but of compiled files of its own, which would have to be made of every library
wherever we are installed. This takes them out of the ordinary ones as they are loaded, in a tenth of a second.
"""

import sys
from dis import hasconst
from importlib.machinery import EXTENSION_SUFFIXES, SOURCE_SUFFIXES, ExtensionFileLoader, FileFinder, SourceFileLoader
from operator import is_
from types import CodeType

_INSTEAD = "-"
"""SQLAlchemy insists on some."""
_LOADS_THE_FIRST = tuple(bytes((instruction, 0)) for instruction in hasconst)


class _WordlessLoader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType | None:
        code = super().get_code(fullname)
        return code and without_docstrings(code)


def load_without_docstrings() -> None:
    """Have whatever this process imports from here on loaded so."""
    loaders = (ExtensionFileLoader, EXTENSION_SUFFIXES), (_WordlessLoader, SOURCE_SUFFIXES)
    sys.path_hooks.insert(0, FileFinder.path_hook(*loaders))
    sys.path_importer_cache.clear()


def without_docstrings(code: CodeType) -> CodeType:
    """The same code, and all that is defined in it."""
    found = code.co_consts
    kept = tuple([without_docstrings(each) if isinstance(each, CodeType) else each for each in found])
    if found and isinstance(found[0], str) and not _is_loaded(code):
        kept = (_INSTEAD, *kept[1:])
    return code if all(map(is_, kept, found)) else code.replace(co_consts=kept)


def _is_loaded(code: CodeType) -> bool:
    """Whether an instruction may need the first constant: a docstring stands there for the function alone."""
    instructions = code.co_code
    return any(each in instructions for each in _LOADS_THE_FIRST)
