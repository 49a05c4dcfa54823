"""The list of friends: what its filters show and count, and that it stays quick with 5,000."""

from datetime import timedelta

import psycopg
import pytest

from coachhub.network.rules import Kind, Warmth
from coachhub.network.service.doubles import doubles_of
from coachhub.network.service.friend_list import Wanted, count_friends
from coachhub.network.service.friends import FriendEntry, Order, add_friend, list_friends
from tests.cast import Cast
from tests.conftest import NOW
from tests.network.conftest import Acting
from tests.network.crowd import crowd
from tests.statements import asked

TODAY = NOW.date()
MOST_STATEMENTS = 8


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


def test_it_sorts_the_newest_first(acting: Acting) -> None:
    with acting() as ben:
        for name in ("Eve", "Fay"):
            add_friend(ben, FriendEntry(name))
        assert [friend.first_name for friend in list_friends(ben, order=Order.NEWEST)] == ["Fay", "Eve", "Dan"]


@pytest.mark.parametrize(
    "address", ["/friends?order=silence", "/friends?q=friend+1&warmth=drowsy&kind=mentor&order=name&page=2"]
)
def test_it_asks_the_database_at_most_eight_times_with_5000_friends(
    cast: Cast, admin: psycopg.Connection, address: str
) -> None:
    crowd(admin, cast)
    browser = cast.browser(cast.ben)
    added = browser.post("/friends/quick", data={"line": "Eve, Acme"}).location.rpartition("=")[2]
    with asked(cast.app) as seen:
        answer = browser.get(f"{address}&added={added}")
    assert (answer.status_code, "Eve is in your network." in answer.text) == (200, True)
    assert len(seen) <= MOST_STATEMENTS, "\n".join(seen)
    assert len(answer.data) < 80_000
    assert answer.text.count('class="row-title"') <= 50


def test_it_finds_doubles_among_5000_friends_in_few_statements(
    acting: Acting, cast: Cast, admin: psycopg.Connection
) -> None:
    crowd(admin, cast)
    with acting() as ben, asked(cast.app) as seen:
        found = doubles_of(ben)
    assert (found.total, len(found.pairs), found.has_more) == (99, 50, True)
    assert len(seen) == 2
