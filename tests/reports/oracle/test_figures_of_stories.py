"""The figures of the coach's pages are what the published definitions make of the raw facts of a story."""

import csv
import io
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings

from coachhub.habits.rules import Month
from coachhub.platform.readings import Reader
from coachhub.reports.rules import Standing
from coachhub.reports.service.clients_page import ClientRow, ClientsQuery, clients_page
from coachhub.reports.service.cohort.adoption import adopted_after, adoption_seen
from coachhub.reports.service.cohort.coaches import Period, coaches_seen
from coachhub.reports.service.cohort.glance import glance_page
from coachhub.reports.service.cohort.group import Begun, Group, histories_of
from coachhub.reports.service.cohort.heat import HeatQuery, heat_page
from coachhub.reports.service.cohort.hours import hours_seen
from coachhub.reports.service.cohort.networks import networks_seen
from coachhub.reports.service.cohort.steps import Span, steps_seen
from coachhub.reports.service.today import today
from tests.habits.facts import acting
from tests.reports.oracle.oracle import Client, Oracle, months_to
from tests.reports.oracle.stories import Story, number, stories
from tests.reports.oracle.telling import AS_TOLD, Played, Stage, play
from tests.reports.test_standings import kept, look

STAGES = ("none", "committed", "chosen", "invited", "agreed", "met")
SPANS = ((Span.NOW, None), (Span.THREE, 3), (Span.TWELVE, 12))
NEWER_THAN_THE_DATABASE = ("America/Havana",)
"""Zones whose newest rules the database need not know yet; it says in which month a message was sent."""


@settings(AS_TOLD, max_examples=8)
@given(story=stories())
def test_it_says_what_the_definitions_say(stage: Stage, story: Story) -> None:
    _compare(stage, story)


@pytest.mark.long
@settings(AS_TOLD, max_examples=120)
@given(story=stories())
def test_it_says_what_the_definitions_say_of_many_stories(stage: Stage, story: Story) -> None:
    _compare(stage, story)


def _compare(stage: Stage, story: Story) -> None:
    played = play(stage, story)
    _look(stage, story, played)
    _files(story, played)
    for later in story.later:
        stage.clock.advance(later)
        _look(stage, replace(story, now=stage.clock.instant), played)


def _look(stage: Stage, story: Story, played: Played) -> None:
    with acting(played.cast, played.cast.ana):
        _lists(story, played)
    found = kept(stage.admin, played.cast)
    month = number(story.now, story.clients[0].zone) - 3
    for coach, habit, begun in ((None, None, None), (0, None, None), (None, 1, None), (None, None, month)):
        group = Group(
            coach_id=None if coach is None else played.coaches[coach].user_id,
            habit_id=None if habit is None else played.habits[habit],
            begun=None if begun is None else Begun(begun // 12, begun % 12 + 1),
        )
        with acting(played.cast, played.cast.ana):
            _figures(story, played, group, Oracle(story, coach, habit, begun))
    stage.admin.execute("update standings set fresh_until = 'epoch'")
    assert look(played.cast, stage.clock) == len(story.clients)
    assert kept(stage.admin, played.cast) == found


def _figures(story: Story, played: Played, group: Group, oracle: Oracle) -> None:
    _steps(story, group, oracle)
    _adoption(story, group, oracle)
    _hours(story, group, oracle)
    if not any(told.zone.key in NEWER_THAN_THE_DATABASE for told in story.clients):
        _networks(story, group, oracle)
    _heat(story, played, group, oracle)


def _month(counted: int) -> Month:
    return Month(counted // 12, counted % 12 + 1)


def _steps(story: Story, group: Group, oracle: Oracle) -> None:
    for span, months in SPANS:
        seen = steps_seen(group, span, story.now, story.zone)
        said = oracle.funnel(months)
        assert (seen.funnel.months, seen.funnel.reached, seen.clients) == said, span
        if seen.funnel.months:
            found = [(pace.days, pace.months) for pace in seen.paces]
            assert found == [(pytest.approx(days), many) for days, many in oracle.paces(months)], span


def _adoption(story: Story, group: Group, oracle: Oracle) -> None:
    seen = adoption_seen(group, story.now)
    assert sum(seen.beginnings.values()) == len(oracle.beginners)
    assert [each.after for each in seen.looked_at] == [3, 6, 12]
    found = {each.after: (each.clients, each.adopted) for each in seen.after}
    assert found == {after: oracle.adopted(after) for after in found}
    assert not adopted_after(histories_of(group, story.now).of_group, max(found) + 1).clients


def _hours(story: Story, group: Group, oracle: Oracle) -> None:
    seen = hours_seen(group, story.now, story.zone)
    found = [(each.clients, each.meetups, each.minutes, each.asked) for each in seen.months]
    said = [oracle.hours(month) for month in months_to(oracle.this, 12)]
    assert found == said
    total = seen.total
    assert (total.clients, total.meetups, total.minutes, total.asked) == tuple(map(sum, zip(*said, strict=True)))


def _networks(story: Story, group: Group, oracle: Oracle) -> None:
    seen, months = networks_seen(group, story.now, story.zone), months_to(oracle.this, 12)
    for each, month in zip(seen.strengths, months, strict=True):
        clients, typical, mean, compared, stronger = oracle.network(month)
        assert (each.month, each.clients, each.compared) == (_month(month), clients, compared)
        assert (each.median, each.mean) == (pytest.approx(typical), pytest.approx(mean))
        assert each.stronger == stronger
    begun = min([client.this for client in oracle.clients] + [oracle.this])
    assert (seen.year.month, seen.year.compared) == (_month(begun), oracle.network(begun)[3])
    said = [oracle.replies(month) for month in months]
    assert [(each.written, each.answered, each.met_again) for each in seen.replies] == said
    assert seen.total.written == sum(written for written, _, _ in said)


def _heat(story: Story, played: Played, group: Group, oracle: Oracle) -> None:
    for until in (oracle.this, oracle.this - 4):
        query = HeatQuery(group, _month(until), _month(oracle.this), archived=True)
        for page in (heat_page(query, story.now), glance_page(query, story.now)):
            found = {str(row.client_id): row.kinds for row in page.rows if any(row.kinds)}
            assert found == _kinds(story, played, oracle, until)


def _kinds(story: Story, played: Played, oracle: Oracle, until: int) -> dict[str, tuple[str | None, ...]]:
    places = {id(told): str(client_id) for told, client_id in zip(story.clients, played.clients, strict=True)}
    rows = {}
    for client in oracle.clients:
        cells = [client.months.get(month) for month in months_to(until, 12)]
        rows[places[id(client.told)]] = tuple(cell.kind if cell else None for cell in cells)
    return {key: kinds for key, kinds in rows.items() if any(kinds)}


def _lists(story: Story, played: Played) -> None:
    for coach in (None, 1):
        oracle, who = Oracle(story, coach), played.coaches[coach].user_id if coach is not None else None
        need, counted, met, not_chosen = oracle.day()
        ana = Reader(played.cast.ana.practice_id, played.cast.ana.user_id)
        seen = today(who, ana, story.zone, email_verified=True)
        assert (seen.needy_count, seen.counted, seen.met, seen.not_chosen) == (need, counted, met, not_chosen)
        assert len(seen.needy) == need
        page = clients_page(ClientsQuery(coach_id=who), ana)
        assert dict(page.counts) == {each: oracle.standings().count(each.value) for each in Standing}
        assert (page.not_chosen, page.in_need) == (not_chosen, need)
        assert {row.id: _shown(row) for row in page.rows} == _rows(story, played, coach)
    _coaches(story, played)


def _shown(row: ClientRow) -> tuple[object, ...]:
    met_at = datetime.fromisoformat(row.met_at) if row.met_at else None
    return row.standing, row.stage, row.strength, row.year, met_at


def _rows(story: Story, played: Played, coach: int | None) -> dict[str, tuple[object, ...]]:
    rows: dict[str, tuple[object, ...]] = {}
    for client, client_id in zip(Oracle(story).everybody, played.clients, strict=True):
        standing, said = client.standing(), ("", -1, "", None)
        if client.run(client.this) is not None:
            said = (STAGES[client.stage(client.this)], client.strengths()[-1], client.year(), client.met_at())
        if standing != "archived" and coach in (None, client.told.coach):
            rows[str(client_id)] = (standing, *said)
    return rows


def _coaches(story: Story, played: Played) -> None:
    lines: dict[Any, Any] = {line.coach_id: line for line in coaches_seen(Period.THIS, story.now, story.zone).lines}
    for place, coach in enumerate(played.coaches):
        standings = Oracle(story, place).standings()
        counted = [each for each in standings if each in ("on_track", "at_risk", "off_track")]
        looked_after = [each for each in standings if each not in ("archived", "invited")]
        line = lines[coach.user_id]
        assert (line.clients, line.counted) == (len(looked_after), len(counted))
        assert line.on_track == counted.count("on_track")


def _files(story: Story, played: Played) -> None:
    """What is downloaded, read as a spreadsheet reads it."""
    browser, oracle = played.cast.browser(played.cast.ana), Oracle(story)
    for status in ("", "?status=archived"):
        file = _read(browser, f"/clients/export{status}")
        for client, told in zip(oracle.everybody, story.clients, strict=True):
            row = file.get(f"Client {story.clients.index(told)}")
            assert (row is not None) == ((told.status == "archived") == bool(status))
            if row is not None:
                found = [row[name] for name in ("Strength", "Months in a row", "Months met of the last twelve")]
                assert (*found, row["Last meetup"]) == _said(client)
    lines = _read(browser, "/reports/cohort.csv")
    shown = browser.get("/reports").text
    done, counted = (sum(int(row[name]) for row in lines.values()) for name in ("Months done", "Months counted"))
    if counted:
        assert re.search(rf"\b{done} of {counted} months? done from", shown)
    for client in oracle.clients:
        cells = [client.months.get(month) for month in months_to(oracle.this, 12)]
        if client.standing() != "archived" and any(cells):
            row = lines[f"Client {story.clients.index(client.told)}"]
            counts = [cell for cell in cells if cell and cell.counts]
            done = sum(cell.result == "done" for cell in counts)
            assert (row["Months done"], row["Months counted"]) == (str(done), str(len(counts)))


def _said(client: Client) -> tuple[str, str, str, str]:
    if client.standing() == "archived" or client.run(client.this) is None:
        return "", "", "", ""
    met_at = client.met_at()
    day = met_at.astimezone(client.zone).date().isoformat() if met_at else ""
    return str(client.strengths()[-1]), str(client.in_a_row()), str(sum(client.year().count(n) for n in "23")), day


def _read(browser: FlaskClient, address: str) -> dict[str, dict[str, str]]:
    rows = list(csv.DictReader(io.StringIO(browser.get(address).data.decode("utf-8-sig"))))
    return {next(iter(row.values())): row for row in rows}
