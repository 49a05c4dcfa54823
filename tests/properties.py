"""What property tests draw from: zones from UTC-11 to UTC+14, instants that crowd where clocks and months turn."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

# Time limits per example say more about the machine than about the rules.
settings.register_profile("rules", deadline=None, max_examples=150)
settings.load_profile("rules")

ZONES = [
    ZoneInfo(name)
    for name in (
        "Pacific/Pago_Pago",  # UTC-11
        "America/Los_Angeles",
        "America/New_York",
        "America/Havana",  # its autumn midnight comes twice, on 1 November 2026
        "America/Santiago",  # its spring midnight never comes
        "America/St_Johns",  # on 1 November 2009 the clock went back from 00:01 into October
        "America/Sao_Paulo",
        "America/Nuuk",
        "Atlantic/Azores",
        "UTC",
        "Europe/Lisbon",
        "Europe/Berlin",
        "Africa/Casablanca",
        "Africa/Cairo",
        "Asia/Beirut",  # its spring midnight never comes
        "Asia/Kathmandu",  # UTC+5:45
        "Asia/Tokyo",
        "Australia/Lord_Howe",  # changes by half an hour
        "Pacific/Chatham",
        "Pacific/Apia",  # had no 30 December 2011
        "Pacific/Kiritimati",  # UTC+14
    )
]

CLOCK_CHANGES = [
    datetime(2009, 11, 1, 2, 31, tzinfo=UTC),  # St John's back
    datetime(2011, 12, 30, 10, 0, tzinfo=UTC),  # Apia over the date line
    datetime(2022, 3, 26, 22, 0, tzinfo=UTC),  # Beirut forward, at midnight
    datetime(2026, 3, 8, 10, 0, tzinfo=UTC),  # Los Angeles forward
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),  # Europe forward
    datetime(2026, 4, 4, 15, 0, tzinfo=UTC),  # Lord Howe back
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),  # Lord Howe forward
    datetime(2026, 10, 25, 1, 0, tzinfo=UTC),  # Europe back
    datetime(2026, 11, 1, 5, 0, tzinfo=UTC),  # Havana back
    datetime(2026, 11, 1, 6, 0, tzinfo=UTC),  # New York back
]

zones = st.sampled_from(ZONES)
days = st.dates(date(1975, 1, 1), date(2037, 12, 31))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def _near(instant: datetime, reach: timedelta) -> st.SearchStrategy[datetime]:
    return st.timedeltas(-reach, reach).map(lambda by: (instant + by).replace(microsecond=0))


_anywhere = st.builds(datetime.combine, days, st.times(), st.just(UTC))
_at_a_change = st.sampled_from(CLOCK_CHANGES).flatmap(lambda at: _near(at, timedelta(hours=40)))
_at_a_month_end = st.tuples(st.integers(1990, 2036), st.integers(1, 12)).flatmap(
    lambda month: _near(datetime(*month, 1, tzinfo=UTC), timedelta(hours=40))
)
instants = st.one_of(_anywhere, _at_a_change, _at_a_month_end)
