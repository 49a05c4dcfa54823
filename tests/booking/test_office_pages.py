"""The pages on which an owner keeps offerings, packages and questions."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from coachhub.accounts.service.practices import change_practice, practice_settings
from coachhub.booking.service.asking import MOST_QUESTIONS
from coachhub.booking.service.offering_book import add_offering, open_offering
from coachhub.booking.service.offers import OfferingRow, coaches_of, offering_of, offerings, packages, questions_of
from coachhub.booking.service.package_book import add_package
from coachhub.platform.clock import FixedClock
from tests.booking.office import an_hour, five_sessions, working
from tests.cast import Cast
from tests.factories import a_coach

FIELDS = {
    "title": "Career hour",
    "minutes": "60",
    "price": "90",
    "place_kind": "video",
    "notice_minutes": "720",
    "horizon_days": "60",
    "step_minutes": "30",
    "buffer_before": "0",
    "buffer_after": "15",
    "free_until_minutes": "1440",
    "late_percent": "50",
    "move_until_minutes": "1440",
}


@pytest.fixture
def ana(cast: Cast) -> FlaskClient:
    """Ana's browser."""
    return cast.browser(cast.ana)


@pytest.fixture
def hour_id(cast: Cast) -> UUID:
    """An hour of Ana's, in draft."""
    with working(cast):
        return add_offering(an_hour(cast.ana))


def _offerings(cast: Cast) -> tuple[OfferingRow, ...]:
    with working(cast):
        return offerings()


def test_it_adds_an_offering_and_opens_it_at_once(cast: Cast, ana: FlaskClient) -> None:
    assert ana.post("/offerings/new", data=FIELDS | {"open": "yes"}).location == "/offerings"
    page = ana.get("/offerings").text
    (row,) = _offerings(cast)
    assert (row.price, row.buffer_after, row.is_open) == (9000, 15, True)
    assert f"http://localhost/p/{cast_slug(cast)}/career-hour" in page


def cast_slug(cast: Cast) -> str:
    """The address of Ana's practice."""
    return f"ana-coaching-{cast.ana.practice_id.hex[:6]}"


def test_it_adds_one_offering_for_two_clicks(cast: Cast, ana: FlaskClient, clock: FixedClock) -> None:
    for _click in range(2):
        ana.post("/offerings/new", data=FIELDS)
    assert len(_offerings(cast)) == 1


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("price", "a lot", "Write an amount such as 120.00."),
        ("price", "9.999", "GBP has 2 decimals at most."),
        ("price", "", "Write a price; 0 where it is free."),
        ("price", "99999999999", "more than anything here may cost"),
        ("minutes", "4", "Between 5 minutes and 12 hours"),
        ("title", " ", "Give it a name"),
        ("late_percent", "101", "Between 0 and 100."),
        ("notice_minutes", "-5", "Choose one from the list."),
        ("place_kind", "moon", "Not a valid choice"),
        ("daily_limit", "0", "Between 1 and 100"),
        ("price", "0.29", "Cards are charged £0.30 or more"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_what_was_typed(
    cast: Cast, ana: FlaskClient, field: str, text: str, words: str
) -> None:
    answer = ana.post("/offerings/new", data=FIELDS | {"description": "typed before", field: text})
    assert answer.status_code == 422
    assert words in answer.text
    assert "typed before" in answer.text
    assert _offerings(cast) == ()


def test_it_offers_something_for_nothing(cast: Cast, ana: FlaskClient) -> None:
    ana.post("/offerings/new", data=FIELDS | {"price": "0"})
    assert _offerings(cast)[0].price == 0


@pytest.mark.parametrize(
    ("locale", "currency", "text", "minor"),
    [("en_DE", "EUR", "1.234,50", 123450), ("en_GB", "JPY", "12,000", 12000), ("en_GB", "KWD", "12.340", 12340)],
)
def test_it_takes_prices_as_the_owner_writes_them(
    cast: Cast, admin, locale: str, currency: str, text: str, minor: int
) -> None:  # type: ignore[no-untyped-def]
    admin.execute("update users set locale = %s where id = %s", [locale, cast.ana.user_id])
    admin.execute("update practices set currency = %s where id = %s", [currency, cast.ana.practice_id])
    cast.browser(cast.ana).post("/offerings/new", data=FIELDS | {"price": text})
    assert [(row.price, row.currency) for row in _offerings(cast)] == [(minor, currency)]


def test_it_asks_for_the_price_again_when_the_currency_has_changed(cast: Cast, ana: FlaskClient, hour_id: UUID) -> None:
    with working(cast):
        kept = practice_settings()
        change_practice(type(kept)(kept.name, kept.time_zone, "JPY", kept.half_life_days))
    page = ana.get(f"/offerings/{hour_id}").text
    assert "It costs £90.00 now." in page
    ana.post(f"/offerings/{hour_id}", data=FIELDS | {"price": "12000"})
    assert [(row.price, row.currency) for row in _offerings(cast)] == [(12000, "JPY")]


def test_it_changes_closes_and_orders_from_the_page(cast: Cast, ana: FlaskClient, hour_id: UUID) -> None:
    with working(cast):
        other = add_offering(an_hour(cast.ana, title="Half an hour"))
    ana.post(f"/offerings/{hour_id}", data=FIELDS | {"title": "One hour", "is_hidden": "y"})
    ana.post(f"/offerings/{other}/move", data={"to": "up"})
    for _click in range(2):
        assert ana.post(f"/offerings/{hour_id}/close").status_code == 303
    assert [(row.title, row.status, row.is_hidden) for row in _offerings(cast)] == [
        ("Half an hour", "draft", False),
        ("One hour", "closed", True),
    ]
    assert "1 closed offering" in ana.get("/offerings").text


def test_it_asks_several_coaches_who_gives_it(cast: Cast, ana: FlaskClient, hour_id: UUID) -> None:
    eva = a_coach(cast.app, cast.ana, "Eva Evans", "eva@example.com")
    assert "Who gives it?" in ana.get(f"/offerings/{hour_id}").text
    ana.post(f"/offerings/{hour_id}", data=FIELDS | {"coach_ids": [str(eva.user_id)], "coach_choice": "y"})
    with working(cast):
        assert [coach.name for coach in coaches_of(hour_id)] == ["Eva Evans"]
        open_offering(hour_id)
    answer = ana.post(f"/offerings/{hour_id}", data=FIELDS)
    assert answer.status_code == 422
    assert "Choose at least one coach" in answer.text


def test_it_shows_a_coach_the_list_and_leaves_the_changes_to_the_owner(cast: Cast, hour_id: UUID) -> None:
    eva = cast.browser(a_coach(cast.app, cast.ana, "Eva Evans", "eva@example.com"))
    page = eva.get("/offerings").text
    assert "Career hour" in page
    assert f"/offerings/{hour_id}" not in page
    assert eva.get(f"/offerings/{hour_id}").status_code == 404
    assert eva.get("/packages").status_code == 200
    assert [eva.get(path).status_code for path in ("/offerings/new", "/packages/new", "/coupons")] == [404] * 3


def test_it_says_the_rule_as_visitors_read_it(cast: Cast, ana: FlaskClient, hour_id: UUID) -> None:
    page = ana.get(f"/offerings/{hour_id}").text
    assert "Cancel at least 24 hours before, and all your money comes back. Later, 50% of it comes back." in page


def test_it_adds_and_opens_a_package(cast: Cast, ana: FlaskClient, hour_id: UUID) -> None:
    fields = {"offering_id": str(hour_id), "title": "Five", "sessions": "5", "price": "400", "valid_days": ""}
    assert ana.post("/packages/new", data=fields).status_code == 303
    with working(cast):
        (row,) = packages()
    assert (row.price, row.valid_days, row.is_open) == (40000, None, False)
    ana.post(f"/packages/{row.id}/open")
    ana.post(f"/packages/{row.id}", data=fields | {"price": "380", "valid_days": "365", "rolls_over": "y"})
    with working(cast):
        (row,) = packages()
    assert (row.price, row.valid_days, row.rolls_over, row.is_open) == (38000, 365, True, True)


@pytest.mark.parametrize(
    ("field", "text"), [("price", "0"), ("price", "0.29"), ("sessions", "0"), ("title", ""), ("offering_id", "x")]
)
def test_it_refuses_a_package_that_is_none(cast: Cast, ana: FlaskClient, hour_id: UUID, field: str, text: str) -> None:
    fields = {"offering_id": str(hour_id), "title": "Five", "sessions": "5", "price": "400"}
    assert ana.post("/packages/new", data=fields | {field: text}).status_code == 422


def test_it_leads_from_no_offering_to_the_first(cast: Cast, ana: FlaskClient) -> None:
    assert "Nothing can be booked yet" in ana.get("/offerings").text
    assert "No packages yet" in ana.get("/packages").text


def _asked(*rows: tuple[str, str, str]) -> dict[str, str]:
    return {
        f"questions-{number}-{name}": text
        for number, row in enumerate(rows)
        for name, text in zip(("label", "kind", "choices"), row, strict=True)
    }


def test_it_keeps_the_questions_of_the_page(cast: Cast, ana: FlaskClient, hour_id: UUID) -> None:
    rows = _asked(("Why?", "text", ""), ("", "line", ""), ("How?", "choice", "A friend\r\n\r\nA friend\r\nA talk"))
    answer = ana.post(f"/offerings/{hour_id}/questions", data=rows | {"questions-0-is_required": "y"})
    assert answer.location == f"/offerings/{hour_id}"
    with working(cast):
        assert [(row.label, row.choices, row.is_required) for row in questions_of(hour_id)] == [
            ("Why?", (), True),
            ("How?", ("A friend", "A talk"), False),
        ]
    assert "Why?" in ana.get(f"/offerings/{hour_id}").text


def test_it_puts_a_question_up_without_saving(cast: Cast, ana: FlaskClient, hour_id: UUID) -> None:
    rows = _asked(("Why?", "text", ""), ("How?", "line", ""))
    page = ana.post(f"/offerings/{hour_id}/questions", data=rows | {"up": "1"}).text
    assert page.index("How?") < page.index("Why?")
    with working(cast):
        assert questions_of(hour_id) == ()


def test_it_refuses_a_choice_without_two_answers(cast: Cast, ana: FlaskClient, hour_id: UUID) -> None:
    answer = ana.post(f"/offerings/{hour_id}/questions", data=_asked(("How?", "choice", "A friend")))
    assert answer.status_code == 422
    assert "at least two answers" in answer.text


def test_it_takes_ten_questions_and_no_more(cast: Cast, ana: FlaskClient, hour_id: UUID) -> None:
    rows = _asked(*((f"Question {number}?", "line", "") for number in range(MOST_QUESTIONS + 3)))
    ana.post(f"/offerings/{hour_id}/questions", data=rows)
    with working(cast):
        assert len(questions_of(hour_id)) == MOST_QUESTIONS


def test_it_keeps_a_packages_offering_once_it_was_open(cast: Cast, ana: FlaskClient, hour_id: UUID) -> None:
    with working(cast):
        other = add_offering(an_hour(cast.ana, title="Other"))
        package_id = add_package(five_sessions(hour_id))
        offering_of(other)
    ana.post(f"/packages/{package_id}/open")
    fields = {"offering_id": str(other), "title": "Five sessions", "sessions": "5", "price": "400"}
    answer = ana.post(f"/packages/{package_id}", data=fields)
    assert answer.status_code == 422
    assert "add a new one for another offering" in answer.text


def test_it_adds_the_same_again_after_a_while(cast: Cast, ana: FlaskClient, clock: FixedClock) -> None:
    ana.post("/offerings/new", data=FIELDS)
    clock.advance(timedelta(minutes=5))
    ana.post("/offerings/new", data=FIELDS)
    assert [row.slug for row in _offerings(cast)] == ["career-hour", "career-hour-2"]


def test_it_keeps_a_draft_that_nobody_gives_and_says_so(cast: Cast, ana: FlaskClient) -> None:
    a_coach(cast.app, cast.ana, "Eva Evans", "eva@example.com")
    answer = ana.post("/offerings/new", data=FIELDS | {"open": "yes"})
    assert answer.status_code == 422
    assert "Choose at least one coach" in answer.text
    (row,) = _offerings(cast)
    assert (row.is_open, f'action="/offerings/{row.id}"' in answer.text) == (False, True)


def test_it_shows_the_link_of_a_package_that_is_open(cast: Cast, ana: FlaskClient, hour_id: UUID) -> None:
    with working(cast):
        package_id = add_package(five_sessions(hour_id, is_hidden=True))
    ana.post(f"/packages/{package_id}/open")
    link = f"http://localhost/p/{cast_slug(cast)}/packages/five-sessions"
    assert link in ana.get("/packages").text
    assert link in ana.get(f"/packages/{package_id}").text
