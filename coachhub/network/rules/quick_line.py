"""One line about a friend, read kindly: "Dan Dorsey, Acme, mentor"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from coachhub.network.rules.friendship import Kind

_COMMA = re.compile(r"\s*[,;\t\u060c\u061b\u3001\uff0c\uff1b]\s*")
_ADDRESS = re.compile(r"<?([^\s<>@,;]+@[^\s<>@,;]+\.[^\s<>@,;]+)>?")
_OF_PLACE = re.compile(r"\s+(?:at|from|of|@)\s+|\s*\(\s*", re.IGNORECASE)
_LEADING = re.compile(r"^(?:(?:my|a|an|the|our|ex|old|former|was)[\s-]+)+", re.IGNORECASE)

_WORDS: dict[Kind, str] = {
    Kind.COLLEAGUE: "colleague coworker co-worker peer teammate team-mate workmate friend worked-together",
    Kind.MANAGER: "manager boss supervisor line-manager team-lead lead",
    Kind.REPORT: "report direct-report reported-to-me intern trainee team-member",
    Kind.MENTOR: "mentor advisor adviser teacher professor sponsor",
    Kind.EXECUTIVE: "executive exec director founder ceo cto cfo coo president vp partner",
    Kind.CUSTOMER: "customer client buyer",
    Kind.CLASSMATE: "classmate schoolmate fellow-student university college studied-together alumnus alumna alum",
}
_KINDS = {word.replace("-", " "): kind for kind, words in _WORDS.items() for word in words.split()}
_IS_A_TITLE = {"director", "founder", "ceo", "cto", "cfo", "coo", "president", "vp", "professor", "partner"}


@dataclass(frozen=True, slots=True)
class QuickLine:
    """What a line says. `kind` is None where it says none; `title` only where the word for the kind is one."""

    name: str
    company: str = ""
    kind: Kind | None = None
    title: str = ""
    email: str = ""


def read_quick_line(line: str, words: Mapping[str, Kind] | None = None) -> QuickLine:
    """Name, company and kind, between commas of any script; the order after the name does not matter.

    `words` are more words for kinds, in the reader's language. "Dan at Acme" and "Dan (Acme)" say the company, too;
    what is not understood stays with the company, so that nothing is lost. The name is empty where there is none.
    """
    address = _ADDRESS.search(line)
    rest = line.replace(address[0], " ") if address else line
    name, *parts = [" ".join(part.split()) for part in _COMMA.split(rest.strip())]
    more = {_plain(word): kind for word, kind in (words or {}).items()}
    kinds = [(part, kind) for part in parts if (kind := _kind_of(part, more)) is not None]
    said, kind = kinds[0] if kinds else ("", None)
    company = ", ".join(part for part in parts if part and part != said)  # Acme, Inc. is one company
    if not company:
        name, company = _name_and_place(name)
    title = said if _plain(said) in _IS_A_TITLE else ""
    return QuickLine(name, company, kind, title, address[1] if address else "")


def _kind_of(part: str, more: Mapping[str, Kind]) -> Kind | None:
    plain = _plain(part)
    return more.get(plain) or _KINDS.get(plain)


def _plain(part: str) -> str:
    return _LEADING.sub("", part.strip()).replace("-", " ").strip(" .").casefold()


def _name_and_place(name: str) -> tuple[str, str]:
    found = _OF_PLACE.search(name)
    if found is None or not found.start():
        return name, ""
    return name[: found.start()], name[found.end() :].rstrip(") ")
