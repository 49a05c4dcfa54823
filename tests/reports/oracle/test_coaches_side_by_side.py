"""Coaches side by side: sessions, money and hours are what the raw rows of an office come to."""

import pytest
from hypothesis import given, settings

from coachhub.habits.rules import Month
from coachhub.reports.service.cohort.coaches import Period, coaches_seen
from tests.factories import a_client, a_coach
from tests.habits.facts import acting
from tests.reports.happenings import _a_package
from tests.reports.oracle.offices import Office, offices, open_office
from tests.reports.oracle.oracle import percent
from tests.reports.oracle.stories import number
from tests.reports.oracle.telling import AS_TOLD, Stage

_BACK = {Period.THIS: 0, Period.LAST: 1, Period.THREE: 3, Period.TWELVE: 12}


@settings(AS_TOLD, max_examples=6)
@given(office=offices())
def test_it_adds_up_what_each_coach_did(stage: Stage, office: Office) -> None:
    _compare(stage, office)


@pytest.mark.long
@settings(AS_TOLD, max_examples=300)
@given(office=offices())
def test_it_adds_up_what_each_coach_did_in_many_offices(stage: Stage, office: Office) -> None:
    _compare(stage, office)


def _compare(stage: Stage, office: Office) -> None:
    stage.empty()
    cast = stage.casting(stage.app)
    bob = a_coach(stage.app, cast.ana, "Bob Bell", "bob@example.com")
    eva = a_client(stage.app, bob, "Eva Ek", "eva@example.com")
    package = _a_package(cast)
    stage.admin.execute("delete from weekly_hours")
    open_office(stage.admin, cast, office, ((cast.ana, cast.ben), (bob, eva)), package)
    stage.clock.instant = office.now
    this = number(office.now, office.zone)
    with acting(cast, cast.ana):
        for period, back in _BACK.items():
            months = range(this - back, this) if back else range(this, this + 1)
            seen = coaches_seen(period, office.now, office.zone)
            ends = [Month(each // 12, each % 12 + 1) for each in (months[0], months[-1])]
            assert [seen.first, seen.last] == ends
            lines = {line.coach_id: line for line in seen.lines}
            for place, person in enumerate((cast.ana, bob)):
                coach, line = office.coaches[place], lines[person.user_id]
                booked, available = coach.booked(months), coach.available(months)
                assert (line.sessions, line.minutes) == coach.held(months), period
                assert (line.booked, line.available) == (booked, available), period
                assert line.utilisation == percent(booked, available)
                assert dict(line.money) == office.revenue(place, months), period
            nobodys = dict(lines[None].money) if None in lines else {}
            assert nobodys == office.revenue(None, months)
            assert seen.total.booked == sum(coach.booked(months) for coach in office.coaches)
