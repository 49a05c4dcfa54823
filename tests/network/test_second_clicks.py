"""Two requests at the very same moment: the second waits for the first, and nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

from coachhub.network.service.drafts import Tone, keep_draft
from coachhub.network.service.friends import FriendEntry, add_friend
from coachhub.network.service.meetups import LogEntry, agree_meetup, log_meetup, note_meetup
from coachhub.network.service.owner import Owner
from coachhub.network.service.sharing import share_all
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.conftest import NOW
from tests.network.conftest import Acting

CLICKS = 6


def click_at_once(acting: Acting, *uses: Callable[[Owner], object]) -> None:
    def click(number: int) -> None:
        with acting() as ben:
            uses[number % len(uses)](ben)

    with ThreadPoolExecutor(CLICKS) as pool:
        list(pool.map(click, range(CLICKS)))


@pytest.mark.parametrize(
    ("table", "use"),
    [
        ("friends", lambda ben, _dan: add_friend(ben, FriendEntry("Dan Dorsey", company="Acme"))),
        ("invitations", lambda ben, dan: keep_draft(ben, dan, Tone.WARM, "Hi", "Lunch?")),
        ("meetups", lambda ben, dan: agree_meetup(ben, dan, NOW + timedelta(days=1))),
        ("logs", lambda ben, dan: note_meetup(ben, dan, LogEntry(NOW - timedelta(days=1), 60, 3))),
    ],
)
def test_it_does_nothing_twice(
    acting: Acting, cast: Cast, admin: psycopg.Connection, table: str, use: Callable[[Owner, object], object]
) -> None:
    before = 1 if table == "friends" else 0
    click_at_once(acting, lambda ben: use(ben, cast.dan_id))
    assert admin.execute(f"select count(*) from {table}").fetchone() == (before + 1,)


def test_it_logs_a_meetup_once(acting: Acting, cast: Cast, clock: FixedClock, admin: psycopg.Connection) -> None:
    starts_at = NOW + timedelta(hours=1)
    with acting() as ben:
        meetup_id = agree_meetup(ben, cast.dan_id, starts_at)
    clock.advance(timedelta(hours=3))
    click_at_once(acting, lambda ben: log_meetup(ben, meetup_id, LogEntry(starts_at, 60, 3)))
    assert admin.execute("select count(*) from logs").fetchone() == (1,)


def test_it_shares_all_while_meetups_are_agreed(acting: Acting, cast: Cast, admin: psycopg.Connection) -> None:
    click_at_once(
        acting,
        lambda ben: share_all(ben, True),
        lambda ben: agree_meetup(ben, cast.dan_id, NOW + timedelta(days=1)),
    )
    assert admin.execute("select bool_and(shared), count(*) from meetups").fetchone() == (True, 1)
