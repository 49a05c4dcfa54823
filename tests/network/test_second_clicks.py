"""Two requests at the very same moment: the second waits for the first, and nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import time, timedelta
from uuid import UUID

import psycopg
import pytest

from coachhub.network.service.contacts import How, note_contact
from coachhub.network.service.drafts import Tone, keep_draft, prepare_invitation
from coachhub.network.service.free_hours import keep_free_hours
from coachhub.network.service.friends import FriendEntry, add_friend
from coachhub.network.service.meetups import LogEntry, agree_meetup, log_meetup, note_meetup
from coachhub.network.service.merging import merge_friends
from coachhub.network.service.owner import Owner
from coachhub.network.service.sharing import share_all
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import NotFound
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
        ("invitations", lambda ben, dan: prepare_invitation(ben, dan)),
        ("free_hours", lambda ben, _dan: keep_free_hours(ben, [(3, time(12, 30))])),
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


def test_it_notes_a_contact_once(acting: Acting, cast: Cast, admin: psycopg.Connection) -> None:
    click_at_once(acting, lambda ben: note_contact(ben, cast.dan_id, NOW.date(), How.CALL, "New job"))
    assert admin.execute("select count(*) from contacts where how = 'call'").fetchone() == (1,)


def test_it_counts_friends_who_come_at_once(acting: Acting, cast: Cast, admin: psycopg.Connection) -> None:
    names = (f"Friend {number}" for number in range(CLICKS))
    click_at_once(acting, *[lambda ben, name=name: add_friend(ben, FriendEntry(name)) for name in names])
    numbers = admin.execute("select number from friends where name <> 'Dan Dorsey' order by 1").fetchall()
    assert [number for (number,) in numbers] == list(range(1, CLICKS + 1))


def test_it_merges_two_once(acting: Acting, cast: Cast, admin: psycopg.Connection) -> None:
    with acting() as ben:
        twin = add_friend(ben, FriendEntry("Daniel Dorsey", notes="Two children"))

    def merge(owner: Owner) -> None:
        with suppress(NotFound):
            merge_friends(owner, cast.dan_id, twin)

    click_at_once(acting, merge)
    assert admin.execute("select id, notes from friends").fetchall() == [(cast.dan_id, "Two children")]


def test_it_keeps_one_of_two_who_are_merged_either_way(acting: Acting, cast: Cast, admin: psycopg.Connection) -> None:
    with acting() as ben:
        twin = add_friend(ben, FriendEntry("Daniel Dorsey"))

    def merge(kept: UUID, gone: UUID) -> Callable[[Owner], None]:
        def merging(owner: Owner) -> None:
            with suppress(NotFound):
                merge_friends(owner, kept, gone)

        return merging

    click_at_once(acting, merge(cast.dan_id, twin), merge(twin, cast.dan_id))
    assert admin.execute("select count(*) from friends").fetchone() == (1,)
