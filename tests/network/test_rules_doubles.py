"""Who may be one person twice."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.network.rules.doubles import Double, Known, Same, name_key, possible_doubles

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))


def test_it_pairs_by_address_then_profile_then_name() -> None:
    friends = [
        Known(ONE, "Dan Dorsey", "Dan@example.net", "linkedin.com/in/dan"),
        Known(TWO, "Dorsey, Dan", "", ""),
        Known(THREE, "D. D.", "dan@Example.net", "linkedin.com/in/dan"),
    ]
    assert possible_doubles(friends) == [Double(ONE, THREE, Same.EMAIL), Double(ONE, TWO, Same.NAME)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Dan Dorsey", " dorsey,  DAN"), ("José Núñez", "Jose Nunez"), ("محمد علي", "علي محمد"), ("O’Neil", "o neil")],
)
def test_it_knows_a_name_in_other_writing(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("王小明", "王小红"), ("Dan Dorsey", "Dan Dorset"), ("Ann", "Anna")])
def test_it_takes_no_other_name_for_the_same(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_it_pairs_nobody_by_what_is_empty() -> None:
    assert possible_doubles([Known(ONE, "…"), Known(TWO, "!"), Known(THREE, "")]) == []


@given(st.lists(st.tuples(st.sampled_from("abc "), st.sampled_from(["", "x", "y"])), max_size=12))
def test_it_pairs_each_friend_at_most_once_a_reason_and_never_with_themselves(people: list[tuple[str, str]]) -> None:
    friends = [Known(UUID(int=number), name, email) for number, (name, email) in enumerate(people, 1)]
    found = possible_doubles(friends)
    pairs = [frozenset((double.first_id, double.second_id)) for double in found]
    assert len(set(pairs)) == len(pairs) <= len(Same) * len(friends)
    assert all(double.first_id.int < double.second_id.int for double in found)
