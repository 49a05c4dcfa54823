"""Plain facts are put into words that were composed before: what comes of it is what composing them anew says."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.reminders.rules import Items, Part, Quote, compose, one_line_of
from coachhub.reminders.rules import words as written

_WORDS = st.lists(
    st.sampled_from(
        [
            *(
                "Tell me of {friend}.",
                "{friend}",
                "On {day}: {friend}!",
                "How was it?",
                "Before:",
                "http:{day}",
                "{day}//x",
                "/{day}/",
                "\uf8f1{day}",
                "{ friend }? {day}",
            ),
            *(
                "שלום {day}",
                "{day} שלום",
                "<b> & {day}",
                "https://example.com/{day}",
                "50% {{ }",
                "%{off}% {}",
                "{none}.",
            ),
        ]
    ),
    max_size=5,
)
_FACTS = st.sampled_from(
    [
        *(
            "",
            "Dan Dorsey",
            "O'Neil",
            "A <b> & B",
            "José",
            "ליאור",
            "Thursday 5 March",
            "12",
            "1st",
            "a  b",
            " a",
            "a ",
        ),
        *("two\nlines", "https://example.com", "{day}", "%{off}%", "Anna-Lena (work), #1", "x", "字", "a{b", "é"),
        *(Quote("his words"), Items((("Dan", "long ago"), ("Eve", "")))),
    ]
)


def _afresh(words: str, facts: Mapping[str, Part]) -> tuple[tuple[str, str], str]:
    return written._composed(words, facts), written._line(words, facts)


@given(_WORDS, st.sampled_from(["\n\n", "\n", " "]), _FACTS, _FACTS)
def test_it_says_the_same_as_composed_afresh(lines: list[str], between: str, friend: Part, day: Part) -> None:
    words, facts = between.join(lines), {"friend": friend, "day": day}
    assert (compose(words, facts), one_line_of(words, facts)) == _afresh(words, facts)


@pytest.mark.parametrize(
    "fact", ["A <b>", 'say "x"', "O'Neil", "a & b", "12", "a  b", "a ", " a", "https://x", "a/b", "a\nb", "José"]
)
def test_it_takes_nothing_for_plain_that_could_be_markup(fact: str) -> None:
    assert not written._are_plain("{friend}", {"friend": fact})
