"""Days at the ends of the calendar, in the forms that take one."""

import pytest

from tests.cast import Cast

THE_END, THE_BEGINNING = "9999-12-31", "0001-01-01"


@pytest.mark.parametrize("day", [THE_END, THE_BEGINNING, "2030-03-12"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Pacific/Pago_Pago"])
def test_it_takes_no_meetup_of_another_age(cast: Cast, day: str, zone: str) -> None:
    ben = cast.browser(cast.ben)
    ben.post("/my/settings", data={"name": "Ben", "time_zone": zone, "locale": "en"})
    typed = {"day": day, "at": "23:59", "minutes": "60"}
    assert ben.post(f"/friends/{cast.dan_id}/agree", data=typed).status_code == 422
    assert ben.post(f"/friends/{cast.dan_id}/met", data={**typed, "feeling": "3"}).status_code == 422


@pytest.mark.parametrize("day", [THE_END, THE_BEGINNING])
def test_it_offers_no_time_of_another_age(cast: Cast, day: str) -> None:
    ben = cast.browser(cast.ben)
    ben.post(f"/month/choose/{cast.dan_id}")
    offered = {"first": f"{day}T23:59", "tone": "warm"}
    assert ben.post(f"/month/times/{cast.dan_id}", data=offered).status_code == 422


def test_it_takes_a_meetup_of_next_year(cast: Cast) -> None:
    typed = {"day": "2027-01-08", "at": "12:30", "minutes": "60"}
    assert cast.browser(cast.ben).post(f"/friends/{cast.dan_id}/agree", data=typed).status_code == 303
