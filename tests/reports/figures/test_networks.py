"""Networks by month in numbers: the same as each client's own page says, and nothing for those who do not work here."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coachhub.habits.rules import Month
from coachhub.network.models import Contact, Friend, Invitation, Log, Meetup
from coachhub.network.service.by_month import networks_by_month, replies_by_month
from coachhub.network.service.owner import owner_of
from coachhub.network.service.strength import network_of
from coachhub.platform import embedded
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reports.service.cohort.group import Group
from coachhub.reports.service.cohort.networks import networks_seen
from tests.cast import Cast
from tests.factories import LONG_AGO, Person, a_client, a_friend
from tests.habits.facts import MARCH, acting, give_habit, owning, utc
from tests.network.test_row_security import as_web

NOW = datetime(2026, 3, 31, 20, 0, tzinfo=UTC)
FIRSTS = [MARCH.plus(-back).first_day() for back in range(23, -1, -1)]
_days = st.dates(date(2015, 1, 1), date(2026, 6, 30))
_instants = st.integers(0, 1190).map(lambda n: datetime(2023, 1, 1, tzinfo=UTC) + n * timedelta(hours=25))
_friends = st.fixed_dictionaries(
    {
        "liking": st.integers(1, 5),
        "known_from": st.none() | _days,
        "known_until": st.none() | _days,
        "last_contact_on": st.none() | _days,
        "created_at": _instants.filter(lambda at: at <= NOW),
    }
)
_happened = st.tuples(_friends, st.lists(_days, max_size=4), st.lists(_instants, max_size=4))


@pytest.fixture
def zoe(cast: Cast) -> Person:
    """A client for whom it is April already."""
    return a_client(cast.app, cast.ana, "Zoë Young", "zoe@example.com", "Asia/Tokyo")


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(friends=st.lists(_happened, max_size=6))
def test_it_says_of_all_what_the_rule_says_of_each(
    cast: Cast,
    zoe: Person,
    admin: psycopg.Connection,
    friends: list[tuple[dict[str, object], list[date], list[datetime]]],
) -> None:
    admin.execute("delete from friends")
    with owning(cast, zoe) as owner:
        for told, days, instants in friends:
            _befriend(told, days, instants, client_id=owner.client_id, user_id=owner.user_id)
    with acting(cast, cast.ana):
        ours = owner_of(zoe.client_id)
        said = {each.day.replace(day=1): each.value for each in network_of(ours, date(2026, 4, 1)).months}
        firsts = sorted(said)
        found = {row.month: row for row in networks_by_month([zoe.client_id], firsts, NOW)}
        assert {first: found[first].strength if first in found else 0 for first in firsts} == pytest.approx(said)
        assert not friends or found[firsts[-1]].friends == len(friends)


def _befriend(told: dict[str, object], days: list[date], instants: list[datetime], **whose: object) -> None:
    friend_id, own = uuid4(), {"practice_id": current_practice(), **whose}
    db.session.add(Friend(id=friend_id, name="Dan", **own, **told))
    db.session.flush()
    for number, day in enumerate(days):
        how = "warm_up" if number == 3 else "call"
        db.session.add(Contact(**own, friend_id=friend_id, happened_on=day, how=how, created_at=LONG_AGO))
    for at in instants:
        meetup_id = uuid4()
        db.session.add(
            Meetup(**own, id=meetup_id, friend_id=friend_id, starts_at=at, agreed_at=at, status="held", minutes=60)
        )
        db.session.flush()
        held = {"held_at": at, "minutes": 60, "feeling": 3, "created_at": at}
        db.session.add(Log(**own, meetup_id=meetup_id, friend_id=friend_id, **held))
    db.session.flush()


def test_it_answers_only_those_who_work_in_the_practice(cast: Cast, addresses: embedded.Addresses) -> None:
    asked = "select count(*) from lookup.network_by_month(%s, %s, now(), 270, 0.25)"
    told = "select count(*) from lookup.replies_by_month(%s, '2026-01-01', now())"
    for person, answers in ((cast.ana, 15), (cast.ben, 0), (cast.cleo, 0)):
        with as_web(addresses, cast.ana.practice_id, person.user_id) as connection:
            assert connection.execute(asked, ([cast.ben.client_id], FIRSTS)).fetchone() == (answers,)
            assert connection.execute(told, ([cast.ben.client_id],)).fetchone() == (0,)
    with as_web(addresses, cast.cleo.practice_id, cast.cleo.user_id) as connection:
        assert connection.execute(asked, ([cast.ben.client_id], FIRSTS)).fetchone() == (0,)


def _write(cast: Cast, friend: object, sent_at: datetime, answer: str | None = None) -> None:
    with owning(cast, cast.ben) as ben:
        own = {"practice_id": current_practice(), "client_id": ben.client_id, "user_id": ben.user_id}
        said = {"answer": answer, "answered_at": sent_at if answer else None}
        db.session.add(
            Invitation(**own, friend_id=friend, tone="warm", body="Hi", created_at=sent_at, sent_at=sent_at, **said)
        )


def test_it_counts_who_answered_and_who_was_met_after_that(cast: Cast) -> None:
    eva = a_friend(cast.app, cast.ben, "Eva Ek")
    _write(cast, cast.dan_id, utc(2, 3))
    _write(cast, cast.dan_id, utc(2, 9), "yes")
    _write(cast, eva, utc(2, 10))
    _write(cast, eva, utc(3, 1), "no")
    with owning(cast, cast.ben) as ben:
        own = {"practice_id": current_practice(), "client_id": ben.client_id, "user_id": ben.user_id}
        for friend, at in ((cast.dan_id, utc(2, 20)), (eva, utc(2, 1))):
            held = {"starts_at": at, "agreed_at": at, "status": "held", "minutes": 60}
            db.session.add(Meetup(**own, friend_id=friend, **held))
    with acting(cast, cast.ana):
        found = replies_by_month([cast.ben.client_id], date(2026, 2, 1), utc(3, 5))
    assert sorted((row.month.month, row.written, row.answered, row.met_again) for row in found) == [
        (2, 2, 1, 1),
        (3, 1, 1, 0),
    ]


def test_it_shows_the_typical_network_from_the_month_in_which_clients_began(cast: Cast, zoe: Person) -> None:
    a_friend(cast.app, zoe, "Eva Ek", date(2026, 2, 28), liking=5)
    give_habit(cast, Month(2026, 1))
    give_habit(cast, Month(2026, 3), client=zoe)
    with acting(cast, cast.ana):
        seen = networks_seen(Group(), utc(3, 5), owner_of(cast.ben.client_id).zone)
    months = {each.month: each for each in seen.strengths}
    assert [months[Month(2026, n)].clients for n in (1, 2, 3)] == [1, 1, 2]
    assert months[Month(2025, 12)].median is None
    ben, both = months[Month(2026, 2)], months[Month(2026, 3)]
    assert ben.median is not None
    assert both.median is not None
    assert both.median > ben.median
    assert (seen.total.reply_rate, seen.year.compared) == (None, 0)


def _call(cast: Cast, client: Person, friend: object, day: date) -> None:
    with owning(cast, client) as owner:
        own = {"practice_id": current_practice(), "client_id": owner.client_id, "user_id": owner.user_id}
        db.session.add(Contact(**own, friend_id=friend, happened_on=day, how="call", created_at=LONG_AGO))


def test_it_compares_a_network_with_itself_a_year_ago(cast: Cast, zoe: Person) -> None:
    """There was a call in April of last year: at its end the network was stronger than now, and at March's weaker."""
    _call(cast, zoe, a_friend(cast.app, zoe, "Eva Ek", date(2022, 12, 1), liking=5), date(2025, 4, 20))
    give_habit(cast, Month(2025, 1), client=zoe)
    with acting(cast, cast.ana):
        hers = network_of(owner_of(zoe.client_id), date(2026, 3, 6))
        seen = networks_seen(Group(), utc(3, 6), owner_of(zoe.client_id).zone)
    assert hers.months[-12].value > hers.strength > hers.months[-13].value
    assert (seen.year.stronger, seen.year.compared, seen.year.stronger_share) == (1, 1, 100)
    assert (seen.strengths[0].month, len(seen.strengths)) == (Month(2025, 4), 12)


def test_it_says_the_same_on_the_page_and_in_the_file(cast: Cast, zoe: Person) -> None:
    """Of three whose networks are a year old, one was woken since."""
    hal = a_client(cast.app, cast.ana, "Hal Hill", "hal@example.com")
    for client, name in ((zoe, "Eva Ek"), (hal, "Fay Fox")):
        a_friend(cast.app, client, name, date(2023, 6, 1), liking=5)
    _call(cast, hal, a_friend(cast.app, hal, "Gus Gray", date(2023, 6, 1), liking=5), date(2026, 3, 1))
    for client in (cast.ben, zoe, hal):
        give_habit(cast, Month(2025, 1), client=client)
    ana = cast.browser(cast.ana)
    table = list(csv.DictReader(io.StringIO(ana.get("/reports/networks.csv").data.decode("utf-8-sig"))))
    last, page = table[-1], ana.get("/reports/networks").text
    assert (last["Month"], last["Had a network a year before"], last["Stronger than then"]) == ("2026-03", "3", "1")
    assert (last["Stronger, percent"], table[0]["Stronger, percent"]) == ("33", "")
    assert re.search(r"<dt>Stronger</dt><dd>33%\s*<p[^>]*>1 of 3, in a year", page)
    assert "1 of 3 clients have a stronger network than a year ago" in page


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_it_compares_those_for_whom_it_is_another_month(cast: Cast, zone: str) -> None:
    """It is April in Tokyo and March in London and Los Angeles."""
    give_habit(cast, Month(2025, 1))
    with acting(cast, cast.ana):
        seen = networks_seen(Group(), NOW, ZoneInfo(zone))
    assert (seen.year.month, seen.year.compared) == (MARCH, 1)
