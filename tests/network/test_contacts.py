"""Contacts that were no meetup, and the last contact that is counted from all of them."""

from datetime import date, timedelta

import pytest

from coachhub.network.service.contacts import (
    How,
    contacts_with,
    forget_contact,
    note_contact,
    recount_last_contact,
    remember_contact,
)
from coachhub.network.service.friends import FriendEntry, add_friend, edit_friend, friend_of
from coachhub.network.service.meetups import LogEntry, note_meetup
from coachhub.network.service.owner import Owner
from coachhub.platform.errors import NotFound, Refused
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import a_client
from tests.network.conftest import Acting

TODAY = NOW.date()
KNOWN = date(2025, 3, 1)  # what Ben remembers of Dan


def ways(owner: Owner, cast: Cast) -> list[tuple[How, date]]:
    return [(contact.how, contact.happened_on) for contact in contacts_with(owner, cast.dan_id)]


def test_it_notes_a_contact_once(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        first = note_contact(ben, cast.dan_id, TODAY, How.CALL, " New job ")
        assert note_contact(ben, cast.dan_id, TODAY, How.CALL, "New job") == first
        assert note_contact(ben, cast.dan_id, TODAY, How.MESSAGE) != first
        assert friend_of(ben, cast.dan_id).last_contact_on == TODAY
        assert ways(ben, cast) == [(How.MESSAGE, TODAY), (How.CALL, TODAY), (How.REMEMBERED, KNOWN)]


def test_it_refuses_a_day_to_come(acting: Acting, cast: Cast) -> None:
    with acting() as ben, pytest.raises(Refused):
        note_contact(ben, cast.dan_id, TODAY + timedelta(days=1))


def test_it_counts_anew_when_one_was_a_mistake(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        call = note_contact(ben, cast.dan_id, TODAY - timedelta(days=9), How.CALL)
        today = note_contact(ben, cast.dan_id, TODAY)
        assert forget_contact(ben, today) == cast.dan_id
        assert forget_contact(ben, today) is None
        assert friend_of(ben, cast.dan_id).last_contact_on == TODAY - timedelta(days=9)
        forget_contact(ben, call)
        assert friend_of(ben, cast.dan_id).last_contact_on == KNOWN


def test_it_takes_no_warm_up_for_a_contact(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        note_contact(ben, cast.dan_id, TODAY, How.WARM_UP)
        assert friend_of(ben, cast.dan_id).last_contact_on == KNOWN


def test_it_keeps_one_memory_of_the_last_contact(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        remember_contact(ben, cast.dan_id, date(2024, 1, 1))
        assert ways(ben, cast) == [(How.REMEMBERED, date(2024, 1, 1))]
        remember_contact(ben, cast.dan_id, None)
        assert (ways(ben, cast), friend_of(ben, cast.dan_id).last_contact_on) == ([], None)


def test_it_remembers_what_is_said_when_a_friend_is_added(acting: Acting) -> None:
    with acting() as ben:
        eve = add_friend(ben, FriendEntry("Eve", last_contact_on=date(2024, 5, 1)))
        assert [contact.how for contact in contacts_with(ben, eve)] == [How.REMEMBERED]
        assert contacts_with(ben, add_friend(ben, FriendEntry("Fay"))) == []


def test_it_rewrites_the_memory_when_the_day_is_changed_by_hand(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        assert edit_friend(ben, cast.dan_id, FriendEntry("Dan", last_contact_on=date(2025, 9, 1))) == date(2025, 9, 1)
        assert ways(ben, cast) == [(How.REMEMBERED, date(2025, 9, 1))]


def test_it_says_that_a_log_is_later_than_the_day_written_by_hand(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        note_meetup(ben, cast.dan_id, LogEntry(NOW - timedelta(days=3), 60, 3))
        met_on = TODAY - timedelta(days=3)
        assert edit_friend(ben, cast.dan_id, FriendEntry("Dan", last_contact_on=KNOWN)) == met_on
        recount_last_contact(ben, cast.dan_id)
        assert friend_of(ben, cast.dan_id).last_contact_on == met_on


def test_it_counts_friends_as_they_come(acting: Acting) -> None:
    with acting() as ben:
        eve, fay = (friend_of(ben, add_friend(ben, FriendEntry(name))) for name in ("Eve", "Fay"))
    assert fay.number == eve.number + 1


def test_it_touches_no_friend_of_another_client(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        call = note_contact(ben, cast.dan_id, TODAY, How.CALL)
    finn = a_client(cast.app, cast.ana, "Finn", "finn@example.com")
    for stranger in (finn, a_client(cast.app, cast.cleo, "Gina", "gina@example.com")):
        with acting(stranger) as somebody:
            assert (forget_contact(somebody, call), contacts_with(somebody, cast.dan_id)) == (None, [])
            with pytest.raises(NotFound):
                note_contact(somebody, cast.dan_id, TODAY)
            with pytest.raises(NotFound):
                remember_contact(somebody, cast.dan_id, None)
