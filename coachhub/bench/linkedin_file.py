"""A `Connections.csv` as LinkedIn exports it: a preamble, names in several scripts, commas, few addresses."""

import csv
import io
import random
from datetime import date, timedelta

from coachhub.demo import people

HEADER = ("First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On")
PREAMBLE = (
    "Notes:\n"
    '"When exporting your connection data, you may notice that some of the email addresses are missing. You will only '
    'see email addresses for connections who have allowed their connections to see or download their email address."\n'
    "\n"
)
_MORE_GIVEN = ("Zoë", "José", "Łukasz", "Siobhán", "Chloé", "伟", "さくら", "ليلى", "Наталія", "Γιώργος")
_TRADES = (
    "Logistics", "Design", "Bank", "Labs", "Foods", "Energy", "Media", "Software", "Health", "Travel", "Insurance",
    "Robotics", "Publishing", "Textiles", "Consulting", "Shipping", "Films", "Optics", "Paper", "Bikes",
)  # fmt: skip
_ENDINGS = ("", "", "", " GmbH", " Ltd", ", Inc.", " & Co", " B.V.")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIRST, _DAYS = date(2008, 1, 1), 6500


def linkedin_file(rows: int) -> bytes:
    """So many connections, every one of them somebody else; the same file each time."""
    chance = random.Random(30)  # noqa: S311 (a story, not a secret)
    written = io.StringIO(newline="")
    written.write(PREAMBLE)
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(HEADER)
    lines.writerows(_row(chance, number) for number in range(rows))
    return written.getvalue().encode()


def _row(chance: random.Random, number: int) -> tuple[str, ...]:
    given = chance.choice(_MORE_GIVEN if number % 7 == 0 else people.GIVEN)
    family = chance.choice(people.FAMILY)
    titles = people.TITLES[chance.choice(people.KINDS)]
    company = f"{chance.choice(people.FAMILY)} {chance.choice(_TRADES)}{chance.choice(_ENDINGS)}"
    on = _FIRST + timedelta(days=chance.randrange(_DAYS))
    return (
        given,
        family,
        f"https://www.linkedin.com/in/{family.lower()}-{number:x}-{chance.getrandbits(24):06x}",
        f"{family.lower()}.{number}@mail.example" if number % 30 == 0 else "",
        company if number % 40 else "",
        chance.choice(titles),
        f"{on.day:02} {_MONTHS[on.month - 1]} {on.year}",
    )
