"""Jinja's environment, with what every template may use in one plain mapping, and calls by a shorter way."""

import os
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from stat import S_IRWXG, S_IRWXO, S_ISDIR
from types import FunctionType, MethodType
from typing import Any

from flask.templating import Environment
from jinja2 import Environment as AnyEnvironment
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode

_PLAIN = (FunctionType, MethodType)


class TemplateContext(Context):
    """Jinja's, for which macros and plain functions are what is called nearly always: a page calls a hundred."""

    @internalcode
    def call(self, called: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """As Jinja calls: a macro is given how the page escapes, a function what it has asked for, which is rare."""
        is_macro = isinstance(called, Macro)
        if not is_macro and (type(called) not in _PLAIN or hasattr(called, "jinja_pass_arg")):
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        try:
            return called(self.eval_ctx, *args, **kwargs) if is_macro else called(*args, **kwargs)
        except StopIteration:
            return self.environment.undefined("value was undefined because a callable raised a StopIteration exception")


class TemplateEnvironment(Environment):
    """Flask's. Names for all templates are given before the first one is loaded: each takes them as they are then.

    Jinja would lay its mapping over ours so that later names are seen, too, and at each import it goes through all of
    them by hand, which for the four imports of a page takes a sixteenth of its time.
    """

    context_class = TemplateContext

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The names of one template: ours, and those that it is loaded with."""
        return {**self.globals, **(d or {})}


class _CompiledTemplates(FileSystemBytecodeCache):
    """Jinja's, which is none the worse where it cannot be written to."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, if there is room."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def keep_compiled(environment: AnyEnvironment, folder: Path) -> None:
    """Have the next process find in this folder what this one compiles: it takes a fifth of the time to load that.

    Jinja holds it against the template's text, its own version and Python's. Whoever may write there may have us run
    what they like, so it is a folder for ourselves alone; where there can be none, each process compiles for itself.
    """
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        if _is_ours_alone(folder):
            environment.bytecode_cache = _CompiledTemplates(str(folder))


def _is_ours_alone(folder: Path) -> bool:
    found = folder.lstat()
    return S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & (S_IRWXG | S_IRWXO)
