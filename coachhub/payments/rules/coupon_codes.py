"""How a coupon's code is written: people type it from a mail, a card or memory."""

import re
import unicodedata

LONGEST_CODE = 30
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,29}")


def tidy_code(text: str) -> str | None:
    """The code as it is kept: capital letters and digits of ASCII, and hyphens; None for what can be no code.

    Small letters, full-width ones and spaces between are the same code.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split())
    return plain if _CODE.fullmatch(plain) else None
