"""From what is written of somebody to a person: cleaned, of bearable lengths, and each only once a file."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from coachhub.network.rules.profiles import normalised_profile
from coachhub.network.rules.written_dates import written_date
from coachhub.network.service.channels import is_dialable
from coachhub.network.service.imports.people import (
    LONGEST_NAME,
    LONGEST_NOTES,
    LONGEST_PHONE,
    LONGEST_QUOTE,
    LeftOut,
    Person,
    Reason,
)
from coachhub.platform.addresses import good_address
from coachhub.platform.texts import one_line

_WORD = r"[a-z0-9](?:[a-z0-9]|-(?!-)){0,60}[a-z0-9]|[a-z0-9]"
PLAIN_ADDRESS = re.compile(
    rf"(?=.{{1,64}}@)(?=.{{3,254}}\Z)[\w!#$%&'*+/=?^`{{|}}~-]+(?:\.[\w!#$%&'*+/=?^`{{|}}~-]+)*@(?:(?:{_WORD})\.)+[a-z]{{2,60}}",
    re.ASCII | re.IGNORECASE,
)
_BRACKETED = re.compile(r"[^<>]*<([^<>]+)>\s*")
FAMILY_FIRST_FROM = "\u1100"  # no letter before it is written so
_FAMILY_FIRST = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_MOST_TRIED = 20  # addresses of one person
_FORMULA = re.compile(r"=|[-+@][^\s].*[(|!]|[-+@]\d.*[-+*/]", re.DOTALL)


@dataclass(slots=True)
class Written:
    """What a line says of somebody, as it stands there. Of several texts the first that serves is taken."""

    line: int
    name: str
    company: str = ""
    title: str = ""
    emails: Iterable[str] = ()
    phones: Iterable[str] = ()
    city: str = ""
    profile: str = ""
    since: str = ""
    notes: str = ""
    is_other: bool = False


class Assembly:
    """Makes the people of one file, and knows who has been there: by profile, or by e-mail address."""

    def __init__(self) -> None:
        self.profiles: dict[str, int] = {}
        self.days: dict[str, date | None] = {"": None}
        self._emails: dict[str, int] = {}  # the line, negative for somebody with a profile

    def person(self, written: Written) -> Person | LeftOut:
        """The person, or why there is none."""
        person = assembled(written, self.day(written.since))
        return self.once(person) if isinstance(person, Person) else person

    def day(self, text: str) -> date | None:
        """The day as written, found again in `days`: thousands of people share a few thousand days."""
        if text not in self.days:
            self.days[text] = written_date(text)
        return self.days[text]

    def once(self, person: Person) -> Person | LeftOut:
        """The person, unless the file has named them before. Two profiles are two people, also at one address."""
        line, profile, email = person.line, person.profile, person.email
        earlier = self.profiles.setdefault(profile, line) if profile else line
        if email and earlier == line:
            before = self._emails.setdefault(email, -line if profile else line)
            if before > 0 or not profile:
                earlier = abs(before)
        if earlier == line:
            return person
        return LeftOut(line, Reason.SAME_PERSON, quoted((person.name, person.company, email)), earlier)


def assembled(written: Written, since: date | None) -> Person | LeftOut:
    """What is written of somebody, tidied; or why it makes no person."""
    name = tidy(written.name)
    if reason := _no_name(name):
        return LeftOut(written.line, reason, _quoted(written))
    email, email_remark = first_address(written.emails)
    texts = (tidy(written.company), tidy(written.title), tidy(written.city))
    remarks = (
        Reason.DATE_UNCLEAR if since is None and written.since.strip() else None,
        email_remark,
        Reason.SHORTENED if max(map(len, texts)) > LONGEST_NAME or len(written.notes) > LONGEST_NOTES else None,
    )
    company, title, city = (text[:LONGEST_NAME].rstrip() for text in texts)
    return Person(
        written.line,
        name,
        company,
        title,
        email,
        _first_phone(written.phones),
        city,
        normalised_profile(written.profile) if written.profile else "",
        since,
        several_lines(written.notes) if written.notes else "",
        written.is_other,
        next((remark for remark in remarks if remark), None),
    )


def spoken_name(given: str, family: str) -> str:
    """Both names as they are spoken: the family's first, and no space, where Chinese, Japanese or Korean write them."""
    if _FAMILY_FIRST.fullmatch(given) and _FAMILY_FIRST.fullmatch(family):
        return f"{family}{given}"
    return f"{given} {family}".strip()


def tidy(text: str) -> str:
    """`one_line`, quickly where there is nothing to do."""
    if text.isprintable() and text.isascii() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    return one_line(text)


def several_lines(text: str) -> str:
    """The text of notes, each line tidied, 4,000 characters at most."""
    lines = (tidy(line) for line in text[: 2 * LONGEST_NOTES].splitlines())
    return "\n".join(lines).strip()[:LONGEST_NOTES].rstrip()


def first_address(texts: Iterable[str]) -> tuple[str, Reason | None]:
    """The first good address in lower case; a remark where something stood there and nothing was one."""
    remark = None
    for text in islice(texts, _MOST_TRIED):
        if PLAIN_ADDRESS.fullmatch(text):
            return text.lower(), None
        if stripped := text.strip().removeprefix("mailto:"):
            bracketed = _BRACKETED.fullmatch(stripped)
            if address := good_address(bracketed[1] if bracketed else stripped):
                return address, None
            remark = Reason.ADDRESS_UNCLEAR
    return "", remark


def is_formula(name: str) -> bool:
    """Whether a spreadsheet would execute it, and nobody is called so. `- Dan` and `@dan` are only odd."""
    return _FORMULA.match(name) is not None


def quoted(parts: Iterable[str]) -> str:
    """What stood in a line, for the list of lines that were not taken."""
    return one_line(", ".join(filter(None, map(str.strip, parts))))[:LONGEST_QUOTE]


def _quoted(written: Written) -> str:
    return quoted(
        (written.name, written.company, written.title, *written.emails, *written.phones, written.profile, written.since)
    )


def _no_name(name: str) -> Reason | None:
    if not any(map(str.isalnum, name)) or PLAIN_ADDRESS.fullmatch(name):
        return Reason.NO_NAME
    if is_formula(name):
        return Reason.FORMULA
    return Reason.NAME_TOO_LONG if len(name) > LONGEST_NAME else None


def _first_phone(texts: Iterable[str]) -> str:
    numbers = (tidy(text.removeprefix("tel:")) for text in texts if text)
    return next((number for number in numbers if len(number) <= LONGEST_PHONE and is_dialable(number)), "")
