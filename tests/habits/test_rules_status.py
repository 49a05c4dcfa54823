"""Status of a client, from the stage and the day of the month, with the reason and the one next action."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.habits.rules import CycleResult, Month, NextStep, Reason, Stage, Status, Verdict, status_of
from coachhub.platform.local_time import local_instant
from tests.properties import instants, zones

DONE, MISSED, PAUSED = CycleResult.DONE, CycleResult.MISSED, CycleResult.PAUSED
CARRIED = CycleResult.CARRIED
BERLIN = ZoneInfo("Europe/Berlin")
NOVEMBER = Month(2026, 11)
stages = st.sampled_from(list(Stage))
before = st.lists(st.sampled_from([DONE, MISSED, MISSED, PAUSED, CARRIED]), max_size=4)


def on(day: int, stage: Stage, *previous: CycleResult, month: Month = NOVEMBER) -> Verdict:
    """Ben's status at noon of a day, with the months before, newest first."""
    noon = local_instant(date(month.year, month.month, day), time(12), BERLIN)
    return status_of(stage, noon, BERLIN, previous)


def slow_status(stage: Stage, now: datetime, zone: ZoneInfo, previous: list[CycleResult]) -> Status:
    """Word by word, on local dates: the month's end is the 1st of the next, and 7 days before it is a date."""
    month = Month.local(now, zone)
    today = max(now.astimezone(zone).date(), month.first_day())
    chosen = stage in (Stage.CHOSEN, Stage.INVITED, Stage.AGREED, Stage.MET)
    invited = stage in (Stage.INVITED, Stage.AGREED, Stage.MET)
    agreed = stage in (Stage.AGREED, Stage.MET)
    on_day_11, on_day_18 = today >= date(month.year, month.month, 11), today >= date(month.year, month.month, 18)
    seven_days_before = today >= month.next().first_day() - timedelta(days=7)
    if stage is Stage.MET:
        return Status.ON_TRACK
    if (previous[:1] == [MISSED] and not chosen and on_day_11) or previous[:2] == [MISSED, MISSED]:
        return Status.OFF_TRACK
    if (not chosen and on_day_11) or (not invited and on_day_18) or (not agreed and seven_days_before):
        return Status.AT_RISK
    return Status.ON_TRACK


@given(stage=stages, now=instants, zone=zones, previous=before)
def test_it_agrees_with_the_rule_word_by_word(
    stage: Stage, now: datetime, zone: ZoneInfo, previous: list[CycleResult]
) -> None:
    assert status_of(stage, now, zone, previous).status is slow_status(stage, now, zone, previous)


@pytest.mark.parametrize("stage", [Stage.NONE, Stage.COMMITTED])
def test_it_is_at_risk_when_nothing_is_chosen_on_day_11(stage: Stage) -> None:
    assert on(10, stage).status is Status.ON_TRACK
    late = on(11, stage)
    assert (late.status, late.reason, late.next_step) == (
        Status.AT_RISK,
        Reason.NOTHING_CHOSEN,
        NextStep.CHOOSE,
    )


def test_it_is_at_risk_when_nobody_is_invited_on_day_18() -> None:
    assert on(17, Stage.CHOSEN).status is Status.ON_TRACK
    late = on(18, Stage.CHOSEN)
    assert (late.status, late.reason, late.next_step) == (Status.AT_RISK, Reason.NOT_INVITED, NextStep.WRITE)


@pytest.mark.parametrize(
    ("month", "day"), [(Month(2026, 11), 24), (Month(2026, 12), 25), (Month(2026, 2), 22), (Month(2028, 2), 23)]
)
def test_it_is_at_risk_when_nothing_is_agreed_7_days_before_the_month_ends(month: Month, day: int) -> None:
    assert on(day - 1, Stage.INVITED, month=month).status is Status.ON_TRACK
    late = on(day, Stage.INVITED, month=month)
    assert (late.status, late.reason) == (Status.AT_RISK, Reason.NOTHING_AGREED)
    assert (late.next_step, late.days_left) == (NextStep.OFFER_SHORT_CALL, 7)


def test_it_names_the_step_a_late_month_is_stuck_at() -> None:
    assert on(29, Stage.NONE).reason is Reason.NOTHING_CHOSEN
    assert on(29, Stage.CHOSEN).reason is Reason.NOT_INVITED


def test_it_is_off_track_when_the_month_before_was_missed_and_nothing_is_chosen_on_day_11() -> None:
    assert on(10, Stage.COMMITTED, MISSED).status is Status.ON_TRACK
    assert on(11, Stage.CHOSEN, MISSED).status is Status.ON_TRACK
    late = on(11, Stage.COMMITTED, MISSED)
    assert (late.status, late.reason) == (Status.OFF_TRACK, Reason.MISSED_AND_NOTHING_CHOSEN)
    assert late.next_step is NextStep.CHOOSE_SOMEBODY_EASY


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.MET])
def test_it_is_off_track_when_two_months_in_a_row_were_missed(stage: Stage) -> None:
    verdict = on(1, stage, MISSED, MISSED, DONE)
    assert (verdict.status, verdict.reason) == (Status.OFF_TRACK, Reason.TWO_MONTHS_MISSED)
    assert verdict.missed_in_a_row == 2


def test_it_takes_two_misses_with_another_month_between_as_no_row() -> None:
    for between in (DONE, PAUSED, CARRIED):
        assert on(1, Stage.NONE, MISSED, between, MISSED).status is Status.ON_TRACK


@given(now=instants, zone=zones, previous=before)
def test_it_is_on_track_once_met_whatever_came_before(
    now: datetime, zone: ZoneInfo, previous: list[CycleResult]
) -> None:
    verdict = status_of(Stage.MET, now, zone, previous)
    assert (verdict.status, verdict.reason) == (Status.ON_TRACK, Reason.MET)


@given(stage=stages, now=instants, zone=zones, previous=before)
def test_it_stays_on_track_in_the_month_a_meetup_was_moved_out_of(
    stage: Stage, now: datetime, zone: ZoneInfo, previous: list[CycleResult]
) -> None:
    assert status_of(stage, now, zone, previous, moved_out=True).status is Status.ON_TRACK


@given(stage=stages, now=instants, zone=zones, previous=before, moved_out=st.booleans())
def test_it_asks_nothing_in_a_paused_month(
    stage: Stage, now: datetime, zone: ZoneInfo, previous: list[CycleResult], moved_out: bool
) -> None:
    verdict = status_of(stage, now, zone, previous, is_paused=True, moved_out=moved_out)
    assert (verdict.status, verdict.reason) == (Status.ON_TRACK, Reason.PAUSED)
    assert verdict.next_step is NextStep.WAIT


@given(stage=stages, now=instants, zone=zones, previous=before)
def test_it_always_gives_the_reason_with_one_next_action(
    stage: Stage, now: datetime, zone: ZoneInfo, previous: list[CycleResult]
) -> None:
    verdict = status_of(stage, now, zone, previous)
    assert verdict.reason in Reason
    assert verdict.next_step in NextStep
    late = {Reason.NOTHING_CHOSEN, Reason.NOT_INVITED, Reason.NOTHING_AGREED}
    assert (verdict.reason in late) == (verdict.status is Status.AT_RISK)


@given(previous=before, now=instants, zone=zones)
def test_it_never_gets_worse_by_a_further_step(previous: list[CycleResult], now: datetime, zone: ZoneInfo) -> None:
    severity = list(Status)
    ranks = [severity.index(status_of(stage, now, zone, previous).status) for stage in Stage]
    assert ranks == sorted(ranks, reverse=True)


def test_it_goes_by_the_clients_own_day() -> None:
    now = datetime(2026, 11, 10, 12, tzinfo=UTC)
    assert status_of(Stage.NONE, now, ZoneInfo("Pacific/Kiritimati")).status is Status.AT_RISK
    assert status_of(Stage.NONE, now, ZoneInfo("Pacific/Pago_Pago")).status is Status.ON_TRACK


def test_it_meets_missed_months_with_an_easier_step() -> None:
    assert on(2, Stage.NONE, MISSED, MISSED).next_step is NextStep.CHOOSE_SOMEBODY_EASY
    assert on(2, Stage.INVITED, MISSED, MISSED).next_step is NextStep.OFFER_SHORT_CALL
    assert on(2, Stage.AGREED, MISSED, MISSED).next_step is NextStep.MEET
