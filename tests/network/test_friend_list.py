"""The list of friends: what its filters show and count, and that it stays quick with 5,000."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import psycopg
import pytest
from sqlalchemy import event

from coachhub.network.rules import Kind, Warmth, network_strength, warmth
from coachhub.network.service.doubles import doubles_of
from coachhub.network.service.friend_list import Wanted, count_friends
from coachhub.network.service.friends import FriendEntry, Order, add_friend, list_friends, network_numbers
from coachhub.platform.db import db
from tests.cast import Cast
from tests.conftest import NOW
from tests.network.conftest import Acting
from tests.network.crowd import crowd

TODAY = NOW.date()
MOST_STATEMENTS = 8


@contextmanager
def statements(cast: Cast) -> Iterator[list[str]]:
    """Every statement that reaches the database inside the block."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        seen.append(statement)

    with cast.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def mixed(acting: Acting) -> None:
    """Friends of many states, kinds and companies."""
    with acting() as ben:
        for number, kind in enumerate([*Kind, *Kind, *Kind]):
            day = None if number % 5 == 0 else TODAY - timedelta(days=97 * number)
            company = ["Acme", "ACME", "Initech", ""][number % 4]
            add_friend(ben, FriendEntry(f"Friend {number}", company, kind, 1 + number % 5, last_contact_on=day))


@pytest.mark.usefixtures("mixed")
@pytest.mark.parametrize("search", ["", "friend 1", "acme"])
@pytest.mark.parametrize("state", [None, Warmth.AWAKE, Warmth.HIBERNATING])
@pytest.mark.parametrize("company", ["", "acme"])
@pytest.mark.parametrize("kind", [None, Kind.MENTOR])
def test_it_counts_what_each_filter_would_show(
    acting: Acting, search: str, state: Warmth | None, company: str, kind: Kind | None
) -> None:
    with acting() as ben:
        counts = count_friends(ben, Wanted(search, state, company, kind))
        assert counts.found == len(list_friends(ben, search, state, company=company, kind=kind))
        for each, count in counts.by_warmth:
            assert count == len(list_friends(ben, search, each, company=company, kind=kind))
        for of_kind, count in counts.by_kind:
            assert count == len(list_friends(ben, search, state, company=company, kind=of_kind))
        for name, count in counts.by_company:
            assert count == len(list_friends(ben, search, state, company=name, kind=kind))


@pytest.mark.usefixtures("mixed")
def test_it_sums_up_the_strength_that_the_rules_say(acting: Acting) -> None:
    with acting() as ben:
        friends = list_friends(ben)
        values = [(warmth(friend.last_contact_on, friend.known_until, TODAY), friend.liking) for friend in friends]
        numbers = network_numbers(ben, TODAY)
    assert numbers.strength == pytest.approx(network_strength(values))
    assert (numbers.friends, numbers.companies, numbers.kinds) == (22, 2, 7)
    assert dict(numbers.by_warmth) == {state: [friend.warmth for friend in friends].count(state) for state in Warmth}


def test_it_takes_a_contact_to_come_for_today(acting: Acting) -> None:
    with acting() as ben:
        add_friend(ben, FriendEntry("Eve", last_contact_on=TODAY, known_until=date(2026, 12, 31), liking=5))
        values = [
            (warmth(friend.last_contact_on, friend.known_until, TODAY), friend.liking) for friend in list_friends(ben)
        ]
        assert network_numbers(ben, TODAY).strength == pytest.approx(network_strength(values))


def test_it_sorts_the_newest_first(acting: Acting) -> None:
    with acting() as ben:
        for name in ("Eve", "Fay"):
            add_friend(ben, FriendEntry(name))
        assert [friend.first_name for friend in list_friends(ben, order=Order.NEWEST)] == ["Fay", "Eve", "Dan"]


@pytest.mark.parametrize("address", ["/friends", "/friends?q=friend+1&warmth=drowsy&kind=mentor&order=name&page=2"])
def test_it_asks_the_database_at_most_eight_times_with_5000_friends(
    cast: Cast, admin: psycopg.Connection, address: str
) -> None:
    crowd(admin, cast)
    browser = cast.browser(cast.ben)
    with statements(cast) as seen:
        answer = browser.get(address)
    assert answer.status_code == 200
    assert len(seen) <= MOST_STATEMENTS, "\n".join(seen)
    assert len(answer.data) < 80_000
    assert answer.text.count('class="row-title"') <= 50


def test_it_finds_doubles_among_5000_friends_in_few_statements(
    acting: Acting, cast: Cast, admin: psycopg.Connection
) -> None:
    crowd(admin, cast)
    with acting() as ben, statements(cast) as seen:
        found = doubles_of(ben)
    assert (found.total, len(found.pairs), found.has_more) == (99, 50, True)
    assert len(seen) == 2
