"""Where somebody probably is, from the languages of their browser: locale, time zone and currency as first guesses."""

from collections.abc import Sequence
from datetime import date

from babel import Locale, UnknownLocaleError, localedata
from babel.core import get_global
from babel.numbers import get_currency_name, get_territory_currencies, list_currencies

from coachhub.accounts.service.practices import Place
from coachhub.platform.language import TRANSLATED
from coachhub.platform.zones import zone_of_territory, zone_or

_CURRENCY = "EUR"


def guess_place(languages: Sequence[str], zone: str | None, today: date) -> Place:
    """The place of a browser that asks for these languages (`en-GB`, best first) and says it is in `zone`."""
    territory = _territory_of(languages)
    language = next((tag[:2] for tag in languages if tag[:2].lower() in TRANSLATED), TRANSLATED[0]).lower()
    time_zone = zone_or(zone, zone_of_territory(territory))
    return Place(_locale(language, territory), time_zone, currency_of(territory, today))


def names_territory(languages: Sequence[str]) -> bool:
    """Whether one of these languages names a country: `en-GB` does, `en` does not."""
    return any((locale.territory or "").isalpha() for tag in languages if (locale := _parse(tag)) is not None)


def currency_of(territory: str | None, today: date) -> str:
    """What people of a country (two letters) pay with; euros where that is unknown."""
    paid_with = get_territory_currencies(territory, today, today) if territory else []
    return str(paid_with[0]) if paid_with else _CURRENCY


def currency_choices(locale: str) -> list[tuple[str, str]]:
    """(code, label) of the currencies in use, by name."""
    names = [(code, get_currency_name(code, locale=locale)) for code in _in_use()]
    return [(code, f"{name} ({code})") for code, name in sorted(names, key=lambda named: named[1])]


def locale_choices(locale: str) -> list[tuple[str, str]]:
    """(locale, label) of the ways to write dates and numbers in the languages that have a catalogue."""
    known = [tag for tag in localedata.locale_identifiers() if tag.split("_")[0] in TRANSLATED and len(tag) <= 5]
    labels = [(tag, str(Locale.parse(tag).get_display_name(locale))) for tag in known]
    return sorted(labels, key=lambda label: label[1])


def _territory_of(languages: Sequence[str]) -> str | None:
    """The first country named; else where the first language is mostly spoken."""
    parsed = [locale for tag in languages if (locale := _parse(tag)) is not None]
    named = [locale.territory for locale in parsed if (locale.territory or "").isalpha()]
    if named:
        return str(named[0])
    likely = get_global("likely_subtags").get(parsed[0].language) if parsed else None
    return likely.rpartition("_")[2] if likely else None


def _parse(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def _locale(language: str, territory: str | None) -> str:
    full = f"{language}_{territory}"
    return full if localedata.exists(full) else language


def _in_use() -> list[str]:
    """Babel lists old currencies too; those of today are the ones that some country uses."""
    current = {
        code
        for spans in get_global("territory_currencies").values()
        for code, _, end, tender in spans
        if tender and end is None
    }
    return [code for code in list_currencies() if code in current]
