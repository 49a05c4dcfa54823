"""Which question the client's page asks, and which moments it offers for a plan."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.habits.rules import Month, Question, Situation, good_moments, may_ask, question_of

LONDON = ZoneInfo("Europe/London")
ZONES = [ZoneInfo(key) for key in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London", "America/New_York")]
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("situation", "question"),
    [
        (Situation(has_habit=False), Question.NO_HABIT),
        (Situation(is_paused=True, has_friends=True), Question.RESTS),
        (Situation(is_first=True), Question.FRIENDS),
        (Situation(is_first=True, has_friends=True), Question.CHOOSE),
        (Situation(has_friends=True), Question.PLAN),
        (Situation(has_friends=True, has_plan=True), Question.CHOOSE),
        (Situation(has_friends=True, is_under_way=True), Question.CHOOSE),
        (Situation(has_friends=True, has_choice=True), Question.WRITE),
        (Situation(has_friends=True, has_choice=True, is_sent=True), Question.ANSWER),
        (Situation(has_friends=True, has_choice=True, is_sent=True, said_yes=True), Question.AGREE),
        (Situation(has_friends=True, has_choice=True, is_ahead=True), Question.MEET),
        (Situation(has_friends=True, is_done=True, is_ahead=True), Question.DONE),
        (Situation(has_friends=True, is_done=True, is_unlogged=True), Question.LOG),
        (Situation(has_habit=False, is_unlogged=True), Question.LOG),
        (Situation(has_friends=True, is_unlogged=True, has_offer=True), Question.OFFER),
        (Situation(has_habit=False, has_offer=True), Question.OFFER),
    ],
)
def test_it_asks_one_thing(situation: Situation, question: Question) -> None:
    assert question_of(situation) is question


def test_it_turns_only_to_what_makes_sense() -> None:
    begun = Situation(has_friends=True, has_choice=True)
    assert may_ask(Question.WRITE, begun)
    assert not may_ask(Question.FOLLOW_UP, begun)
    assert not may_ask(Question.DONE, begun)
    assert not may_ask(Question.PLAN, Situation(has_habit=False))


def test_it_offers_thursday_noon_friday_morning_and_sunday_afternoon() -> None:
    monday = datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert [at.strftime("%a %H:%M") for at in good_moments(monday, LONDON)] == ["Thu 12:30", "Fri 08:30", "Sun 17:00"]


def test_it_stays_in_the_month() -> None:
    last_but_one = datetime(2026, 3, 30, 9, tzinfo=UTC)
    assert [at.astimezone(LONDON).strftime("%d %H:%M") for at in good_moments(last_but_one, LONDON)] == [
        "30 18:00",
        "31 08:30",
        "31 12:30",
    ]


@given(INSTANTS, st.sampled_from(ZONES))
def test_it_offers_only_what_is_ahead_and_of_this_month(now: datetime, zone: ZoneInfo) -> None:
    moments = good_moments(now, zone)
    assert len(set(moments)) == len(moments) <= 3
    assert list(moments) == sorted(moments)
    for moment in moments:
        assert moment > now + timedelta(hours=1)
        assert Month.local(moment, zone) == Month.local(now, zone)
