"""A form that took long to write comes back with all its words where it cannot be taken."""

from collections.abc import Iterator

import pytest

from tests.cast import Cast
from tests.coaching.noted import kept, sent_by
from tests.coaching.planned import planned


@pytest.fixture
def checking(cast: Cast) -> Iterator[Cast]:
    """The cast, of an application that looks at form tokens."""
    cast.app.config["WTF_CSRF_ENABLED"] = True
    yield cast
    cast.app.config["WTF_CSRF_ENABLED"] = False


def test_it_gives_words_back_whose_token_is_too_old(checking: Cast) -> None:
    session_id = planned(checking)
    path = f"/clients/{checking.ben.client_id}/sessions/{session_id}"
    fields = sent_by(checking.browser(checking.ana).get(path).text) | {"text-me": "Typed long ago"}
    answer = checking.browser(checking.ana).post(f"{path}/notes", data=fields)
    assert answer.status_code == 400
    assert "Typed long ago</textarea>" in answer.text
    assert fields["csrf_token"] not in answer.text
    assert kept(checking, session_id) == ""


def test_it_takes_them_once_sent_again(checking: Cast) -> None:
    session_id, browser = planned(checking), checking.browser(checking.ana)
    path = f"/clients/{checking.ben.client_id}/sessions/{session_id}"
    fields = sent_by(browser.get(path).text) | {"text-me": "Typed long ago"}
    assert browser.post(f"{path}/notes", data=fields).status_code == 303
    assert kept(checking, session_id) == "Typed long ago"


@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 303), ("same-site", 400), ("none", 400), ("cross-site", 403)]
)
def test_it_believes_a_browser_that_names_our_own_page(checking: Cast, site: str, status: int) -> None:
    path = f"/clients/{checking.ben.client_id}/sessions/{planned(checking)}/notes"
    sent = {"text-me": "Typed", "seen-me": "0."}
    answer = checking.browser(checking.ana).post(path, data=sent, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == status


def test_it_validates_forms_of_ours_as_ever(checking: Cast) -> None:
    browser, path = checking.browser(checking.ana), "/settings/templates/new"
    typed, ours = {"kind": "notes", "name": "Usual", "text": "# Next"}, {"Sec-Fetch-Site": "same-origin"}
    assert browser.post(path, data=typed).status_code == 400
    assert browser.post(path, data=typed, headers=ours).status_code == 303


def test_it_asks_whoever_sent_nothing_to_sign_in(cast: Cast) -> None:
    answer = cast.browser().post("/settings/templates/new")
    assert (answer.status_code, answer.location) == (302, "/sign-in")
