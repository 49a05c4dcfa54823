"""How a friend is addressed, in any script."""

import re

_TITLES = {"dr", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "sir", "dame", "herr", "frau"}
_FAMILY_NAME_FIRST = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def first_name(name: str) -> str:
    """What to call a friend in a greeting: the given name, without a title.

    "Dorsey, Dan" is Dan. Chinese, Japanese and Korean names stay whole: which part is given is not to be guessed.
    """
    if _FAMILY_NAME_FIRST.search(name):
        return name
    family, comma, given = name.partition(",")
    words = [word for word in (given if comma and given.strip() else family).split() if not _is_title(word)]
    return words[0] if words else name


def _is_title(word: str) -> bool:
    return word.rstrip(".").casefold() in _TITLES
