"""Reports are real documents: tagged, titled, searchable, with fonts of their own, whatever is in them."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE, FPDF_PAGEOBJ_PATH

from coachhub.coaching.models import Party
from coachhub.platform.language import as_reader, speak
from coachhub.platform.pictures import clean_picture
from coachhub.platform.typeset import typeset
from coachhub.reports.documents import ReportFacts
from coachhub.reports.documents.facts import Coached, ProgressFacts, SessionFacts
from coachhub.reports.documents.frame import typed
from coachhub.reports.documents.progress_words import progress_words
from tests.platform.drawn import drawn
from tests.reports.documents.conftest import Print
from tests.reports.documents.made_up import (
    AT,
    action,
    months,
    network,
    note,
    progress_facts,
    session_facts,
    session_row,
    whose,
)
from tests.reports.documents.papers import about, faults_of, fonts_of, pages_of, pictures_of, words_of

A_LIFE = "dmddpDddmdcD."
SILENCES = (5, 20, 80, 150, 200, 300, 450, 640, 980, 1400)
NOTES = (
    "He met **two** people.\n\n# Tried\n\n- one\n  - more\n1. first\n\n> quoted\n\n`code` [link](https://example.com)\n"
)


def a_session() -> SessionFacts:
    """One with everything in it."""
    return session_facts(
        session=session_row(topic="How to go on"),
        notes=(note(NOTES), note("Bob's word", "Bob Bell", UUID(int=9))),
        agreed=(action("Write to Nadia", due_on=date(2026, 3, 12)), action("Send it", Party.COACH, is_done=True)),
        before=(action("Keep Thursday free"),),
        months=months(A_LIFE),
        network=network(SILENCES),
        next=session_row(AT + timedelta(days=28)),
    )


def some_months(life: str = A_LIFE, length: int = 12) -> ProgressFacts:
    """A period with everything in it."""
    facts = progress_facts(life, length, network=network(SILENCES, count=max(length, 12) + 1))
    done = (action("Write to Nadia", is_done=True),)
    return replace(facts, coached=Coached(6, 360), done=done, done_count=1, agreed=2)


FIVE_YEARS = (A_LIFE[:-1] * 5)[:59] + "."
KINDS: dict[str, ReportFacts] = {
    "session": a_session(),
    "empty session": session_facts(network=None),
    "year": some_months(),
    "month": some_months(length=1),
    "two years": some_months(FIVE_YEARS, 24),
    "five years": some_months(FIVE_YEARS, 60),
    "nothing": progress_facts(network=None),
    "sponsor": replace(some_months(), names_nobody=True, done=()),
    "arabic": replace(some_months(), whose=whose("محمد الفارسي", practice_locale="ar")),
    "letter paper": replace(a_session(), whose=whose(practice_locale="en_US")),
}


@pytest.mark.parametrize("kind", KINDS)
def test_it_keeps_to_pdf_ua(printed: Print, kind: str) -> None:
    made = printed(KINDS[kind])
    assert (made.is_accessible, faults_of(made.pdf)) == (True, [])


def test_it_says_what_it_is(printed: Print) -> None:
    found = about(printed(KINDS["session"]).pdf)
    assert (found["Title"], found["Author"]) == ("Session report, Ben Berger, 5 March 2026", "Ana Coaching")
    assert about(printed(KINDS["year"]).pdf)["Title"] == "Progress report, Ben Berger, April 2025 to March 2026"


def test_it_tells_who_and_when_what_was_noted_and_agreed(printed: Print) -> None:
    words = words_of(printed(KINDS["session"]).pdf)
    for said in (
        "Thursday, 5 March 2026",
        "Ben Berger with Ana Alvarez",
        "10:00 to 11:00, London time · 60 minutes",
        "How to go on",
        "He met two people.",
        "Bob Bell",
        "Write to Nadia",
        "12 March 2026",
        "Still open from before",
        "Keep Thursday free",
        "7 of the last 9 months that counted are done. Habit strength is 78 of 100.",
        "Thursday, 2 April 2026, 11:00",
    ):
        assert said in words


def test_it_says_that_there_is_nothing_yet(printed: Print) -> None:
    words = words_of(printed(KINDS["empty session"]).pdf) + words_of(printed(KINDS["nothing"]).pdf)
    for said in ("No notes of this session are shared.", "No actions were agreed.", "None is planned yet."):
        assert said in words
    assert words.count("The habit has not begun yet.") == 2
    assert words.count("The network begins when the client signs in for the first time.") == 2


def test_it_adds_up_the_months_of_a_period(printed: Print) -> None:
    words = words_of(printed(KINDS["year"]).pdf)
    for said in ("7 of 9 months done", "9 meetups", "8.2 hours together", "In all 7 of 9 done 9 8.2 78"):
        assert said in words
    assert "6 sessions took place, 6 hours in all. 1 of 2 actions is done." in words.replace("are done", "is done")


def test_it_repeats_the_head_of_a_table_and_numbers_its_pages(printed: Print) -> None:
    pages = pages_of(printed(KINDS["five years"]).pdf)
    assert len(pages) >= 3
    assert [f"{at} of {len(pages)}" in page for at, page in enumerate(pages, 1)] == [True] * len(pages)
    tables = [page for page in pages if "November 20" in page]
    assert len(tables) >= 2
    assert all("Month What came of it Meetups Hours Habit Network" in page for page in tables)


@pytest.mark.parametrize("length", range(26, 40))
def test_it_leaves_no_sum_alone_on_a_page(printed: Print, length: int) -> None:
    last = pages_of(printed(some_months(FIVE_YEARS, length)).pdf)[-1]
    assert "In all" not in last or "March 2026 still open" in last


def test_it_names_nobody_to_a_sponsor(printed: Print) -> None:
    facts = KINDS["sponsor"]
    words = words_of(printed(facts).pdf)
    assert "A client of Ana Alvarez" in words
    assert all(said not in words for said in ("Ben", "Nadia", "employer", "kinds of tie"))
    assert "1 of 2 actions" in words


@pytest.mark.parametrize("kind", KINDS)
def test_it_carries_its_fonts_in_itself(printed: Print, kind: str) -> None:
    fonts = fonts_of(printed(KINDS[kind]).pdf)
    assert len(fonts) >= 2
    assert [name for name, is_embedded in fonts.items() if not is_embedded] == []


def test_it_draws_its_charts_and_pastes_none(printed: Print) -> None:
    plain, drawn_too = pictures_of(printed(KINDS["nothing"]).pdf), pictures_of(printed(KINDS["year"]).pdf)
    assert drawn_too[FPDF_PAGEOBJ_PATH] > plain[FPDF_PAGEOBJ_PATH] + 20
    assert drawn_too[FPDF_PAGEOBJ_IMAGE] == 0


def test_it_carries_the_logo_of_the_practice(printed: Print) -> None:
    plain, logo = a_session(), clean_picture(drawn("PNG", (600, 200)))
    made = printed(replace(plain, whose=whose(logo=logo, accent="#ffe08a")))
    assert (made.is_accessible, faults_of(made.pdf)) == (True, [])
    assert pictures_of(made.pdf)[FPDF_PAGEOBJ_IMAGE] == 1
    assert pictures_of(printed(plain).pdf)[FPDF_PAGEOBJ_IMAGE] == 0


def test_it_is_right_for_paper_and_language_of_its_reader(printed: Print) -> None:
    assert "Thursday, March 5, 2026" in words_of(printed(KINDS["letter paper"]).pdf)
    assert "مارس" in words_of(printed(KINDS["arabic"]).pdf)


def test_it_runs_as_its_words_run_until_they_are_translated() -> None:
    app = Flask("documents")
    speak(app)
    with app.app_context(), as_reader("ar", "Europe/London"):
        words = progress_words(some_months())
        assert (words["dir"], typed("Ben"), typed("دان")) == ("ltr", "Ben", "\u2068دان\u2069")
        made = typeset("progress.typ", words | {"dir": "rtl"}, AT)
    assert (made.is_accessible, faults_of(made.pdf)) == (True, [])
