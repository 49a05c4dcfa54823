"""Every script is right in a report: to be seen, searched and listened to; and what somebody typed is never markup."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reports.documents.conftest import Print
from tests.reports.documents.made_up import action, note, session_facts, session_row
from tests.reports.documents.papers import faults_of, words_of

SAID = {
    "latin": "Zażółć gęślą jaźń, Nguyễn Thị Hường",
    "greek": "η ζεστασιά μιας φιλίας",
    "cyrillic": "дружба спит, їжак",
    "arabic": "شخصين في فبراير",
    "hebrew": "שעה אחת בחודש",
    "devanagari": "क्षत्रिय",
    "chinese": "每月一小时",
    "japanese": "二月に二人と会いました",
    "korean": "한 달에 한 시간",
    "emoji": "👍🏽 👩‍👩‍👧 🇬🇧 ☕️",
}


@pytest.mark.parametrize("script", SAID)
def test_it_can_be_searched_in_every_script(printed: Print, script: str) -> None:
    said = SAID[script]
    made = printed(session_facts(notes=(note(said),), session=session_row(client_name=said)))
    assert (made.is_accessible, faults_of(made.pdf)) == (True, [])
    words = words_of(made.pdf)  # a reader may tell words of two directions on one line in an order of its own
    assert min(words.count(word) for word in said.split()) >= 3


def test_it_makes_a_report_with_a_sign_that_no_font_has(printed: Print) -> None:
    made = printed(session_facts(notes=(note("Ben drew 𓀀 and went on"),)))
    assert made.is_accessible is False
    assert "and went on" in words_of(made.pdf)


@pytest.mark.parametrize(
    "typed",
    [
        '#read("/etc/passwd")',
        "$x^2$",
        "#{1 + 1}",
        "= Not a title",
        "<label> @ref",
        "\\u{41} ~ --- ...",
        "/* no */ // no",
    ],
    ids=["call", "maths", "code", "title", "label", "escape", "comment"],
)
def test_it_takes_what_somebody_typed_as_data(printed: Print, typed: str) -> None:
    row = session_row(client_name=typed, topic=typed)
    words = words_of(printed(session_facts(session=row, agreed=(action(typed),))).pdf)
    assert words.count(" ".join(typed.split())) >= 3


@pytest.mark.parametrize(
    "typed",
    [
        "[a link](https://example.com/" + "x" * 9_000 + ")",
        "*_" * 60 + "on" + "_*" * 60,
        "**a " * 400 + "b**" * 400,
        "*a " * 12_000 + "b*" * 12_000,
        "> - " * 300 + "deep",
        "word " * 9_990,
        "w" * 50_000,
        "- one\n" * 1_000,
    ],
    ids=["link", "marks", "strong", "endless marks", "quotes", "longest note", "longest word", "long list"],
)
def test_it_sets_what_goes_far_beyond_any_note(printed: Print, typed: str) -> None:
    made = printed(session_facts(notes=(note(f"{typed}\n\nthe end"),)))
    assert (made.is_accessible, "the end" in words_of(made.pdf)) == (True, True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("#*_`>-+1. \n[](!)\\~<b&x\tä中ع\u200d\x07\ufeff", max_size=120))
def test_it_makes_a_whole_document_of_whatever_is_noted(printed: Print, text: str) -> None:
    made = printed(session_facts(notes=(note(text),), agreed=(action(text or "x"),)))
    assert made.is_accessible
    assert faults_of(made.pdf) == []
