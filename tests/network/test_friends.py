"""Friends: added, changed, listed, suggested, put off, erased."""

from datetime import date, timedelta

import psycopg
import pytest

from coachhub.network.rules import Kind, Warmth, Why
from coachhub.network.service.friends import (
    FriendEntry,
    Losses,
    Order,
    add_friend,
    add_friends,
    edit_friend,
    erase_friend,
    friend_of,
    list_friends,
    losses_of,
    never_suggest,
    put_off,
    suggest,
)
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import NotFound
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import a_client
from tests.network.conftest import Acting

TODAY = NOW.date()


def test_it_adds_a_friend_with_what_is_known(acting: Acting) -> None:
    entry = FriendEntry("  Eve   Adams ", company="Initech", kind=Kind.MENTOR, liking=5, city="Leeds")
    with acting() as ben:
        eve = friend_of(ben, add_friend(ben, entry))
    assert (eve.name, eve.first_name, eve.company, eve.kind, eve.liking) == (
        "Eve Adams",
        "Eve",
        "Initech",
        Kind.MENTOR,
        5,
    )
    assert (eve.warmth, eve.silence, eve.shared) == (Warmth.HIBERNATING, None, False)


def test_it_takes_a_second_click_for_the_first(acting: Acting, clock: FixedClock) -> None:
    with acting() as ben:
        first = add_friend(ben, FriendEntry("Eve Adams"))
    with acting() as ben:
        assert add_friend(ben, FriendEntry("Eve  Adams")) == first
    clock.advance(timedelta(minutes=3))
    with acting() as ben:
        assert add_friend(ben, FriendEntry("Eve Adams")) != first


def test_it_adds_several_at_once(acting: Acting) -> None:
    with acting() as ben:
        ids = add_friends(ben, [FriendEntry("Eve"), FriendEntry("Fay")])
        assert [friend_of(ben, friend_id).name for friend_id in ids] == ["Eve", "Fay"]


def test_it_replaces_what_is_written_of_a_friend(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        edit_friend(ben, cast.dan_id, FriendEntry("Daniel Dorsey", notes="Two children"))
        dan = friend_of(ben, cast.dan_id)
    assert (dan.name, dan.company, dan.notes, dan.last_contact_on) == ("Daniel Dorsey", "", "Two children", None)


@pytest.mark.parametrize("name", ["王小明", "محمد الأحمد", "Ольга Петрова", "김민수", "Zoë O’Neil", "ஸ்ரீ ராம்"])
def test_it_keeps_names_in_every_script(acting: Acting, name: str) -> None:
    with acting() as ben:
        add_friend(ben, FriendEntry(name))
        assert [friend.name for friend in list_friends(ben, search=name[:3])] == [name]


def test_it_lists_the_longest_silent_first(acting: Acting) -> None:
    with acting() as ben:
        add_friends(
            ben,
            [
                FriendEntry("Eve", last_contact_on=date(2026, 3, 1)),
                FriendEntry("Fay", last_contact_on=date(2020, 3, 1)),
                FriendEntry("Gus"),
            ],
        )
        assert [friend.first_name for friend in list_friends(ben)] == ["Fay", "Dan", "Eve", "Gus"]
        assert [friend.first_name for friend in list_friends(ben, order=Order.NAME)] == ["Dan", "Eve", "Fay", "Gus"]


def test_it_looks_for_a_percent_sign_as_a_percent_sign(acting: Acting) -> None:
    with acting() as ben:
        assert list_friends(ben, search="%") == []
        assert [friend.first_name for friend in list_friends(ben, search="ACM")] == ["Dan"]


def test_it_filters_by_the_warmth_it_shows(acting: Acting) -> None:
    with acting() as ben:
        for days in range(0, 1200, 7):
            add_friend(ben, FriendEntry(f"Friend {days}", last_contact_on=TODAY - timedelta(days=days)))
        everybody = list_friends(ben)
        for state in Warmth:
            shown = {friend.id for friend in list_friends(ben, warmth=state)}
            assert shown == {friend.id for friend in everybody if friend.warmth is state}


def test_it_suggests_with_a_reason_and_leaves_out_never_and_not_now(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        eve, fay = add_friends(ben, [FriendEntry("Eve", known_until=date(2019, 1, 1)), FriendEntry("Fay")])
        assert [(found.friend.first_name, found.reason) for found in suggest(ben, TODAY)] == [
            ("Eve", Why.NEVER_MET_SINCE),
            ("Dan", Why.LONG_SILENCE),
            ("Fay", Why.UNKNOWN_SILENCE),
        ]
        never_suggest(ben, eve)
        put_off(ben, fay, TODAY + timedelta(days=1))
        assert [found.friend.id for found in suggest(ben, TODAY)] == [cast.dan_id]
        assert fay in [found.friend.id for found in suggest(ben, TODAY + timedelta(days=1))]


def test_it_erases_a_friend_for_good(acting: Acting, cast: Cast, admin: psycopg.Connection) -> None:
    with acting() as ben:
        assert losses_of(ben, cast.dan_id) == Losses(0, 0, 0)
        erase_friend(ben, cast.dan_id)
    assert admin.execute("select count(*) from friends").fetchone() == (0,)


def test_it_finds_no_friend_of_another_client(acting: Acting, cast: Cast) -> None:
    finn = a_client(cast.app, cast.ana, "Finn", "finn@example.com")
    with acting(finn) as finn_himself:
        assert list_friends(finn_himself) == []
        for touch in (friend_of, erase_friend, never_suggest):
            with pytest.raises(NotFound):
                touch(finn_himself, cast.dan_id)
