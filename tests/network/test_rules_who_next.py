"""Who next: whom to leave out, in which order, and why."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.network.rules import Candidate, Silence, SilenceUnit, Why, order_to_suggest, warmth

TODAY = date(2026, 11, 23)
DAN, EVE, FAY = (UUID(int=number) for number in (1, 2, 3))
past = st.one_of(st.none(), st.dates(date(2010, 1, 1), TODAY))

friends = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 10**6).map(lambda number: UUID(int=number)),
        liking=st.integers(1, 5),
        last_contact=past,
        known_until=past,
        not_now_until=st.one_of(st.none(), st.dates(TODAY - timedelta(days=9), TODAY + timedelta(days=9))),
        never_suggest=st.booleans(),
        has_open_invitation=st.booleans(),
        declined_on=past,
    ),
    max_size=12,
    unique_by=lambda friend: friend.id,
)


def suggested(*candidates: Candidate) -> list[UUID]:
    return [suggestion.friend_id for suggestion in order_to_suggest(candidates, TODAY)]


@given(network=friends, shuffle=st.randoms(use_true_random=False))
def test_it_gives_the_same_order_for_the_same_friends(network: list[Candidate], shuffle: Random) -> None:
    mixed = list(network)
    shuffle.shuffle(mixed)
    assert order_to_suggest(mixed, TODAY) == order_to_suggest(network, TODAY)


@given(network=friends)
def test_it_ranks_by_liking_and_silence(network: list[Candidate]) -> None:
    known = {friend.id: friend for friend in network}
    ranked = [known[friend_id] for friend_id in suggested(*network)]
    worth = [f.liking * (1 - warmth(f.last_contact, f.known_until, TODAY)) for f in ranked]
    assert worth == sorted(worth, reverse=True)


def test_it_leaves_out_never() -> None:
    assert suggested(Candidate(DAN, 5, never_suggest=True)) == []


def test_it_leaves_out_not_now_until_the_day_comes() -> None:
    assert suggested(Candidate(DAN, 5, not_now_until=TODAY + timedelta(days=1))) == []
    assert suggested(Candidate(DAN, 5, not_now_until=TODAY)) == [DAN]


def test_it_leaves_out_whoever_has_an_open_invitation() -> None:
    assert suggested(Candidate(DAN, 5, has_open_invitation=True)) == []


def test_it_leaves_out_whoever_declined_in_the_last_60_days() -> None:
    assert suggested(Candidate(DAN, 5, declined_on=TODAY - timedelta(days=59))) == []
    assert suggested(Candidate(DAN, 5, declined_on=TODAY - timedelta(days=60))) == [DAN]


def test_it_puts_the_longer_silence_first_among_equally_liked() -> None:
    dan = Candidate(DAN, 4, last_contact=date(2026, 6, 1))
    eve = Candidate(EVE, 4, last_contact=date(2023, 6, 1))
    assert suggested(dan, eve) == [EVE, DAN]


def test_it_puts_the_better_liked_first_among_equally_silent() -> None:
    assert suggested(Candidate(DAN, 2), Candidate(EVE, 5), Candidate(FAY, 3)) == [EVE, FAY, DAN]


def test_it_breaks_ties_by_id() -> None:
    assert suggested(Candidate(FAY, 4), Candidate(DAN, 4), Candidate(EVE, 4)) == [DAN, EVE, FAY]


@pytest.mark.parametrize(
    ("friend", "why"),
    [
        (Candidate(DAN, 4), Why.UNKNOWN_SILENCE),
        (Candidate(DAN, 4, known_until=date(2019, 1, 1)), Why.NEVER_MET_SINCE),
        (Candidate(DAN, 4, last_contact=date(2025, 11, 23)), Why.LONG_SILENCE),
        (Candidate(DAN, 4, last_contact=date(2026, 2, 1)), Why.GOING_QUIET),
        (Candidate(DAN, 4, last_contact=date(2026, 11, 1)), Why.WARM),
    ],
)
def test_it_says_why_in_one_reason(friend: Candidate, why: Why) -> None:
    assert [suggestion.why for suggestion in order_to_suggest([friend], TODAY)] == [why]


def test_it_says_how_long_the_silence_was() -> None:
    dan = Candidate(DAN, 4, known_until=date(2019, 1, 1))
    assert order_to_suggest([dan], TODAY)[0].silence == Silence(SilenceUnit.YEARS, 7)
