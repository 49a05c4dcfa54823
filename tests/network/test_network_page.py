"""The network as a whole: what its page shows, what the functions behind it answer, and to whom."""

from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest

from coachhub.network.service.contacts import How, note_contact
from coachhub.network.service.drafts import Channel, Tone, keep_draft, mark_sent, record_answer
from coachhub.network.service.meetups import LogEntry, agree_meetup, log_meetup
from coachhub.network.service.strength import about_to_be_lost, network_of, tally_of
from coachhub.network.service.suggestions import suggest, three
from coachhub.platform import embedded
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import a_client, a_coach, a_friend
from tests.network.conftest import Acting
from tests.network.crowd import add_many
from tests.network.test_row_security import as_web
from tests.statements import asked

THERE = "/friends/network"


@pytest.fixture
def met(acting: Acting, cast: Cast, clock: FixedClock) -> None:
    """Ben wrote to Dan, who said yes; they met, and Ben helped."""
    with acting() as ben:
        sent = keep_draft(ben, cast.dan_id, Tone.WARM, "Hi", "Between us")
        mark_sent(ben, sent, Channel.COPY)
        record_answer(ben, sent, "yes")
        meetup_id = agree_meetup(ben, cast.dan_id, NOW + timedelta(days=1))
    clock.instant = NOW + timedelta(days=2)
    with acting() as ben:
        log_meetup(ben, meetup_id, LogEntry(NOW + timedelta(days=1), 50, 3, help_given="A name"))


def test_it_shows_rings_with_a_link_for_each_friend(cast: Cast) -> None:
    page = cast.browser(cast.ben).get(THERE).text
    assert f'href="/friends/{cast.dan_id}" aria-label="Dan Dorsey, Hibernating"' in page
    assert "1 friend: 0 awake, 0 drowsy, 1 asleep and worth waking" in page
    assert "2 to the power of minus d / H" in page


def test_it_shows_a_greyed_example_to_a_newcomer(cast: Cast) -> None:
    eve = a_client(cast.app, cast.ana, "Eve Ek", "eve@example.com")
    page = cast.browser(eve).get(THERE).text
    assert "It begins with one name" in page
    assert page.count("An example") == 2


@pytest.mark.parametrize(("count", "dots"), [(149, 150), (150, 0)])
def test_it_shows_dots_up_to_150_friends_and_numbers_above(
    cast: Cast, admin: psycopg.Connection, count: int, dots: int
) -> None:
    add_many(admin, cast.ben, count)
    assert cast.browser(cast.ben).get(THERE).text.count('class="dot-reach"') == dots


def test_it_asks_as_little_for_5000_friends_as_for_200(cast: Cast, admin: psycopg.Connection) -> None:
    ben, counts = cast.browser(cast.ben), []
    for count in (200, 4800):
        add_many(admin, cast.ben, count)
        with asked(cast.app) as statements:
            assert ben.get(THERE).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10


def test_it_ranks_5000_friends_with_one_statement(cast: Cast, acting: Acting, admin: psycopg.Connection) -> None:
    add_many(admin, cast.ben, 5000)
    with acting() as ben, asked(cast.app) as statements:
        assert len(three(ben, ben.today())) == 3
    assert len(statements) == 1


def test_it_suggests_no_company_of_the_last_meetups_first(cast: Cast, acting: Acting, met: None) -> None:
    same = a_friend(cast.app, cast.ben, "Fay Ford", date(2024, 1, 1), company="ACME")
    other = a_friend(cast.app, cast.ben, "Eve Ek", date(2024, 1, 1), company="Other")
    with acting() as ben:
        assert [found.friend.id for found in suggest(ben, ben.today())][:2] == [other, same]


def test_it_leaves_out_who_offered_other_times_or_said_yes_until_they_met(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        sent = keep_draft(ben, cast.dan_id, Tone.WARM, "Hi", "Hi")
        mark_sent(ben, sent, Channel.COPY)
        record_answer(ben, sent, "yes")
        assert three(ben, ben.today()) == ()


def test_it_counts_contacts_and_meetups_but_no_warm_up(acting: Acting, cast: Cast, met: None) -> None:
    with acting() as ben:
        assert network_of(ben, ben.today()).strength == pytest.approx(0.8 * 2 ** (-1 / 270))
        note_contact(ben, cast.dan_id, ben.today(), How.WARM_UP)
        assert network_of(ben, ben.today()).strength == pytest.approx(0.8 * 2 ** (-1 / 270))
        note_contact(ben, cast.dan_id, ben.today(), How.CALL)
        assert network_of(ben, ben.today()).strength == pytest.approx(0.8)


def test_it_names_who_is_about_to_be_lost_and_when(acting: Acting, cast: Cast) -> None:
    today = NOW.date()
    soon = a_friend(cast.app, cast.ben, "Eve Ek", today - timedelta(days=350))
    a_friend(cast.app, cast.ben, "Fay Ford", today - timedelta(days=200))
    a_friend(cast.app, cast.ben, "Gus Grant", today - timedelta(days=350), never_suggest=True)
    with acting() as ben:
        lost = about_to_be_lost(ben, today)
    assert [(each.id, each.fall.state.value, each.fall.on - today) for each in lost] == [
        (soon, "hibernating", timedelta(days=7))
    ]
    assert "Falls asleep on" in cast.browser(cast.ben).get(THERE).text


def test_it_tells_owner_and_coach_the_same(acting: Acting, cast: Cast, met: None) -> None:
    a_coach(cast.app, cast.ana, "Eve Ek", "eve@example.com")
    with acting() as ben:
        own = network_of(ben, ben.today()), tally_of(ben, NOW - timedelta(days=365))
    with acting(reader=cast.ana) as ben:
        assert (network_of(ben, ben.today()), tally_of(ben, NOW - timedelta(days=365))) == own
    [row] = own[1]
    assert (row.written, row.answered, row.met_again, row.met, row.meetups) == (1, 1, 1, 1, 1)
    assert (row.minutes, row.moved, row.help_given, row.help_received) == (50, 0, 1, 0)


@pytest.mark.parametrize("asked", ["network_facts(%s)", "network_tally(%s, '2020-01-01')"])
def test_it_answers_nobody_else(cast: Cast, addresses: embedded.Addresses, met: None, asked: str) -> None:
    fellow = a_client(cast.app, cast.ana, "Eve Ek", "eve@example.com")

    def rows(practice_id: UUID, user_id: UUID) -> int:
        with as_web(addresses, practice_id, user_id) as connection:
            return len(connection.execute(f"select * from lookup.{asked}", [cast.ben.client_id]).fetchall())

    here, there = cast.ana.practice_id, cast.cleo.practice_id
    assert [rows(here, cast.ben.user_id), rows(here, cast.ana.user_id)] == [1, 1]
    assert [rows(here, fellow.user_id), rows(here, cast.cleo.user_id)] == [0, 0]
    assert [rows(there, cast.cleo.user_id), rows(there, cast.ana.user_id), rows(there, cast.ben.user_id)] == [0, 0, 0]


def test_it_answers_without_names_texts_or_ids(cast: Cast, addresses: embedded.Addresses, met: None) -> None:
    with as_web(addresses, cast.ana.practice_id, cast.ana.user_id) as connection:
        facts = connection.execute("select * from lookup.network_facts(%s)", [cast.ben.client_id]).fetchall()
        assert connection.execute("select name from friends").fetchall() == []
    told = repr(facts)
    assert all(secret not in told for secret in ("Dan", "Acme", "A name", "example.net", str(cast.dan_id), "UUID"))


def test_it_answers_the_worker_facts_of_the_practice_alone(cast: Cast, addresses: embedded.Addresses) -> None:
    def rows(practice_id: UUID) -> int:
        connection.execute("select set_config('app.practice_id', %s, false)", [str(practice_id)])
        return len(connection.execute("select * from lookup.network_facts(%s)", [cast.ben.client_id]).fetchall())

    with psycopg.connect(addresses.worker_url) as connection:
        assert [rows(cast.ana.practice_id), rows(cast.cleo.practice_id)] == [1, 0]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from lookup.network_tally(%s, '2020-01-01')", [cast.ben.client_id])
