"""A practice writes a reminder in its own words: tried, checked, kept, and put back."""

import re
from html import unescape

import psycopg
import pytest

from coachhub.reminders.forms.words import LONGEST_SUBJECT, LONGEST_WORDS
from tests.cast import Cast
from tests.factories import a_practice

PAGE = "/settings/messages/new_month"
XSS = "<script>alert(1)</script>"
GOOD = {"subject": "Your {month}", "words": "A new hour, {month}.\n\n{plan}\n\nWho?\n\n{friends}"}


def _post(cast: Cast, subject: str, words: str, step: str = "") -> tuple[int, str]:
    answer = cast.browser(cast.ana).post(PAGE + step, data={"subject": subject, "words": words})
    return answer.status_code, answer.text


def _kept(admin: psycopg.Connection) -> list[tuple[object, ...]]:
    return admin.execute("select kind, subject, words from reminder_rules").fetchall()


def _typed(page: str) -> tuple[str, str]:
    """What stands in the two fields."""
    subject = re.search(r'<input[^>]*name="subject"[^>]*value="([^"]*)"', page)
    words = re.search(r"<textarea[^>]*>\r?\n?(.*?)</textarea>", page, re.S)
    assert subject is not None
    assert words is not None
    return subject[1], words[1]


def test_it_begins_with_our_words_and_shows_how_they_read(cast: Cast) -> None:
    page = cast.browser(cast.ana).get(PAGE).text
    assert _typed(page)[0] == "{month}: with whom would you like an hour?"
    assert "March 2026: with whom would you like an hour?" in page
    assert "<strong>Robin Example</strong>" in page
    assert "Ana Alvarez via Ana Coaching" in page
    assert "<p>Hello Ana,</p>" in page
    assert "<code>{friends}</code>" in page


def test_it_keeps_the_own_words_of_a_practice(cast: Cast, admin: psycopg.Connection) -> None:
    windows = GOOD["words"].replace("\n", "\r\n")
    for _ in range(2):
        assert _post(cast, " Your  {month} ", f"\r\n{windows}\r\n")[0] == 303
    assert _kept(admin) == [("new_month", GOOD["subject"], GOOD["words"])]
    page = cast.browser(cast.ana).get(PAGE).text
    assert "Your March 2026" in page
    assert "Own words" in cast.browser(cast.ana).get("/settings/messages").text
    assert "Own words" not in cast.browser(cast.cleo).get("/settings/messages").text


def test_it_shows_a_preview_and_keeps_nothing(cast: Cast, admin: psycopg.Connection) -> None:
    status, page = _post(cast, GOOD["subject"], GOOD["words"], "/preview")
    assert (status, _typed(page)[0]) == (200, GOOD["subject"])
    assert "<p>A new hour, March 2026.</p>" in page
    assert _kept(admin) == []


def test_it_finds_no_fault_with_half_a_word_while_somebody_types(cast: Cast) -> None:
    form = {"subject": "{mon", "words": "Fine"}
    answer = cast.browser(cast.ana).post(f"{PAGE}/preview", data=form, headers={"HX-Request": "true"})
    assert (answer.status_code, "This cannot go out as it stands:" in answer.text) == (200, True)


def test_it_goes_back_to_our_words(cast: Cast, admin: psycopg.Connection) -> None:
    _post(cast, **GOOD)
    browser = cast.browser(cast.ana)
    assert "Back to our words" in browser.get(PAGE).text
    for _ in range(2):
        assert browser.post(f"{PAGE}/ours").status_code == 303
    assert _kept(admin) == [("new_month", None, None)]
    page = browser.get(PAGE).text
    assert "with whom would you like an hour?" in page
    assert "Back to our words" not in page


def test_it_takes_our_words_saved_unchanged_for_ours(cast: Cast, admin: psycopg.Connection) -> None:
    subject, words = map(unescape, _typed(cast.browser(cast.ana).get(PAGE).text))
    assert _post(cast, subject, words)[0] == 303
    assert _kept(admin) == [("new_month", None, None)]


@pytest.mark.parametrize("step", ["", "/preview", "/test", "/mail"])
@pytest.mark.parametrize(
    ("subject", "words", "said"),
    [
        ("Hello {name}", "Fine", "Nobody fills in {name}. You can use {month}, {plan}, {friends}."),
        ("Fine", "Hi {nme}, see {Friends}", "Nobody fills in {Friends}, {nme}."),
        ("Fine", "Hi {{month}}", "There is a brace { } that belongs to no field."),
        ("Fine {", "Fine", "There is a brace { that belongs to no field."),
        ("Fine", "Hi {mo\nnth}", "There is a brace { } that belongs to no field."),
        ("Fine", "Think of {friends} now", "{friends} is longer than a word: give it a paragraph of its own."),
        ("Fine", "You said: {plan}", "{plan} is longer than a word: give it a paragraph of its own."),
        ("Only {friends}", "Fine", "{friends} is a list, too long for a subject."),
        ("", "Fine", "Write a subject."),
        (" \t ", "Fine", "Write a subject."),
        ("Fine", " \n \n ", "Write what the mail says."),
        ("Fine", "", "Write what the mail says."),
        ("x" * (LONGEST_SUBJECT + 1), "Fine", "longer than 150 characters"),
        ("Fine", "y" * 10_000, "longer than 4000 characters"),
        ("Fine", "{" + " " * 9_000 + "}", "longer than 4000 characters"),
    ],
)
def test_it_says_what_cannot_be_said_and_keeps_what_was_typed(
    cast: Cast, admin: psycopg.Connection, step: str, subject: str, words: str, said: str
) -> None:
    status, page = _post(cast, subject, words, step)
    assert (status, said in page) == (422, True)
    kept = _typed(page)
    assert (kept[0].strip(), kept[1].strip()) == (subject.strip(), words.strip())
    assert _kept(admin) == []
    assert admin.execute("select count(*) from outbox").fetchone() == (0,)


@pytest.mark.parametrize("words", ["{" + " " * 3_000, "{ " * 1_900, "\n " * 1_900, "{" * 3_900, "}" * 3_900])
def test_it_reads_hard_words_quickly(cast: Cast, words: str) -> None:
    assert _post(cast, "Fine", words + "x", "/preview")[0] in (200, 422)


def test_it_takes_words_as_words(cast: Cast) -> None:
    words = f"{XSS} & <b>bold</b> %(name)s 100% %s"
    _post(cast, XSS, words)
    for page in (cast.browser(cast.ana).get(PAGE).text, _post(cast, XSS, words, "/mail")[1]):
        assert XSS not in page
        assert "<b>bold" not in page
        assert "&lt;script&gt;" in page
        assert "%(name)s 100% %s" in page


def test_it_shows_the_whole_mail_alone_where_nothing_may_run(cast: Cast) -> None:
    answer = cast.browser(cast.ana).post(f"{PAGE}/mail", data=GOOD)
    policy = answer.headers["Content-Security-Policy"]
    assert "A new hour, March 2026." in answer.text
    assert answer.text.startswith("<!doctype html>")
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "/u/" not in answer.text
    saved = cast.browser(cast.ana).get(f"{PAGE}/mail")
    assert ("A new hour" in saved.text, saved.headers["Content-Security-Policy"]) == (False, policy)


def test_it_takes_every_script(cast: Cast) -> None:
    words = "שלום, {month}! 👋🏽\n\n你好。{month}。\n\nمرحبا\n\nHi {month} 😀"
    _post(cast, "🌱 {month} ليلى", words)
    page = cast.browser(cast.ana).get(PAGE).text
    assert '<p dir="rtl">שלום, March 2026! 👋🏽</p>' in page
    assert '<p dir="rtl">مرحبا</p>' in page
    assert "<p>你好。March 2026。</p>" in page
    assert "🌱 March 2026 ليلى" in page


def test_it_writes_the_sample_in_the_language_and_zone_of_who_looks(cast: Cast) -> None:
    mia = a_practice(cast.app, "Mia Mentoring", "Mia Mori", "mia@example.com", time_zone="Asia/Tokyo")
    page = cast.browser(mia).get(PAGE).text
    assert "12 March, 21:30" in page


def test_it_keeps_the_longest_words(cast: Cast, admin: psycopg.Connection) -> None:
    assert _post(cast, "字" * LONGEST_SUBJECT, "字" * LONGEST_WORDS)[0] == 303
    assert len(str(_kept(admin)[0][2])) == LONGEST_WORDS
