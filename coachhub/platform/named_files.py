"""Files that a browser keeps or shows under a name in any script."""

import unicodedata
from urllib.parse import quote

from flask import Response

_FORBIDDEN = frozenset('<>:"/\\|?*')
_LONGEST = 180
"""In bytes, which leaves room below the 255 of most file systems for an ending and a number."""
SHOWN_BY_US = "frame-ancestors 'self'"
"""The policy of a document that a page of ours shows in a frame. A PDF loads nothing."""


def safe_file_name(words: str) -> str:
    """Words as the name of a file, without an ending, as every system takes it: no path, nothing unseen, not long."""
    shown = "".join(" " if _is_unfit(letter) else letter for letter in unicodedata.normalize("NFC", words))
    short = " ".join(shown.split()).encode()[:_LONGEST].decode(errors="ignore")
    return short.strip(" .") or "file"


def _is_unfit(letter: str) -> bool:
    return letter in _FORBIDDEN or unicodedata.category(letter)[0] in "CZ"


def named_file(content: bytes, file_name: str, content_type: str, *, is_shown: bool = False) -> Response:
    """An answer that the browser keeps as a file, or shows; `file_name` may be in any script."""
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": disposition("inline" if is_shown else "attachment", file_name),
        "Content-Security-Policy": SHOWN_BY_US,
    }
    return Response(content, headers=headers)


def disposition(how: str, file_name: str) -> str:
    """The header that names a file (RFC 6266): for old browsers without the letters that are not ASCII."""
    plain = unicodedata.normalize("NFKD", file_name).encode("ascii", "ignore").decode()
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
