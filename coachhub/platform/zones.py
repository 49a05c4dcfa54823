"""The time zones that a person may choose, from the pinned tzdata."""

from functools import cache
from importlib.resources import files

# Where a country has several zones: the one in which most of its people live. `zone.tab` goes by the compass.
_MOST_PEOPLE = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
}


def zone_choices() -> list[tuple[str, str]]:
    """(key, label) of each place with its own zone, by label, and UTC first: for a select field."""
    places = sorted((key.replace("_", " "), key) for keys in _places().values() for key in keys)
    return [("UTC", "UTC"), *((key, label) for label, key in places)]


def is_zone(key: str | None) -> bool:
    """Whether this names a zone of the IANA database, under its present or a former name."""
    return key in _all_keys()


def present_name(key: str) -> str:
    """The zone's name of today: browsers still say Asia/Calcutta. A key without a newer name is returned as it is."""
    newer = _newer_names().get(key, key)
    return newer if newer in _listed() and key not in _listed() else key


def zone_or(key: str | None, otherwise: str) -> str:
    """The zone of that name, as it is called today; the other one where a browser said nothing or nonsense."""
    return present_name(key) if key and is_zone(key) else otherwise


def zone_of_territory(territory: str | None) -> str:
    """The zone in which most people of a country (ISO 3166, two letters) live; UTC where it is unknown."""
    if territory in _MOST_PEOPLE:
        return _MOST_PEOPLE[territory]
    return _places().get(territory or "", ["UTC"])[0]


def _lines(name: str) -> list[str]:
    return (files("tzdata") / name).read_text(encoding="utf-8").splitlines()


@cache
def _listed() -> frozenset[str]:
    return frozenset(key for key, _label in zone_choices())


@cache
def _all_keys() -> frozenset[str]:
    return frozenset(_lines("zones")) - {"Factory"}


@cache
def _places() -> dict[str, list[str]]:
    """The zones of each country, as `zone.tab` lists them."""
    places: dict[str, list[str]] = {}
    for line in _lines("zoneinfo/zone.tab"):
        if line and not line.startswith("#"):
            country, _, key = line.split("\t")[:3]
            places.setdefault(country, []).append(key)
    return places


@cache
def _newer_names() -> dict[str, str]:
    """Former names, from the links of `tzdata.zi`: lines of `L target name`."""
    links = (line.split() for line in _lines("zoneinfo/tzdata.zi") if line.startswith("L "))
    return {name: target for _, target, name in links}
