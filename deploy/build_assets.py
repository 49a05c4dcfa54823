"""Build hook: bring htmx out of the django-htmx wheel into our static folder, for wheels and editable installs.

So the file is pinned like any other requirement and never copied into the repository by hand.
"""

import importlib.util
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SOURCE = Path("static", "django_htmx", "htmx-2.min.js")
_TARGET = Path("coachhub", "static", "vendor", "htmx.min.js")


class BuildAssets(BuildHookInterface[Any]):
    """Named in pyproject.toml; hatchling runs it before each build."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Copy the file. `version` is "editable" or "standard"; both need it."""
        found = importlib.util.find_spec("django_htmx")
        if found is None or found.origin is None:
            raise RuntimeError("django-htmx is missing from build-system.requires in pyproject.toml")
        target = Path(self.root) / _TARGET
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(found.origin).parent / _SOURCE, target)
