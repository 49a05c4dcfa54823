"""The pages on which coaches keep their hours, and what visitors read of them."""

import pytest
from flask.testing import FlaskClient

from coachhub.booking.forms.fields import minute_of
from coachhub.booking.rules.day_ranges import DayRange
from coachhub.booking.service.availability import weekly_hours
from coachhub.booking.service.other_days import other_days
from coachhub.booking.service.profiles import coach_profile, practice_page
from coachhub.booking.service.starting import set_up_practice
from tests.booking.office import working
from tests.cast import Cast
from tests.factories import Person, a_coach


@pytest.fixture
def ana(cast: Cast) -> FlaskClient:
    """Ana's browser; her practice is set up."""
    with working(cast):
        set_up_practice(cast.ana.practice_id, cast.ana.user_id)
    return cast.browser(cast.ana)


@pytest.fixture
def eva(cast: Cast) -> Person:
    """A colleague of Ana's."""
    return a_coach(cast.app, cast.ana, "Eva Evans", "eva@example.com")


def _week(*ranges: tuple[int, str, str], zone: str = "Europe/London", limit: str = "") -> dict[str, str]:
    """The form's fields: weekday, from and until."""
    fields, numbers = {"time_zone": zone, "daily_limit": limit}, dict.fromkeys(range(7), 0)
    for weekday, begin, end in ranges:
        name = f"day_{weekday}-ranges-{numbers[weekday]}"
        fields |= {f"{name}-begin": begin, f"{name}-end": end}
        numbers[weekday] += 1
    return fields


def _kept(cast: Cast, coach: Person | None = None) -> list[tuple[int, int, int]]:
    with working(cast):
        week = weekly_hours((coach or cast.ana).user_id)
    return [(weekday, each.from_minute, each.until_minute) for weekday, day in enumerate(week) for each in day]


def test_it_shows_the_week_that_everybody_begins_with(ana: FlaskClient) -> None:
    page = ana.get("/availability").text
    assert page.count('value="09:00"') == page.count('value="17:00"') == 5


def test_it_keeps_a_week_with_several_ranges_until_midnight(cast: Cast, ana: FlaskClient) -> None:
    fields = _week((0, "13:00", "17:00"), (0, "9:00", "12:00"), (6, "20:00", "00:00"), (3, "20", "24:00"), limit="3")
    assert ana.post("/availability", data=fields).status_code == 303
    assert _kept(cast) == [(0, 540, 720), (0, 780, 1020), (3, 1200, 1440), (6, 1200, 1440)]
    with working(cast):
        assert coach_profile(cast.ana.user_id).daily_limit == 3


def test_it_keeps_a_week_without_hours(cast: Cast, ana: FlaskClient) -> None:
    assert ana.post("/availability", data=_week()).status_code == 303
    assert _kept(cast) == []
    assert ana.get("/availability").status_code == 200


@pytest.mark.parametrize(
    ("ranges", "words"),
    [
        (((0, "9:00", "12:00"), (0, "11:00", "13:00")), "9:00–12:00 and 11:00–13:00 overlap."),
        (((0, "12:00", "9:00"),), "It must end after it begins."),
        (((0, "22:00", "02:00"),), "Hours past midnight belong to the next day."),
        (((0, "9:00", ""),), "Write both, or leave both empty."),
        (((0, "nine", "17:00"),), "Write a time such as 9:30."),
        (((0, "9:00", "25:00"),), "Write a time such as 9:30."),
    ],
)
def test_it_says_what_is_wrong_with_hours_and_keeps_them(
    cast: Cast, ana: FlaskClient, ranges: tuple[tuple[int, str, str], ...], words: str
) -> None:
    before = _kept(cast)
    answer = ana.post("/availability", data=_week(*ranges, (5, "10:10", "11:11")))
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="10:10"' in answer.text
    assert _kept(cast) == before


def test_it_fills_the_week_with_mondays_hours_and_saves_nothing(cast: Cast, ana: FlaskClient) -> None:
    before = _kept(cast)
    page = ana.post("/availability", data=_week((0, "8:15", "12:00"), (5, "10:00", "11:00")) | {"spread": "yes"}).text
    assert page.count('value="08:15"') == 5
    assert page.count('value="10:00"') == 1
    assert _kept(cast) == before


def test_it_lets_an_owner_open_a_colleagues_hours(cast: Cast, ana: FlaskClient, eva: Person) -> None:
    assert "When can Eva Evans be booked?" in ana.get(f"/availability?coach={eva.user_id}").text
    ana.post(f"/availability?coach={eva.user_id}", data=_week((1, "9:00", "10:00"), zone="Asia/Tokyo"))
    assert _kept(cast, eva) == [(1, 540, 600)]
    assert len(_kept(cast)) == 5


def test_it_keeps_a_coach_to_their_own_hours(cast: Cast, ana: FlaskClient, eva: Person) -> None:
    browser = cast.browser(eva)
    assert browser.get("/availability").status_code == 200
    for path in (f"/availability?coach={cast.ana.user_id}", "/availability?coach=nobody"):
        assert browser.get(path).status_code == 404
        assert browser.post(path, data=_week()).status_code == 404


def test_it_knows_no_coach_of_another_practice(cast: Cast, ana: FlaskClient) -> None:
    for stranger in (cast.cleo, cast.ben):
        assert ana.get(f"/availability?coach={stranger.user_id}").status_code == 404


def _days(first: str, last: str = "", *ranges: tuple[str, str], note: str = "") -> dict[str, str]:
    fields = {"first_day": first, "last_day": last, "kind": "hours" if ranges else "away", "note": note}
    for number, (begin, end) in enumerate(ranges):
        fields |= {f"ranges-{number}-begin": begin, f"ranges-{number}-end": end}
    return fields


def test_it_adds_holidays_and_other_hours_and_removes_them(cast: Cast, ana: FlaskClient) -> None:
    ana.post("/availability/days", data=_days("2026-12-24", "2027-01-02", note="Christmas"))
    ana.post("/availability/days", data=_days("2026-04-06", "", ("10:00", "12:00"), ("14:00", "00:00")))
    with working(cast):
        easter, christmas = other_days(cast.ana.user_id)
    assert (easter.hours, christmas.hours) == ((DayRange(600, 720), DayRange(840, 1440)), ())
    page = ana.get("/availability").text
    assert "24 Dec 2026 – 2 Jan 2027" in page
    assert "10:00–12:00, 14:00–24:00" in page
    assert ana.post(f"/availability/days/{easter.id}/remove").status_code == 303
    with working(cast):
        assert other_days(cast.ana.user_id) == (christmas,)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (_days(""), "Choose a day."),
        (_days("2026-05-03", "2026-05-01"), "The last day is before the first."),
        (_days("2026-01-01"), "These days have passed."),
        (_days("9999-12-31"), "Look at the year again"),
        (_days("2026-05-01", "", ("", "")), "From when until when do you work"),
        (_days("2026-05-01", "", ("9:00", "11:00"), ("10:00", "12:00")), "9:00–11:00 and 10:00–12:00 overlap."),
        (_days("2026-12-20", "2026-12-24"), "24 Dec 2026 – 2 Jan 2027 is in your list already."),
    ],
)
def test_it_says_what_is_wrong_with_days(cast: Cast, ana: FlaskClient, fields: dict[str, str], words: str) -> None:
    ana.post("/availability/days", data=_days("2026-12-24", "2027-01-02"))
    answer = ana.post("/availability/days", data=fields | {"note": "typed before"})
    assert answer.status_code == 422
    assert words in answer.text
    assert "typed before" in answer.text


def test_it_asks_no_hours_of_somebody_who_is_away(cast: Cast, ana: FlaskClient) -> None:
    fields = _days("2026-05-01", "", ("nonsense", "")) | {"kind": "away"}
    assert ana.post("/availability/days", data=fields).status_code == 303


def test_it_lets_nobody_remove_a_colleagues_days_but_the_owner(cast: Cast, ana: FlaskClient, eva: Person) -> None:
    ana.post("/availability/days", data=_days("2026-12-24"))
    ana.post(f"/availability/days?coach={eva.user_id}", data=_days("2026-12-25"))
    with working(cast):
        of_ana, of_eva = other_days(cast.ana.user_id)[0], other_days(eva.user_id)[0]
    assert cast.browser(eva).post(f"/availability/days/{of_ana.id}/remove").status_code == 404
    assert ana.post(f"/availability/days/{of_eva.id}/remove").location == f"/availability?coach={eva.user_id}"


def test_it_warns_a_coach_whom_nobody_can_book(cast: Cast, ana: FlaskClient, eva: Person) -> None:
    assert "Nobody can book these hours yet" in cast.browser(eva).get("/availability").text
    assert "Nobody can book these hours yet" not in ana.get("/availability").text


def test_it_keeps_what_visitors_read_of_the_practice(cast: Cast, ana: FlaskClient) -> None:
    fields = {"headline": "For leaders", "about": "I *coach*.\r\n", "accent": "#AA3300", "is_open": "y"}
    assert ana.post("/settings/page", data=fields).status_code == 303
    with working(cast):
        page = practice_page()
    assert (page.headline, page.about, page.accent, page.is_open) == ("For leaders", "I *coach*.", "#aa3300", True)
    ana.post("/settings/page", data={"headline": "", "about": "", "accent": "#0b6b5d"})
    with working(cast):
        assert (practice_page().accent, practice_page().is_open) == (None, False)
    assert ana.post("/settings/page", data={"accent": "teal"}).status_code == 422


def test_it_keeps_what_visitors_read_of_each_coach(cast: Cast, ana: FlaskClient, eva: Person) -> None:
    fields = {"title": "Coach, PCC", "about": "<script>alert(1)</script> **Hi**", "place": "https://meet.example/eva"}
    assert cast.browser(eva).post("/settings/profile", data=fields).status_code == 303
    with working(cast):
        assert coach_profile(eva.user_id).title == "Coach, PCC"
        assert coach_profile(cast.ana.user_id).title == ""
    assert cast.browser(eva).get("/settings/page").status_code == 404


@pytest.mark.parametrize(
    ("text", "minute"),
    [("9", 540), ("9:30", 570), ("09.30", 570), ("09:30:00", 570), ("24:00", 1440), ("00:00", 0)],
)
def test_it_reads_times_of_day(text: str, minute: int) -> None:
    assert minute_of(text) == minute


@pytest.mark.parametrize("text", ["", "24:01", "9:60", "-1", "nine", "9:3x", "١٠:٠٠", "9" * 20, ":30"])
def test_it_reads_no_time_from_anything_else(text: str) -> None:
    assert minute_of(text) is None
