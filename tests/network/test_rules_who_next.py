"""Who next: whom to leave out, what speaks for each, which three, and why."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.network.rules import (
    Candidate,
    Kind,
    Part,
    Role,
    Silence,
    SilenceUnit,
    Why,
    may_be_suggested,
    order_to_suggest,
    parts_of,
    three_to_suggest,
)

TODAY = date(2026, 11, 23)
DAN, EVE, FAY, GUS = (UUID(int=number) for number in (1, 2, 3, 4))
past = st.one_of(st.none(), st.dates(date(2010, 1, 1), TODAY))
half_lives = st.sampled_from([60, 270, 900])

candidates = st.builds(
    Candidate,
    id=st.integers(1, 10**6).map(lambda number: UUID(int=number)),
    liking=st.integers(1, 5),
    kind=st.sampled_from(Kind),
    last_contact=past,
    known_from=past,
    known_until=past,
    not_now_until=st.one_of(st.none(), st.dates(TODAY - timedelta(days=9), TODAY + timedelta(days=9))),
    never_suggest=st.booleans(),
    has_open_invitation=st.booleans(),
    declined_on=past,
    met_lately=st.booleans(),
    company_lately=st.booleans(),
    is_reachable=st.booleans(),
    is_in_same_zone=st.booleans(),
    was_let_go=st.booleans(),
)
networks = st.lists(candidates, max_size=12, unique_by=lambda friend: friend.id)
free = candidates.map(
    lambda friend: replace(
        friend, never_suggest=False, has_open_invitation=False, not_now_until=None, declined_on=None, was_let_go=False
    )
)
free_networks = st.lists(free, min_size=1, max_size=12, unique_by=lambda friend: friend.id)


def suggested(*friends: Candidate) -> list[UUID]:
    return [suggestion.friend_id for suggestion in order_to_suggest(friends, TODAY)]


def by_role(*friends: Candidate) -> dict[UUID, Role]:
    return {found.friend_id: found.role for found in three_to_suggest(friends, TODAY)}


@given(network=networks, shuffle=st.randoms(use_true_random=False), half_life=half_lives)
def test_it_gives_the_same_order_for_the_same_friends(
    network: list[Candidate], shuffle: Random, half_life: int
) -> None:
    mixed = list(network)
    shuffle.shuffle(mixed)
    assert order_to_suggest(mixed, TODAY, half_life) == order_to_suggest(network, TODAY, half_life)
    assert three_to_suggest(mixed, TODAY, half_life) == three_to_suggest(network, TODAY, half_life)


@given(network=networks, half_life=half_lives)
def test_it_never_suggests_whom_it_must_not(network: list[Candidate], half_life: int) -> None:
    known = {friend.id: friend for friend in network}
    for found in (*order_to_suggest(network, TODAY, half_life), *three_to_suggest(network, TODAY, half_life)):
        friend = known[found.friend_id]
        assert not friend.never_suggest
        assert not friend.has_open_invitation
        assert friend.not_now_until is None or friend.not_now_until <= TODAY
        assert friend.declined_on is None or (TODAY - friend.declined_on).days >= 60


@given(network=networks, half_life=half_lives)
def test_it_finds_three_different_friends_or_all_there_are(network: list[Candidate], half_life: int) -> None:
    found = three_to_suggest(network, TODAY, half_life)
    asked = [friend.id for friend in network if may_be_suggested(friend, TODAY)]
    assert len({suggestion.friend_id for suggestion in found}) == len(found) == min(3, len(asked))
    roles = [suggestion.role for suggestion in found if suggestion.role is not Role.ALSO]
    assert roles == [role for role in Role if role in roles]


@given(network=networks)
def test_it_lists_everybody_who_may_be_asked_once(network: list[Candidate]) -> None:
    asked = {friend.id for friend in network if may_be_suggested(friend, TODAY)}
    ranked = suggested(*network)
    assert len(ranked) == len(asked)
    assert set(ranked) == asked


@given(network=free_networks, at=st.integers(0, 11), half_life=half_lives)
def test_it_never_ranks_lower_who_is_liked_more(network: list[Candidate], at: int, half_life: int) -> None:
    friend = network[at % len(network)]
    liked = [replace(each, liking=min(5, each.liking + 1)) if each is friend else each for each in network]

    def place(of: list[Candidate]) -> int:
        return [found.friend_id for found in order_to_suggest(of, TODAY, half_life)].index(friend.id)

    assert place(liked) <= place(network)
    before = {found.friend_id for found in three_to_suggest(network, TODAY, half_life)}
    after = {found.friend_id for found in three_to_suggest(liked, TODAY, half_life)}
    assert friend.id not in before or friend.id in after


@given(network=networks, half_life=half_lives)
def test_it_ranks_by_the_sum_of_the_parts(network: list[Candidate], half_life: int) -> None:
    let_go = {friend.id for friend in network if friend.was_let_go}
    found = [each for each in order_to_suggest(network, TODAY, half_life) if each.friend_id not in let_go]
    sums = [each.points for each in found]
    assert sums == sorted(sums, reverse=True)
    assert all(points >= 0 for each in found for _, points in each.parts)


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


def test_it_puts_somebody_else_before_the_last_three_meetups() -> None:
    assert suggested(Candidate(DAN, 4, met_lately=True, company_lately=True), Candidate(EVE, 4)) == [EVE, DAN]
    assert suggested(Candidate(DAN, 4, company_lately=True), Candidate(EVE, 4)) == [EVE, DAN]


def test_it_counts_the_parts_as_published() -> None:
    dan = Candidate(
        DAN,
        5,
        last_contact=TODAY - timedelta(days=350),
        known_from=date(2014, 1, 1),
        is_reachable=True,
        is_in_same_zone=True,
    )
    assert dict(parts_of(dan, TODAY)) == {
        Part.LIKING: 40,
        Part.LOSS: 22,  # 20 x (1 - 2^(-350/270)), and asleep in a week
        Part.HISTORY: 20,
        Part.VARIETY: 15,
        Part.PRACTICAL: 15,
    }


@pytest.mark.parametrize(("silent", "more"), [(806, 0), (807, 20), (896, 20), (897, 0), (266, 0), (267, 10)])
def test_it_counts_more_for_what_is_about_to_be_lost(silent: int, more: int) -> None:
    dan = Candidate(DAN, 4, last_contact=TODAY - timedelta(days=silent))
    quiet = round(20 * (1 - 2 ** (-silent / 270)))
    assert dict(parts_of(dan, TODAY))[Part.LOSS] - quiet == more


def test_it_keeps_the_half_life_of_the_practice() -> None:
    dan = Candidate(DAN, 4, last_contact=TODAY - timedelta(days=120))
    assert order_to_suggest([dan], TODAY, 60)[0].why is Why.SLIPPING
    assert order_to_suggest([dan], TODAY, 900)[0].why is Why.WARM


def test_it_offers_an_easy_one_a_stretch_and_one_long_asleep() -> None:
    easy = Candidate(DAN, 4, last_contact=TODAY - timedelta(days=40), is_reachable=True)
    mentor = Candidate(EVE, 4, Kind.MENTOR, last_contact=TODAY - timedelta(days=900))
    asleep = Candidate(FAY, 3, last_contact=TODAY - timedelta(days=2000))
    other = Candidate(GUS, 2, last_contact=TODAY - timedelta(days=10))
    assert by_role(other, asleep, mentor, easy) == {DAN: Role.EASY, EVE: Role.STRETCH, FAY: Role.ASLEEP}


def test_it_prefers_an_easy_one_who_can_be_written_to() -> None:
    nearer = Candidate(DAN, 5, last_contact=TODAY - timedelta(days=300))
    reachable = Candidate(EVE, 4, last_contact=TODAY - timedelta(days=20), is_reachable=True)
    assert by_role(nearer, reachable)[EVE] is Role.EASY


def test_it_takes_the_best_liked_and_long_known_for_a_stretch() -> None:
    dan = Candidate(DAN, 5, known_from=date(2010, 1, 1), last_contact=TODAY)
    eve = Candidate(EVE, 5, known_from=date(2010, 1, 1), last_contact=TODAY - timedelta(days=1), is_reachable=True)
    found = {each.friend_id: (each.role, each.why) for each in three_to_suggest([dan, eve], TODAY)}
    assert found == {EVE: (Role.EASY, Why.WARM), DAN: (Role.STRETCH, Why.RESPECTED)}


def test_it_says_so_when_a_place_is_filled_by_the_next_best() -> None:
    warm = [Candidate(UUID(int=n), 3, last_contact=TODAY - timedelta(days=n)) for n in range(1, 6)]
    assert list(by_role(*warm).values()) == [Role.ALSO] * 3


def test_it_asks_last_whom_the_client_let_go() -> None:
    dan, eve = Candidate(DAN, 5, was_let_go=True), Candidate(EVE, 1)
    assert [found.friend_id for found in three_to_suggest([dan, eve], TODAY)] == [EVE, DAN]
    assert by_role(dan) == {DAN: Role.ALSO}


@pytest.mark.parametrize(
    ("friend", "why"),
    [
        (Candidate(DAN, 4), Why.UNKNOWN_SILENCE),
        (Candidate(DAN, 4, known_until=date(2019, 1, 1)), Why.NEVER_MET_SINCE),
        (Candidate(DAN, 4, known_until=date(2027, 1, 1)), Why.WARM),
        (Candidate(DAN, 4, last_contact=date(2025, 11, 23)), Why.LONG_SILENCE),
        (Candidate(DAN, 4, last_contact=date(2026, 2, 1)), Why.SLIPPING),
        (Candidate(DAN, 4, last_contact=date(2026, 4, 1)), Why.GOING_QUIET),
        (Candidate(DAN, 4, last_contact=date(2026, 11, 1)), Why.WARM),
    ],
)
def test_it_says_why_in_one_reason(friend: Candidate, why: Why) -> None:
    assert [suggestion.why for suggestion in order_to_suggest([friend], TODAY)] == [why]


@pytest.mark.parametrize(
    ("kind", "why"), [(Kind.MENTOR, Why.MENTOR), (Kind.EXECUTIVE, Why.EXECUTIVE), (Kind.MANAGER, Why.MANAGER)]
)
def test_it_says_why_somebody_is_a_stretch(kind: Kind, why: Why) -> None:
    assert [found.why for found in three_to_suggest([Candidate(DAN, 3, kind)], TODAY)] == [why]


def test_it_says_how_long_the_silence_was() -> None:
    dan = Candidate(DAN, 4, known_until=date(2019, 1, 1))
    assert order_to_suggest([dan], TODAY)[0].silence == Silence(SilenceUnit.YEARS, 7)
