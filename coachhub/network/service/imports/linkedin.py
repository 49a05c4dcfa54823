"""LinkedIn's `Connections.csv`: a few lines of notes, a header somewhere, one connection a line.

Thirty thousand of them are read in little more than the time that the csv module needs: a line in plain letters, which
nearly all are, is looked at as a whole. Everything else goes the careful way.
"""

from collections.abc import Iterator
from operator import itemgetter
from unicodedata import is_normalized

from coachhub.network.rules.profiles import normalised_profile
from coachhub.network.service.imports.assembling import (
    FAMILY_FIRST_FROM,
    PLAIN_ADDRESS,
    Assembly,
    Written,
    quoted,
    spoken_name,
)
from coachhub.network.service.imports.headings import columns_of
from coachhub.network.service.imports.people import LONGEST_NAME, Column, LeftOut, Person, Reason
from coachhub.network.service.imports.tables import Header, Table, evened, quotations_that_end

_FIELDS = (
    Column.FIRST_NAME,
    Column.LAST_NAME,
    Column.PROFILE,
    Column.EMAIL,
    Column.COMPANY,
    Column.TITLE,
    Column.KNOWN_SINCE,
)
_NAMED = {Column.FIRST_NAME, Column.LAST_NAME}
_NONE = "`"  # stands in nobody's name
_make = tuple.__new__  # half the time of Person(...)


def is_linkedin(header: Header) -> bool:
    """Whether these headings are LinkedIn's: names and "Connected On", or all but that, and nothing beyond."""
    found = columns_of(header).keys()
    return found <= set(_FIELDS) and (
        found >= {*_NAMED, Column.KNOWN_SINCE} or found >= {*_NAMED, Column.PROFILE, Column.COMPANY, Column.TITLE}
    )


def connections(table: Table) -> Iterator[Person | LeftOut]:
    """The people of a table under LinkedIn's header. Members without a name, whom LinkedIn hides, are left out."""
    with quotations_that_end():
        yield from _connections(table)


def _connections(table: Table) -> Iterator[Person | LeftOut]:
    places = columns_of(table.headings())
    cells_of = itemgetter(*(places.get(field, -1) for field in _FIELDS))
    width, lacks_columns = len(table.header), len(places) < len(_FIELDS)
    assembly = Assembly()
    seen, days = assembly.profiles, assembly.days
    begins = table.above + 1
    reader = table.reader()  # `table.rows` would cost a tenth more
    for row in reader:
        line, begins = begins, table.above + reader.line_num + 1
        if len(row) != width and not evened(row, width):
            yield LeftOut(line, Reason.ODD_CELLS, quoted(row))
            continue
        if lacks_columns:
            row.append("")  # the last place, -1, is where a column that is missing is looked for
        first, last, url, email, company, title, since = cells_of(row)
        name = f"{first} {last}"
        whole = f"{name} {company or _NONE} {title or _NONE} {_NONE}"
        if (  # nothing in it needs care
            "  " not in whole
            and whole.isprintable()
            and (whole.isascii() or (name < FAMILY_FIRST_FROM and is_normalized("NFC", whole)))
            and len(whole) <= LONGEST_NAME
            and name[0].isalnum()
            and (known := days.get(since) or assembly.day(since))
            and (not email or PLAIN_ADDRESS.fullmatch(email))
        ):
            profile = normalised_profile(url)
            person = _make(Person, (line, name, company, title, email.lower(), "", "", profile, known, "", False, None))
            if profile and not email and profile not in seen:
                seen[profile] = line
                yield person
            else:
                yield assembly.once(person)
        elif any(map(str.strip, row)):
            yield assembly.person(
                Written(
                    line, spoken_name(first.strip(), last.strip()), company, title, (email,), profile=url, since=since
                )
            )
