"""PDF documents, and pictures: a template of ours under `templates/report/`, and what it says, as JSON.

What it says never becomes source, so nothing that anybody typed can be read as markup. Fonts are ours alone: the same
document looks the same on every machine. They are loaded once in each process, at its first document.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from typing import Any

import structlog

from coachhub.platform.web import templates_folder

log = structlog.get_logger(__name__)

_FONTS = ("manimgx_fonts", "manimgx_fonts_cjk", "fontpkg_amiri")
_FOR_EVERYBODY = "ua-1"
_TWO_A_POINT = 144.0
_LETTER = ("US", "CA", "MX", "CL", "CO", "PH")
# Control characters other than tab and line end, and what Unicode says is no character: no font has a sign for them.
_SILENT = dict.fromkeys({*range(32), *range(0x7F, 0xA0), 0xFEFF, 0xFFFE, 0xFFFF} - {9, 10})

_MAY_BE_SILENT = re.compile("[\x7f-\x9f\ufeff\ufffe\uffff]|\\\\[bfr]|\\\\u00[01]")


@dataclass(frozen=True, slots=True)
class Printed:
    """A document. `is_accessible`: it keeps to PDF/UA-1; a sign that is in none of our fonts is against that."""

    pdf: bytes
    is_accessible: bool


def typeset(template: str, said: Mapping[str, object], at: datetime) -> Printed:
    """The document as PDF, tagged for those who listen to it (PDF/UA-1); `at` is when it says it was made.

    A sign that is in none of our fonts is against that standard: then it is made without, which is noted.
    """
    import typst

    words = _as_json(said)
    try:
        return Printed(_compiled(template, words, at, _FOR_EVERYBODY), is_accessible=True)
    except typst.TypstError as error:
        log.warning("pdf_without_standard", template=template, trouble=_without_words(error))
        return Printed(_compiled(template, words, at), is_accessible=False)


def draw(template: str, said: Mapping[str, object]) -> bytes:
    """The one page of a template as a PNG picture, two pixels a point."""
    import typst

    folder = templates_folder() / "report"
    made = typst.compile(
        folder / template,
        root=folder,
        font_paths=fonts(),
        format="png",
        ppi=_TWO_A_POINT,
        sys_inputs={"said": _as_json(said)},
    )
    if not isinstance(made, bytes):
        raise TypeError("a picture is one page")
    return made


def paper_in(territory: str | None) -> str:
    """The paper that printers of a country hold; `GB`, or None where nobody knows."""
    return "us-letter" if territory in _LETTER else "a4"


def _without_words(error: Exception) -> str:
    """What Typst complains of; what stands in backticks may be somebody's own words, which no log keeps."""
    return "".join(str(error)[:300].split("`")[::2])


def _as_json(said: Mapping[str, object]) -> str:
    """Without what no font can show; few documents have any of it, and the whole of them is looked at in one go."""
    words = json.dumps(said, ensure_ascii=False)
    return json.dumps(_legible(said), ensure_ascii=False) if _MAY_BE_SILENT.search(words) else words


def _legible(said: object) -> object:
    """The same without what no font can show."""
    if isinstance(said, str):
        return said.translate(_SILENT)
    if isinstance(said, Mapping):
        return {name: _legible(value) for name, value in said.items()}
    return [_legible(each) for each in said] if isinstance(said, Sequence) else said


def _compiled(template: str, words: str, at: datetime, *standards: Any) -> bytes:
    import typst

    folder = templates_folder() / "report"
    made = typst.compile(
        folder / template,
        root=folder,
        font_paths=fonts(),
        format="pdf",
        sys_inputs={"said": words},
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
    fonts()


@cache
def fonts() -> Any:
    """Ours and those that come with Typst; none of the machine's."""
    import typst

    found = [spec.submodule_search_locations for name in _FONTS if (spec := find_spec(name)) is not None]
    folders = [folder for locations in found for folder in locations or ()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)
