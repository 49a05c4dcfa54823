"""When what is typed may replace what is kept, and what of it stays."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.coaching.rules.notes import (
    MUCH,
    STRETCH,
    Kept,
    begins_stretch,
    both_texts,
    characters_gone,
    is_in_the_way,
)
from tests.conftest import NOW

KEPT = Kept("Ben is unsure.", 3, is_from_same_page=True, began_at=NOW)
FROM_ELSEWHERE = Kept("Ben is unsure.", 3, is_from_same_page=False, began_at=NOW)


def test_it_lets_a_page_write_over_what_it_has_seen() -> None:
    assert not is_in_the_way(FROM_ELSEWHERE, "Ben is sure.", 3)


def test_it_lets_nobody_write_over_what_they_have_not_seen() -> None:
    assert is_in_the_way(FROM_ELSEWHERE, "Ben is sure.", 2)


def test_it_lets_a_page_write_again_that_never_heard_of_its_last_save() -> None:
    assert not is_in_the_way(KEPT, "Ben is sure.", 2)


def test_it_finds_the_same_words_in_nobodys_way() -> None:
    assert not is_in_the_way(FROM_ELSEWHERE, "Ben is unsure.", 1)


@pytest.mark.parametrize(("passed", "begins"), [(STRETCH - timedelta(seconds=1), False), (STRETCH, True)])
def test_it_begins_a_version_after_five_minutes(passed: timedelta, begins: bool) -> None:
    assert begins_stretch(KEPT, "Ben is unsure. But", NOW + passed) is begins


def test_it_begins_a_version_where_another_page_writes() -> None:
    assert begins_stretch(FROM_ELSEWHERE, "Ben is unsure. But", NOW)


@pytest.mark.parametrize(("gone", "begins"), [(MUCH, False), (MUCH + 1, True)])
def test_it_begins_a_version_where_much_goes(gone: int, begins: bool) -> None:
    kept = Kept("x" * gone, 1, is_from_same_page=True, began_at=NOW)
    assert begins_stretch(kept, "", NOW) is begins


@given(before=st.text("ab\n", max_size=30), middle=st.text("ab\n", max_size=9), at=st.integers(0, 30))
def test_it_counts_nothing_as_gone_where_words_were_added(before: str, middle: str, at: int) -> None:
    assert characters_gone(before, before[:at] + middle + before[at:]) == 0


@given(before=st.text("ab", max_size=30), after=st.text("ab", max_size=30))
def test_it_never_counts_more_than_there_was(before: str, after: str) -> None:
    assert 0 <= len(before) - characters_gone(before, after) <= min(len(before), len(after))


def test_it_puts_two_texts_together_and_adds_nothing_for_an_empty_one() -> None:
    assert both_texts("First\n", "Second") == "First\n\nSecond"
    assert both_texts("", "Second") == "Second"
    assert both_texts("First", "  ") == "First"
