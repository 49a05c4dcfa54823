"""The pages of reports: the coach's and the client's."""

import re

import psycopg
import pytest

from coachhub.reports.models import ReportKind
from tests.factories import a_client
from tests.reports.conftest import AddMany
from tests.reports.shelf.desk import Desk, progress
from tests.reports.shelf.test_making import break_setting
from tests.statements import asked
from tests.words import words_of

FEBRUARY = {"kind": "progress", "first": "2026-02", "last": "2026-02"}


def ask(desk: Desk, **more: str):  # type: ignore[no-untyped-def]
    return desk.cast.browser(desk.cast.ana).post(_shelf(desk), data=FEBRUARY | more)


def _shelf(desk: Desk) -> str:
    return f"/clients/{desk.cast.ben.client_id}/reports"


def _ana(desk: Desk, path: str = "") -> str:
    answer = desk.cast.browser(desk.cast.ana).get(_shelf(desk) + path)
    assert answer.status_code == 200
    return str(answer.text)


def test_it_shows_that_a_report_is_on_its_way(desk: Desk) -> None:
    address = ask(desk).location
    page = desk.cast.browser(desk.cast.ana).get(address).text
    assert "in a moment" in page
    assert 'hx-trigger="every 1s"' in page
    assert "Progress report, February 2026" in page
    desk.make()
    page = desk.cast.browser(desk.cast.ana).get(address).text
    assert "every 1s" not in page
    assert "<iframe" in page
    assert "Send to Ben Berger" in page


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"first": "2026-03"}, "before the first one"),
        ({"first": "nonsense"}, "Not a valid choice"),
        ({"kind": "session"}, "Not a valid choice"),
    ],
    ids=["backwards", "nonsense", "kind"],
)
def test_it_says_what_is_wrong_with_the_months(desk: Desk, more: dict[str, str], words: str) -> None:
    answer = ask(desk, **more)
    assert answer.status_code == 422
    assert words in answer.text


def test_it_lets_a_page_of_ours_alone_show_the_document(desk: Desk) -> None:
    report_id = desk.ready()
    browser = desk.cast.browser(desk.cast.ana)
    page = browser.get(f"{_shelf(desk)}/{report_id}")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    pdf = browser.get(f"{_shelf(desk)}/{report_id}/report.pdf")
    assert pdf.data.startswith(b"%PDF")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.headers["Content-Security-Policy"] == "frame-ancestors 'self'"
    assert pdf.headers["Content-Disposition"].startswith("inline; ")
    kept = browser.get(f"{_shelf(desk)}/{report_id}/report.pdf?keep=1")
    assert kept.headers["Content-Disposition"] == (
        'attachment; filename="Ben Berger - Progress report, February 2026.pdf"; '
        "filename*=UTF-8''Ben%20Berger%20-%20Progress%20report%2C%20February%202026.pdf"
    )


def test_it_names_a_file_for_a_sponsor_after_nobody(desk: Desk) -> None:
    report_id = desk.ready(subject=progress(kind=ReportKind.SPONSOR))
    kept = desk.cast.browser(desk.cast.ana).get(f"{_shelf(desk)}/{report_id}/report.pdf?keep=1")
    assert 'filename="Progress report without names, February 2026.pdf"' in kept.headers["Content-Disposition"]
    assert "Ben" not in str(kept.headers)


def test_it_makes_the_next_version_and_lists_both(desk: Desk) -> None:
    report_id = desk.ready()
    answer = desk.cast.browser(desk.cast.ana).post(f"{_shelf(desk)}/{report_id}/again")
    desk.make()
    page = desk.cast.browser(desk.cast.ana).get(answer.location).text
    for words in ("Version 1", "Version 2", "this one"):
        assert words in page


def test_it_says_why_one_failed_and_tries_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    report_id = desk.ask()
    with monkeypatch.context() as broken:
        break_setting(broken, ValueError("Ben's secret"))
        desk.make()
    page = _ana(desk, f"/{report_id}")
    assert "could not be set" in page
    assert "secret" not in page
    desk.cast.browser(desk.cast.ana).post(f"{_shelf(desk)}/{report_id}/retry")
    desk.make()
    assert "<iframe" in _ana(desk, f"/{report_id}")


def test_it_deletes_one_after_a_second_thought(desk: Desk) -> None:
    report_id = desk.ready()
    assert "gone for good" in _ana(desk, f"/{report_id}/delete")
    browser = desk.cast.browser(desk.cast.ana)
    assert "Deleted." in browser.post(f"{_shelf(desk)}/{report_id}/delete", follow_redirects=True).text
    assert browser.get(f"{_shelf(desk)}/{report_id}").status_code == 404


def test_it_sends_and_takes_back(desk: Desk) -> None:
    report_id = desk.ready()
    browser = desk.cast.browser(desk.cast.ana)
    assert "gets a mail" in browser.post(f"{_shelf(desk)}/{report_id}/send", follow_redirects=True).text
    mine = desk.cast.browser(desk.cast.ben)
    assert "Progress report, February 2026" in mine.get("/sessions/reports").text
    assert "Taken back" in browser.post(f"{_shelf(desk)}/{report_id}/take-back", follow_redirects=True).text
    assert mine.get(f"/sessions/reports/{report_id}").status_code == 404


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        ("update clients set status = 'invited'", "not accepted their invitation", "they have not started yet."),
        ("update clients set status = 'archived'", "no mail leads there", "they are in the archive."),
        (
            "insert into suppressions (practice_id, address, cause, since) "
            "select practice_id, 'ben@example.com', 'bounced', now() from clients",
            "no mail leads there: mail to their address comes back.",
            "mail to their address comes back.",
        ),
        (
            "insert into reminder_switches (practice_id, client_id, kind, is_off, changed_at) "
            "select practice_id, id, 'report_ready', true, now() from clients",
            "no mail leads there: this kind of mail is switched off.",
            "this kind of mail is switched off.",
        ),
        ("update clients set status = 'paused'", "and a mail leads there.", "Ben Berger gets a mail that leads to it."),
    ],
    ids=["invited", "archived", "bounced", "switched off", "paused"],
)
def test_it_says_whether_a_mail_goes(
    desk: Desk, admin: psycopg.Connection, change: str, before: str, after: str
) -> None:
    report_id = desk.ready()
    admin.execute(f"{change} where practice_id = %s", [desk.cast.ana.practice_id])
    assert before in _ana(desk, f"/{report_id}")
    browser = desk.cast.browser(desk.cast.ana)
    assert after in browser.post(f"{_shelf(desk)}/{report_id}/send", follow_redirects=True).text


def test_it_shows_the_client_their_own_and_notes_that_they_opened_it(desk: Desk) -> None:
    report_id = desk.sent()
    assert "not yet" in _ana(desk, f"/{report_id}")
    mine = desk.cast.browser(desk.cast.ben)
    assert "New" in mine.get("/sessions/reports").text
    assert "<iframe" in mine.get(f"/sessions/reports/{report_id}").text
    pdf = mine.get(f"/sessions/reports/{report_id}/report.pdf?keep=1")
    assert 'filename="Progress report, February 2026.pdf"' in pdf.headers["Content-Disposition"]
    assert "Opened" in _ana(desk, f"/{report_id}")
    assert "New" not in words_of(mine.get("/sessions/reports").text)


def test_it_tells_a_client_without_reports_what_they_are(desk: Desk) -> None:
    assert "No report yet" in desk.cast.browser(desk.cast.ben).get("/sessions/reports").text


def test_it_has_the_report_of_a_session_on_its_page(desk: Desk) -> None:
    session_id = desk.held()
    there = f"/clients/{desk.cast.ben.client_id}/sessions/{session_id}"
    browser = desk.cast.browser(desk.cast.ana)
    assert "Make the report" in browser.get(there).text
    location = browser.post(f"{there}/report").location
    desk.make()
    assert "Session report, 5 Mar 2026" in browser.get(there).text
    assert "The report on this session" not in desk.cast.browser(desk.cast.ben).get(f"/sessions/{session_id}").text
    browser.post(f"{location}/send")
    assert "The report on this session" in desk.cast.browser(desk.cast.ben).get(f"/sessions/{session_id}").text


def test_it_keeps_the_wish_for_each_month(desk: Desk) -> None:
    browser = desk.cast.browser(desk.cast.ana)
    browser.post(f"{_shelf(desk)}/monthly", data={"kind": "sponsor"})
    assert re.search(r'<option selected value="sponsor">', _ana(desk))
    browser.post(f"{_shelf(desk)}/monthly", data={"kind": ""})
    assert not re.search(r'<option selected value="sponsor">', _ana(desk))


def test_it_makes_those_of_all_clients_and_says_how_far_it_is(desk: Desk) -> None:
    a_client(desk.cast.app, desk.cast.ana, "Eva Ek", "eva@example.com")
    browser = desk.cast.browser(desk.cast.ana)
    address = browser.post("/documents", data=FEBRUARY | {"coach_id": "all"}).location
    page = browser.get(address).text
    assert "0 of 2 made" in page
    assert 'hx-trigger="every 1s"' in page
    desk.make()
    page = browser.get(address).text
    assert "2 reports are ready." in page
    assert "Download all as a zip" in page
    listed = browser.get("/documents").text
    assert "2 of 2 made" in listed
    assert "Eva Ek · 5 Mar 2026 · by Ana Alvarez" in listed


def test_it_makes_those_of_ticked_clients(desk: Desk) -> None:
    eva = a_client(desk.cast.app, desk.cast.ana, "Eva Ek", "eva@example.com")
    browser = desk.cast.browser(desk.cast.ana)
    ticked = {"client_ids": [str(desk.cast.ben.client_id), str(eva.client_id)]}
    page = browser.post("/documents/chosen", data=ticked)
    assert page.status_code == 200
    assert "A report for each of 2 clients" in page.text
    assert (
        browser.post("/documents/chosen", data=ticked | FEBRUARY | {"do": "make", "first": "2026-03"}).status_code
        == 422
    )
    answer = browser.post("/documents/chosen", data=ticked | FEBRUARY | {"do": "make"})
    desk.make()
    assert "2 reports are ready." in browser.get(answer.location).text


def test_it_sends_those_of_a_batch_in_one_step(desk: Desk, admin: psycopg.Connection) -> None:
    a_client(desk.cast.app, desk.cast.ana, "Eva Ek", "eva@example.com")
    batch_id = desk.ask_for_all()
    desk.make()
    browser = desk.cast.browser(desk.cast.ana)
    page = browser.post(f"/documents/{batch_id}/send", follow_redirects=True).text
    assert "2 clients get a mail." in page
    assert "2 were sent to their clients." in page
    assert "Send each to its client" not in page
    browser.post(f"/documents/{batch_id}/send")
    assert admin.execute("select count(*) from report_letters").fetchone() == (2,)


def test_it_says_how_many_no_mail_tells(desk: Desk, admin: psycopg.Connection) -> None:
    a_client(desk.cast.app, desk.cast.ana, "Eva Ek", "eva@example.com")
    batch_id = desk.ask_for_all()
    desk.make()
    admin.execute("update clients set status = 'archived' where name = 'Eva Ek'")
    page = desk.cast.browser(desk.cast.ana).post(f"/documents/{batch_id}/send", follow_redirects=True).text
    assert "1 client gets a mail." in page
    assert "1 client gets none:" in page


def test_it_tells_the_client_which_version_is_which(desk: Desk) -> None:
    first = desk.sent()
    browser = desk.cast.browser(desk.cast.ana)
    again = browser.post(f"{_shelf(desk)}/{first}/again").location
    desk.make()
    browser.post(f"{again}/send")
    listed = desk.cast.browser(desk.cast.ben).get("/sessions/reports").text
    assert listed.count("Progress report, February 2026") == 2
    assert listed.count("version 2") == 1


def test_it_says_that_there_is_nobody_to_make_one_for(desk: Desk, admin: psycopg.Connection) -> None:
    admin.execute("update clients set status = 'invited'")
    answer = desk.cast.browser(desk.cast.ana).post("/documents", data=FEBRUARY | {"coach_id": "all"})
    assert answer.status_code == 422
    assert "nobody to make a report for" in answer.text


def test_it_lists_those_of_a_batch_that_failed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    batch_id = desk.ask_for_all()
    with monkeypatch.context() as broken:
        break_setting(broken, ValueError())
        desk.make()
    browser = desk.cast.browser(desk.cast.ana)
    page = browser.get(f"/documents/{batch_id}").text
    assert "1 has failed." in page
    assert "Ben Berger" in page
    browser.post(f"/documents/{batch_id}/retry")
    desk.make()
    assert "1 report is ready." in browser.get(f"/documents/{batch_id}").text


def test_it_asks_as_often_for_many_clients_as_for_few(desk: Desk, add_many: AddMany) -> None:
    browser = desk.cast.browser(desk.cast.ana)
    counts = []
    for last in (1, 40):
        add_many(last)
        with asked(desk.cast.app) as statements:
            browser.post("/documents", data=FEBRUARY | {"coach_id": "all"})
        counts.append(len(statements))
        desk.make()
    assert counts[0] == counts[1]
