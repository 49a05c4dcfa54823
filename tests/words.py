"""Whole words, for tests that look for a short name: three letters in a row may stand in a token by chance."""

import re


def words_of(text: str) -> set[str]:
    """Every word of a page or a mail, its addresses and tags included."""
    return set(re.findall(r"\w+", text))
