"""First guesses at where somebody is, and the zones to choose from."""

from datetime import date

import pytest

from coachhub.accounts.service.places import currency_choices, guess_place, locale_choices
from coachhub.accounts.service.practices import Place
from coachhub.platform.zones import is_zone, present_name, zone_choices, zone_of_territory

TODAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("languages", "place"),
    [
        (["en-GB", "en"], Place("en_GB", "Europe/London", "GBP")),
        (["de-DE", "de", "en"], Place("en_DE", "Europe/Berlin", "EUR")),
        (["en"], Place("en_US", "America/New_York", "USD")),
        (["zh-Hans-CN"], Place("en", "Asia/Shanghai", "CNY")),
        (["nonsense-x", "en-AU"], Place("en_AU", "Australia/Sydney", "AUD")),
        ([], Place("en", "UTC", "EUR")),
    ],
)
def test_it_guesses_a_place_from_languages(languages: list[str], place: Place) -> None:
    assert guess_place(languages, None, TODAY) == place


def test_it_trusts_a_real_zone_more_than_languages() -> None:
    assert guess_place(["en-GB"], "Asia/Calcutta", TODAY).time_zone == "Asia/Kolkata"
    assert guess_place(["en-GB"], "Nowhere/Land", TODAY).time_zone == "Europe/London"


def test_it_offers_each_zone_once() -> None:
    keys = [key for key, _ in zone_choices()]
    assert len(keys) == len(set(keys)) > 400
    assert all(is_zone(key) for key in keys)


def test_it_knows_former_names_of_zones() -> None:
    assert present_name("Europe/Kiev") == "Europe/Kyiv"
    assert present_name("Europe/Copenhagen") == "Europe/Copenhagen"
    assert not is_zone("Factory")
    assert zone_of_territory("FR") == "Europe/Paris"


def test_it_offers_currencies_and_locales_by_name() -> None:
    assert ("EUR", "Euro (EUR)") in currency_choices("en")
    assert "DEM" not in dict(currency_choices("en"))
    assert ("en_GB", "English (United Kingdom)") in locale_choices("en")
