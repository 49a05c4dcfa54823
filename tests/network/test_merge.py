"""Two friends turn out to be one."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from coachhub.habits.rules import Month
from coachhub.network.service.contacts import How, contacts_with, note_contact
from coachhub.network.service.drafts import Channel, Tone, keep_draft, mark_sent
from coachhub.network.service.friends import FriendEntry, add_friend, friend_of, list_friends, never_suggest, put_off
from coachhub.network.service.meetups import LogEntry, agree_meetup, list_meetups, log_meetup, move_meetup
from coachhub.network.service.merging import merge_friends, sides_of
from coachhub.network.service.sharing import share_friend
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import NotFound, Refused
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import a_client, a_friend
from tests.habits.facts import give_habit
from tests.network.conftest import Acting

LATER = FriendEntry(
    "Daniel Dorsey",
    company="Initech",
    email="daniel@example.net",
    city="Leeds",
    notes="Two children",
    last_contact_on=date(2025, 12, 1),
)


@pytest.fixture
def twin(acting: Acting) -> UUID:
    """Dan once more, written in another way."""
    with acting() as ben:
        return add_friend(ben, LATER)


def test_it_shows_what_differs_and_fills_what_is_empty(acting: Acting, cast: Cast, twin: UUID) -> None:
    with acting() as ben:
        assert sides_of(ben, cast.dan_id, twin).differing == ("name", "company", "email")
        merge_friends(ben, cast.dan_id, twin, ["company"])
        dan = friend_of(ben, cast.dan_id)
        assert [friend.id for friend in list_friends(ben)] == [cast.dan_id]
    assert (dan.name, dan.company, dan.email, dan.city) == ("Dan Dorsey", "Initech", "dan@example.net", "Leeds")
    assert (dan.notes, dan.last_contact_on) == ("Two children", date(2025, 12, 1))


def test_it_keeps_the_notes_of_both_once(acting: Acting) -> None:
    with acting() as ben:
        one, two = (add_friend(ben, FriendEntry(name, notes=name)) for name in ("Eve", "Eva"))
        merge_friends(ben, one, two)
        assert friend_of(ben, one).notes == "Eve\n\nEva"


def test_it_brings_everything_along(acting: Acting, cast: Cast, twin: UUID, clock: FixedClock) -> None:
    with acting() as ben:
        mark_sent(ben, keep_draft(ben, twin, Tone.WARM, "Hi", "Hello"), Channel.COPY)
        meetup_id = agree_meetup(ben, twin, NOW + timedelta(days=1))
        move_meetup(ben, meetup_id, NOW + timedelta(days=2), "The Bear")
        note_contact(ben, twin, NOW.date(), How.CALL)
    clock.instant = NOW + timedelta(days=3)
    with acting() as ben:
        log_meetup(ben, meetup_id, LogEntry(NOW + timedelta(days=2), 60, 3))
        merge_friends(ben, cast.dan_id, twin)
        assert [(each.id, each.friend_id) for each in list_meetups(ben).past] == [(meetup_id, cast.dan_id)]
        assert [contact.how for contact in contacts_with(ben, cast.dan_id)] == [How.CALL, How.REMEMBERED]
        assert friend_of(ben, cast.dan_id).last_contact_on == date(2026, 3, 7)


def test_it_keeps_the_newest_of_two_drafts(acting: Acting, cast: Cast, twin: UUID, admin: psycopg.Connection) -> None:
    with acting() as ben:
        keep_draft(ben, cast.dan_id, Tone.WARM, "Old", "Hello")
    with acting() as ben:
        newest = keep_draft(ben, twin, Tone.WARM, "New", "Hello")
        merge_friends(ben, cast.dan_id, twin)
    assert admin.execute("select id, friend_id from invitations").fetchall() == [(newest, cast.dan_id)]


def test_it_keeps_the_stricter_switches_and_the_earlier_number(acting: Acting, cast: Cast, twin: UUID) -> None:
    with acting() as ben:
        never_suggest(ben, twin)
        put_off(ben, twin, date(2026, 9, 1))
        number = friend_of(ben, cast.dan_id).number
        merge_friends(ben, twin, cast.dan_id)
        kept = friend_of(ben, twin)
    assert (kept.never_suggest, kept.not_before, kept.number) == (True, date(2026, 9, 1), number)
    assert kept.created_at == datetime(2025, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("shared", ["dan", "twin"])
def test_it_never_shares_more_than_before(
    acting: Acting, cast: Cast, twin: UUID, shared: str, admin: psycopg.Connection
) -> None:
    with acting() as ben:
        for friend_id in (cast.dan_id, twin):
            agree_meetup(ben, friend_id, NOW + timedelta(days=1))
        share_friend(ben, {"dan": cast.dan_id, "twin": twin}[shared])
        merge_friends(ben, cast.dan_id, twin)
        assert not friend_of(ben, cast.dan_id).shared
    for table in ("meetups", "contacts"):
        assert admin.execute(f"select count(*) from {table} where shared").fetchone() == (0,)


def test_it_stays_shared_where_both_were(acting: Acting, cast: Cast, twin: UUID) -> None:
    with acting() as ben:
        for friend_id in (cast.dan_id, twin):
            share_friend(ben, friend_id)
        merge_friends(ben, cast.dan_id, twin)
        assert friend_of(ben, cast.dan_id).shared


def test_it_takes_a_months_choice_along(acting: Acting, cast: Cast, twin: UUID, admin: psycopg.Connection) -> None:
    assignment_id = give_habit(cast, Month(2026, 3))
    admin.execute(
        "insert into choices (practice_id, client_id, user_id, assignment_id, month, friend_id, chosen_at)"
        " values (%s, %s, %s, %s, '2026-03-01', %s, %s)",
        (cast.ben.practice_id, cast.ben.client_id, cast.ben.user_id, assignment_id, twin, NOW),
    )
    with acting() as ben:
        merge_friends(ben, cast.dan_id, twin)
    assert admin.execute("select friend_id from choices").fetchall() == [(cast.dan_id,)]


def test_it_refuses_one_and_the_same_and_friends_of_others(acting: Acting, cast: Cast, twin: UUID) -> None:
    finn = a_client(cast.app, cast.ana, "Finn", "finn@example.com")
    theirs = a_friend(cast.app, finn, "Dan Dorsey")
    with acting() as ben:
        with pytest.raises(Refused):
            merge_friends(ben, twin, twin)
        for pair in ((twin, theirs), (theirs, twin)):
            with pytest.raises(NotFound):
                merge_friends(ben, *pair)
        assert len(list_friends(ben)) == 2
    with acting(finn) as himself:
        assert friend_of(himself, theirs).name == "Dan Dorsey"
