"""PDF documents, and pictures: a template of ours under `templates/report/`, and what it says, as JSON.

What it says never becomes source, so nothing that anybody typed can be read as markup. Fonts are ours alone: the same
document looks the same on every machine. They are loaded once in each process, at its first document.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from typing import Any

import structlog

from coachhub.platform.web import templates_folder

log = structlog.get_logger(__name__)

_FONTS = ("manimgx_fonts", "manimgx_fonts_cjk")
_FOR_EVERYBODY = "ua-1"
_TWO_A_POINT = 144.0


def typeset(template: str, said: Mapping[str, object], at: datetime) -> bytes:
    """The document as PDF, tagged for those who listen to it (PDF/UA-1); `at` is when it says it was made.

    A sign that is in none of our fonts is against that standard: then it is made without, which is noted.
    """
    import typst

    try:
        return _compiled(template, said, at, _FOR_EVERYBODY)
    except typst.TypstError as error:
        log.warning("pdf_without_standard", template=template, trouble=str(error)[:300])
        return _compiled(template, said, at)


def draw(template: str, said: Mapping[str, object]) -> bytes:
    """The one page of a template as a PNG picture, two pixels a point."""
    import typst

    folder = templates_folder() / "report"
    made = typst.compile(
        folder / template,
        root=folder,
        font_paths=_fonts(),
        format="png",
        ppi=_TWO_A_POINT,
        sys_inputs={"said": json.dumps(said, ensure_ascii=False)},
    )
    if not isinstance(made, bytes):
        raise TypeError("a picture is one page")
    return made


def _compiled(template: str, said: Mapping[str, object], at: datetime, *standards: Any) -> bytes:
    import typst

    folder = templates_folder() / "report"
    made = typst.compile(
        folder / template,
        root=folder,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"said": json.dumps(said, ensure_ascii=False)},
        pdf_standards=list(standards),
        timestamp=int(at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def load_fonts() -> None:
    """Load the fonts, for every fork that comes. Nothing may be set before a fork: setting starts threads, no fork has
    them, and it would wait for them for ever.
    """
    _fonts()


@cache
def _fonts() -> Any:
    import typst

    found = [spec.submodule_search_locations for name in _FONTS if (spec := find_spec(name)) is not None]
    folders = [folder for locations in found for folder in locations or ()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)
