"""A package's sessions booked in one go: at the same time by the clock, all of them or none."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from coachhub.booking.models import BookingStatus, PaidWith, Side
from coachhub.booking.rules.series import Rhythm, dates_of_series
from coachhub.booking.service.holding import SlotTaken
from coachhub.booking.service.moving import move_booking
from coachhub.booking.service.reading import BookingRow, bookings_of_series
from coachhub.booking.service.series import DateState, SeriesPreview, SeriesTaken, book_series, preview_series
from coachhub.booking.service.visitor_links import booking_token
from coachhub.platform.errors import Refused
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, an_offering, as_nobody, asked_by, confirmed, held, read
from tests.booking.heard import listening
from tests.booking.visited import written
from tests.cast import Cast
from tests.factories import a_coach

LONDON = ZoneInfo("Europe/London")
WEEKLY = dates_of_series(NEXT_MONDAY, LONDON, Rhythm.WEEKLY, 4)


@pytest.fixture
def hour(cast: Cast) -> UUID:
    return an_offering(cast.app, cast.ana)


def _book(cast: Cast, offering_id: UUID, settle: Callable[[UUID], None] = lambda booking_id: None) -> UUID:
    with as_nobody(cast):
        return book_series(asked_by("Vera", offering_id), WEEKLY, PaidWith.CREDIT, settle)


def _preview(cast: Cast, offering_id: UUID, coach_id: UUID | None = None) -> SeriesPreview:
    with as_nobody(cast):
        return preview_series(offering_id, WEEKLY, coach_id)


def _of_series(cast: Cast, series_id: UUID) -> tuple[BookingRow, ...]:
    with as_nobody(cast):
        return bookings_of_series(series_id)


def test_it_keeps_the_time_by_the_clock_when_clocks_change() -> None:
    local = [at.astimezone(LONDON) for at in WEEKLY]
    assert [(at.day, at.month, at.hour) for at in local] == [(9, 3, 10), (16, 3, 10), (23, 3, 10), (30, 3, 10)]
    assert WEEKLY[-1] == datetime(2026, 3, 30, 9, 0, tzinfo=UTC)


def test_it_goes_on_every_two_weeks() -> None:
    days = [at.day for at in dates_of_series(NEXT_MONDAY, LONDON, Rhythm.FORTNIGHTLY, 3)]
    assert days == [9, 23, 6]


@pytest.mark.parametrize(("day", "days"), [(9, [9, 13, 11, 8]), (31, [31, 28, 26, 30])])
def test_it_goes_on_monthly_on_the_same_weekday_of_the_month(day: int, days: list[int]) -> None:
    first = datetime(2026, 3, day, 12, 0, tzinfo=UTC)
    monthly = dates_of_series(first, LONDON, Rhythm.MONTHLY, 4)
    assert [at.day for at in monthly] == days
    assert len({at.weekday() for at in monthly}) == 1


def test_it_books_all_dates_and_settles_each(cast: Cast, hour: UUID) -> None:
    settled: list[UUID] = []
    with listening() as heard:
        series_id = _book(cast, hour, settled.append)
    made = _of_series(cast, series_id)
    assert [each.starts_at for each in made] == list(WEEKLY)
    assert {(each.status, each.paid_with) for each in made} == {(BookingStatus.CONFIRMED, PaidWith.CREDIT)}
    assert [each.id for each in made] == settled
    assert heard == [("CONFIRMED", each.id) for each in made]


def test_it_books_nothing_when_one_date_is_taken_and_offers_what_is_near(cast: Cast, hour: UUID) -> None:
    held(cast, "Wim", hour, WEEKLY[2])
    with pytest.raises(SeriesTaken) as taken:
        _book(cast, hour)
    states = [each.state for each in taken.value.preview.dates]
    assert states == [DateState.FREE, DateState.FREE, DateState.TAKEN, DateState.FREE]
    near = [slot.starts_at for slot in taken.value.preview.dates[2].nearest]
    assert {WEEKLY[2] - AN_HOUR, WEEKLY[2] + AN_HOUR} <= set(near)
    assert _preview(cast, hour).dates[0].state is DateState.FREE


def test_it_books_nothing_when_what_it_costs_runs_out(cast: Cast, hour: UUID) -> None:
    settled: list[UUID] = []

    def settle(booking_id: UUID) -> None:
        settled.append(booking_id)
        if len(settled) == 3:
            raise Refused(409, "No credit is left.")

    with as_nobody(cast), pytest.raises(Refused, match="No credit"):
        book_series(asked_by("Vera", hour), WEEKLY, PaidWith.CREDIT, settle)
    assert _preview(cast, hour).is_free


def test_it_books_one_series_for_two_clicks(cast: Cast, hour: UUID) -> None:
    assert _book(cast, hour) == _book(cast, hour)


def test_it_stays_with_one_coach_who_has_all_dates_free(cast: Cast) -> None:
    zoe = a_coach(cast.app, cast.ana, "Zoe Zander", "zoe@example.com")
    shared = an_offering(cast.app, cast.ana, zoe)
    held(cast, "Wim", shared, WEEKLY[1], coach_id=cast.ana.user_id)
    assert _preview(cast, shared).coach_id == zoe.user_id
    assert not _preview(cast, shared, cast.ana.user_id).is_free
    assert {each.coach_id for each in _of_series(cast, _book(cast, shared))} == {zoe.user_id}


def test_it_books_paid_dates_beyond_the_horizon(cast: Cast) -> None:
    monthly = dates_of_series(NEXT_MONDAY, LONDON, Rhythm.MONTHLY, 5)
    near = an_offering(cast.app, cast.ana, horizon_days=15)
    with as_nobody(cast):
        assert preview_series(near, monthly).is_free
        series_id = book_series(asked_by("Vera", near), monthly, PaidWith.CREDIT, print)
    assert [each.starts_at for each in _of_series(cast, series_id)] == list(monthly)


def test_it_moves_a_date_beyond_the_horizon_to_another_one_there(cast: Cast) -> None:
    near = an_offering(cast.app, cast.ana, horizon_days=15)
    monthly = dates_of_series(NEXT_MONDAY, LONDON, Rhythm.MONTHLY, 5)
    with as_nobody(cast):
        last = bookings_of_series(book_series(asked_by("Vera", near), monthly, PaidWith.CREDIT, print))[-1]
        link = f"/b/{booking_token(last.id)}/move"
    page = cast.browser().get(f"{link}?day={monthly[-1].date()}").text
    assert f"at={written(monthly[-1] + AN_HOUR)}" in page
    assert cast.browser().post(link, data={"at": written(monthly[-1] + AN_HOUR)}).status_code == 303
    assert read(cast, last.id).starts_at == monthly[-1] + AN_HOUR


def test_it_moves_no_other_booking_beyond_the_horizon(cast: Cast) -> None:
    booking_id = confirmed(cast, "Vera", an_offering(cast.app, cast.ana, horizon_days=15))
    with as_nobody(cast), pytest.raises(SlotTaken):
        move_booking(booking_id, NEXT_MONDAY + timedelta(days=21), Side.CLIENT)


def test_it_books_no_date_more_than_a_year_ahead(cast: Cast, hour: UUID) -> None:
    monthly = dates_of_series(NEXT_MONDAY, LONDON, Rhythm.MONTHLY, 14)
    with as_nobody(cast), pytest.raises(SeriesTaken) as taken:
        book_series(asked_by("Vera", hour), monthly, PaidWith.CREDIT, print)
    states = [each.state for each in taken.value.preview.dates]
    assert states == [*[DateState.FREE] * 12, *[DateState.TOO_FAR] * 2]


def test_it_offers_what_is_near_for_a_date_beyond_the_horizon(cast: Cast) -> None:
    near = an_offering(cast.app, cast.ana, horizon_days=25)
    held(cast, "Wim", near, WEEKLY[2])
    with as_nobody(cast):
        seen = preview_series(near, (WEEKLY[0], WEEKLY[2], WEEKLY[3] + timedelta(minutes=7)))
    assert [each.state for each in seen.dates] == [DateState.FREE, DateState.TAKEN, DateState.TAKEN]
    assert all(abs(slot.starts_at - WEEKLY[3]) < timedelta(days=1) for slot in seen.dates[2].nearest)


def test_it_wants_the_first_date_within_the_horizon(cast: Cast) -> None:
    near = an_offering(cast.app, cast.ana, horizon_days=15)
    with as_nobody(cast), pytest.raises(SeriesTaken) as taken:
        book_series(asked_by("Vera", near), WEEKLY[2:], PaidWith.CREDIT, print)
    assert {each.state for each in taken.value.preview.dates} == {DateState.TOO_FAR}


def test_it_says_which_dates_cannot_be_booked_as_yet(cast: Cast) -> None:
    near = an_offering(cast.app, cast.ana, horizon_days=15)
    with as_nobody(cast):
        seen = preview_series(near, WEEKLY, paid_with=PaidWith.COACH)
    assert [each.state for each in seen.dates] == [DateState.FREE, DateState.FREE, DateState.TOO_FAR, DateState.TOO_FAR]


def test_it_makes_no_series_of_what_there_is_once(cast: Cast) -> None:
    with pytest.raises(Refused):
        _book(cast, an_offering(cast.app, cast.ana, is_intro=True, price=0))
    with as_nobody(cast), pytest.raises(Refused):
        book_series(asked_by("Vera", an_offering(cast.app, cast.ana)), (), PaidWith.CREDIT, print)


def test_it_holds_each_time_of_a_series_against_others(cast: Cast, hour: UUID) -> None:
    _book(cast, hour)
    with pytest.raises(Refused):
        held(cast, "Wim", hour, WEEKLY[3] + timedelta(minutes=30))
