"""Files that are no list of people, told by how they begin."""

import re

from coachhub.network.service.imports.people import Problem, Unreadable

_BEGINNINGS: tuple[tuple[bytes, Problem], ...] = (
    (b"%PDF", Problem.PDF),
    (b"\x89PNG", Problem.PICTURE),
    (b"\xff\xd8\xff", Problem.PICTURE),
    (b"GIF8", Problem.PICTURE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Problem.SPREADSHEET),  # Excel before 2007
    (b"PK\x03\x04", Problem.WRONG_TYPE),  # in a zip already, or behind something else
    (b"\x1f\x8b", Problem.WRONG_TYPE),
    (b"Rar!", Problem.WRONG_TYPE),
    (b"7z\xbc\xaf\x27\x1c", Problem.WRONG_TYPE),
    (b"bplist00", Problem.WRONG_TYPE),
    (b"SQLite format 3", Problem.WRONG_TYPE),
    (b"{\\rtf", Problem.WRONG_TYPE),
    (b"\x7fELF", Problem.WRONG_TYPE),
)
_WEB_PAGE = re.compile(rb"\s*<(?:!doctype|html|head|body|table|\?xml|!--|meta|div|script)\b", re.IGNORECASE)
_JSON = re.compile(rb"""\s*(?:\{\s*["}]|\[\s*[\]{\["])""")
_PICTURE = re.compile(rb"RIFF....WEBP|....ftyp(?:heic|heix|mif1|avif)", re.DOTALL)


def refuse_wrong_type(head: bytes) -> None:
    """Raises Unreadable with what the file is, where its first bytes tell."""
    for beginning, problem in _BEGINNINGS:
        if head.startswith(beginning):
            raise Unreadable(problem)
    if _PICTURE.match(head):
        raise Unreadable(Problem.PICTURE)
    text = head.removeprefix(b"\xef\xbb\xbf")
    if _WEB_PAGE.match(text):
        raise Unreadable(Problem.WEB_PAGE)
    if _JSON.match(text):
        raise Unreadable(Problem.JSON)
