"""Days as programs and people write them into files."""

import re
from datetime import date

FIRST_YEAR, LAST_YEAR = 1940, 2100
_CENTURY_TURNS = 70  # `69` is 2069, `70` is 1970: as POSIX has it

_MONTHS = (  # English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish and Danish, Polish
    "jan january januar jänner janvier janv enero ene gennaio gen janeiro januari styczeń stycznia sty",
    "feb february februar février févr fév fevrier febrero febbraio fevereiro fev februari luty lutego lut",
    "mar march märz mär mrz mars marzo março maart mrt marts marzec marca",
    "apr april avril avr abril abr aprile kwiecień kwietnia kwi",
    "may mai mayo maggio mag maio mei maj maja",
    "jun june juni juin junio giugno giu junho czerwiec czerwca cze",
    "jul july juli juillet juil julio luglio lug julho lipiec lipca lip",
    "aug august août aout agosto ago augustus augusti sierpień sierpnia sie",
    "sep sept september septembre septiembre settembre set setembro wrzesień września wrz",
    "oct october oktober okt octobre octubre ottobre ott outubro out październik października paź",
    "nov november novembre noviembre novembro listopad listopada lis",
    "dec december dezember dez décembre déc decembre diciembre dic dicembre dezembro grudzień grudnia gru",
)
_MONTH_OF = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}

_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[t ].*)?")
_NAMED = re.compile(
    r"(?:\w+,? )?(\d{1,2})(?:st|nd|rd|th)?[.\s/-]*(?:de |of )?([^\W\d]+)[.,]?[\s/-]*(?:de |of )?(\d{4}|\d\d)"
)
_NAMED_FIRST = re.compile(r"(?:\w+, )?([^\W\d]+)\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(\d{4}|\d\d)")
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d\d)")
_NUMBERS = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4}|\d\d)")
_LONGEST = 40


def written_date(text: str) -> date | None:
    """`26 Jul 2025`, `7-Feb-22`, `2025-07-26`, `26.7.2025`, `7/26/2025`; None where it could be two days, or none.

    Of two numbers and a year, the one over 12 is the day; `03/04/2025` stays unknown, and so does `22/07/25`, which
    may begin with its year.
    """
    words = text.lower().split()
    if len(words) == 3 and (month := _MONTH_OF.get(words[1])) and words[0].isdecimal() and words[2].isdecimal():
        return _day(words[2], month, words[0])
    text = " ".join(words)
    if len(text) > _LONGEST:
        return None
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(*found.groups())
    if (found := _NAMED_FIRST.fullmatch(text)) and found[1] in _MONTH_OF:
        return _day(found[3], _MONTH_OF[found[1]], found[2])
    if (found := _NAMED.fullmatch(text)) and found[2] in _MONTH_OF:
        return _day(found[3], _MONTH_OF[found[2]], found[1])
    if found := _DOTTED.fullmatch(text):
        return _day(found[3], found[2], found[1])
    if found := _NUMBERS.fullmatch(text):
        return _by_size(int(found[1]), int(found[3]), found[4])
    return None


def _by_size(first: int, second: int, year: str) -> date | None:
    if second > 12 or first == second:
        return _day(year, first, second)
    return _day(year, second, first) if first > 12 and len(year) == 4 else None


def _day(year: str, month: str | int, day: str | int) -> date | None:
    if len(year) not in (2, 4):
        return None
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= _CENTURY_TURNS else 2000
    if not FIRST_YEAR <= number <= LAST_YEAR:
        return None
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None
