"""What is in a PDF, as others find it: its words, its hidden parts, and whether it keeps to PDF/UA-1."""

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pypdfium2
import pypdfium2.raw as raw
from page import ValidationProfile, validate_pdf_bytes


def words_of(pdf: bytes) -> str:
    """The text that a search finds, page by page, each on one line."""
    return "\n".join(pages_of(pdf))


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, on one line, without the places to break in long words."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        found = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    return [" ".join(text.replace("\u200b", "").replace("\ufffe", "").split()) for text in found]


def about(pdf: bytes) -> dict[str, str]:
    """What the document says of itself: title, author."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return dict(document.get_metadata_dict())
    finally:
        document.close()


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """The fonts that its text is set in, and whether each of them travels in it."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        fonts = [each.get_font() for page in document for each in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])]
        return {font.get_base_name(): font.is_embedded for font in fonts}


def pictures_of(pdf: bytes) -> Counter[int]:
    """How many things it draws, by what they are: text, path, image."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return Counter(each.type for page in document for each in page.get_objects())


def faults_of(pdf: bytes) -> list[str]:
    """The rules of PDF/UA-1 that it breaks, as a checker finds that is not the one who made it."""
    report = validate_pdf_bytes(pdf, profile=ValidationProfile.PDF_UA_1)
    return [failure.rule_id for failure in report.failures]


def holds(pdf: bytes, marker: str) -> bool:
    """Whether a marker in plain letters stands anywhere in it: on a page, or in what is only listened to."""
    wanted = (marker.encode(), marker.encode("utf-16-be"), marker.encode("utf-16-be").hex().upper().encode())
    parts = [words_of(pdf).encode(), *_parts(pdf)]
    return any(each in part for part in parts for each in wanted)


def _parts(pdf: bytes) -> Iterator[bytes]:
    yield pdf
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(stream)
        except zlib.error:
            yield stream
