"""What every document has around its words: language, paper, colour, the practice at the top, the line at the foot."""

import base64
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _

from coachhub.platform.brand_colour import ink_of
from coachhub.platform.language import direction
from coachhub.platform.long_words import breakable
from coachhub.platform.pictures import Picture
from coachhub.platform.texts import is_right_to_left, one_line
from coachhub.platform.typeset import paper_in
from coachhub.reports.documents.facts import Whose

_ISOLATE, _END = "\u2068", "\u2069"
_KANA, _HANGUL = re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]"), re.compile("[\u1100-\u11ff\uac00-\ud7ff]")
_TAIWAN = ("TW", "HK", "MO")
# Languages whose letters have a serif among our fonts; all others are set in a sans throughout.
_SERIF = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "nn", "no", "fi", "is", "pl", "cs", "sk", "hu", "ro"),
    *(
        "hr",
        "sl",
        "et",
        "lv",
        "lt",
        "tr",
        "ca",
        "eu",
        "gl",
        "ga",
        "cy",
        "el",
        "ru",
        "uk",
        "bg",
        "sr",
        "mk",
        "be",
        "id",
        "ar",
        "fa",
        "ur",
        "he",
    ),
)


def frame(whose: Whose, name: str, title: str, running: tuple[str, ...], sample: str) -> dict[str, object]:
    """The frame of a document called `name`; `title` is what a reader's list of documents shows.

    `sample` is text of it, which tells whose way of drawing Chinese signs is meant.
    """
    locale = Locale.parse(str(get_locale() or "en"))
    return {
        "lang": locale.language,
        "dir": runs(),
        "paper": paper_in(locale.territory),
        "serif": locale.language in _SERIF,
        "han": _han(locale, sample),
        "accent": ink_of(whose.accent),
        "title": title,
        "author": one_line(whose.practice_name),
        "running": " · ".join((typed(whose.practice_name), name, *running)),
        "page": str(_("%(page)s of %(pages)s", page="{page}", pages="{pages}")),
        "brand": {"name": typed(whose.practice_name), "logo": _logo(whose.logo)},
    }


def runs() -> str:
    """`rtl` or `ltr`, as the words of the document run: a language without a catalogue is written in English."""
    return "rtl" if direction() == "rtl" and is_right_to_left(str(_("Progress report"))) else "ltr"


def typed(words: str) -> str:
    """What somebody typed on one line, set apart where it runs the other way than the words around it."""
    return _apart(breakable(one_line(words)))


def _apart(line: str) -> str:
    turned = is_right_to_left(line)
    return line if turned is None or turned == (runs() == "rtl") else f"{_ISOLATE}{line}{_END}"


def day_words(day: date) -> str:
    """A day as the reader writes it, with its year: `5 March 2026`."""
    return _apart(format_date(day, "long", locale=get_locale()))


def weekday_words(instant: datetime, zone: ZoneInfo) -> str:
    """The day of an instant in a zone, with its weekday: `Thursday 5 March 2026`."""
    return _apart(format_date(instant.astimezone(zone).date(), "full", locale=get_locale()))


def _han(locale: Locale, sample: str) -> str:
    """Whose signs: kana are Japanese, hangul is Korean; else the reader's, which are the mainland's unless known."""
    if _KANA.search(sample):
        return "ja"
    if _HANGUL.search(sample):
        return "ko"
    is_taiwans = locale.territory in _TAIWAN or locale.script == "Hant"
    return "tw" if locale.language == "zh" and is_taiwans else locale.language


def _logo(logo: Picture | None) -> dict[str, object] | None:
    """The picture inside an SVG, because only text reaches a template."""
    if logo is None:
        return None
    content = base64.b64encode(logo.content).decode()
    size = f'width="{logo.width}" height="{logo.height}"'
    image = f'<image {size} href="data:{logo.media_type};base64,{content}"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{image}</svg>'
    return {"svg": svg, "width": logo.width, "height": logo.height}
