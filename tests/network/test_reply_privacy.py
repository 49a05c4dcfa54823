"""A stranger's page: it tells nothing, keeps nothing, opens to nobody who has no link, and takes no nonsense."""

import re

import psycopg
import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from coachhub.network.service.drafts import Tone, keep_draft
from coachhub.network.service.meetups import agree_meetup
from coachhub.network.service.reply_links import follow_reply_link
from coachhub.platform import embedded, tokens
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice, as_visitor
from tests.cast import Cast
from tests.factories import a_client, a_friend
from tests.network.conftest import Acting
from tests.network.letters import FRIDAY, MONDAY, THURSDAY, Letter, a_letter, a_phone

STEPS = ("", "/other", "/no", "/off")
XSS = "<script>alert(1)</script>"


@pytest.fixture
def phone(cast: Cast) -> FlaskClient:
    return a_phone(cast)


@pytest.fixture
def letter(acting: Acting, cast: Cast) -> Letter:
    """To a friend of whom Ben has written a lot."""
    eva = a_friend(
        cast.app, cast.ben, "Eva the loud one", company="Globex", city="Leeds", liking=2, notes="Owes me ten"
    )
    with acting() as ben:
        agree_meetup(ben, cast.dan_id, MONDAY, 60, "At Dan's")
    return a_letter(acting, eva, THURSDAY, FRIDAY)


def test_it_shows_nothing_of_the_clients_own(letter: Letter, phone: FlaskClient) -> None:
    letter.choose(phone, THURSDAY)
    letter.offer(phone, FRIDAY)
    pages = "".join(phone.get(letter.path + step).text for step in (*STEPS, "/calendar.ics"))
    private = ("Eva", "loud", "Globex", "Leeds", "Owes", "Between us", "Dan", "ben@example.com", "Ana", "liking")
    assert [word for word in private if re.search(rf"\b{word}\b", pages)] == []


@pytest.mark.parametrize("step", [*STEPS, "/calendar.ics", "broken"])
def test_it_is_kept_by_nobody(letter: Letter, phone: FlaskClient, step: str) -> None:
    answer = phone.get(letter.path + step)
    assert (
        answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive" if step != "x" else answer.status_code == 404
    )
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_it_keeps_no_cookie_after_an_answer_either(letter: Letter, phone: FlaskClient) -> None:
    answer = phone.post(letter.path + "/no", data={"version": "0"})
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (303, False)
    assert 'name="robots" content="noindex' in phone.get(letter.path).text


def test_it_refuses_a_form_of_another_site(letter: Letter, phone: FlaskClient, admin: psycopg.Connection) -> None:
    answer = phone.post(letter.path + "/no", data={"version": "0"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert admin.execute("select count(*) from invitations where answer is not null").fetchone() == (0,)


def test_it_opens_to_no_other_token(cast: Cast, letter: Letter, phone: FlaskClient) -> None:
    token = letter.path.removeprefix("/r/")
    with cast.app.app_context(), as_practice(cast.ben.practice_id, cast.ben.user_id):
        purposes = ("offer", "client-invite", "verify")
        others = [tokens.sign(purpose, cast.ben.practice_id, letter.id) for purpose in purposes]
        others += [tokens.sign("reply", letter.id), tokens.sign("reply", cast.cleo.practice_id, letter.id)]
        others += [tokens.sign("reply", cast.ben.practice_id, cast.dan_id)]
    broken = [token[:-1], token[1:], token.swapcase(), token + "a", token.split(".")[0]]
    guesses = [*broken, "%00", "ä", "a" * 3000, "..."]
    for guess in (*others, *guesses):
        for step in STEPS:
            assert phone.get(f"/r/{guess}{step}").status_code == 404, guess
        assert phone.post(f"/r/{guess}", data={"at": THURSDAY.isoformat(), "version": "0"}).status_code == 404
    assert phone.get(f"/offers/{token}").status_code == 404


def test_it_reads_nothing_but_the_clients_own(cast: Cast, letter: Letter) -> None:
    zoe = a_client(cast.app, cast.ana, "Zoe Zhu", "zoe@example.com")
    a_friend(cast.app, zoe, "Zoe's friend")
    with cast.app.app_context(), as_visitor():
        owner, invitation_id = follow_reply_link(letter.path.removeprefix("/r/"))
        assert (owner.user_id, invitation_id) == (cast.ben.user_id, letter.id)
        names = db.session.scalars(db.text("select name from friends order by name")).all()
    assert names == ["Dan Dorsey", "Eva the loud one"]


def test_it_finds_a_link_by_ids_alone(cast: Cast, letter: Letter, addresses: embedded.Addresses) -> None:
    with psycopg.connect(addresses.database_url) as stranger:
        found = stranger.execute("select * from lookup.reply_link(%s, %s)", [cast.ben.practice_id, letter.id])
        assert found.fetchall() == [(cast.ben.client_id, cast.ben.user_id)]
        elsewhere = stranger.execute("select * from lookup.reply_link(%s, %s)", [cast.cleo.practice_id, letter.id])
        assert elsewhere.fetchall() == []


def test_it_writes_names_places_and_notes_as_text(acting: Acting, cast: Cast, phone: FlaskClient) -> None:
    mal = a_client(cast.app, cast.ana, f"Mal {XSS}", "mal@example.com")
    friend = a_friend(cast.app, mal, f"Pal {XSS}")
    letter = a_letter(lambda: acting(mal), friend, THURSDAY, place=XSS)
    letter.offer(phone, FRIDAY, note=f"{XSS}\n{{{{ 12345 * 6789 }}}}")
    pages = [phone.get(letter.path + step).text for step in STEPS] + [phone.get(letter.offer_path).text]
    browser = cast.browser(mal)
    pages += [browser.get(path, follow_redirects=True).text for path in ("/month", "/meetups", f"/friends/{friend}")]
    letter.choose(phone, THURSDAY)
    pages += [phone.get(letter.path + step).text for step in STEPS]
    assert all(XSS not in page for page in pages)
    assert str(escape(XSS)) in pages[0]
    assert str(12345 * 6789) not in pages[4]


def test_it_refuses_more_than_a_form_may_send(letter: Letter, phone: FlaskClient, admin: psycopg.Connection) -> None:
    assert phone.post(letter.path + "/no", data={"note": "x" * 23_000_000, "version": "0"}).status_code == 413
    assert phone.post(letter.path + "/no", data={"note": "x" * 100_000, "version": "0"}).status_code == 422
    assert phone.post(letter.path + "/no", data={"note": "a\0b", "version": "0"}).status_code == 400
    odd = phone.post(letter.path, data={"at": THURSDAY.isoformat(), "version": "9" * 4000}, follow_redirects=True)
    assert odd.status_code == 200
    assert admin.execute("select count(*) from invitations where answer is not null").fetchone() == (0,)


def test_it_takes_names_of_any_script(acting: Acting, cast: Cast, phone: FlaskClient) -> None:
    layla = a_client(cast.app, cast.ana, "ليلى حداد", "layla@example.com", time_zone="Asia/Amman")
    letter = a_letter(lambda: acting(layla), a_friend(cast.app, layla, "王小明"), THURSDAY, place="مقهى الصباح")
    page = letter.choose(phone, THURSDAY).text
    assert "ليلى حداد" in page
    assert "مقهى الصباح" in page
    assert "15:30" in page


@pytest.mark.usefixtures("tries_count")
def test_it_asks_for_patience_after_too_many_tries(letter: Letter, phone: FlaskClient) -> None:
    form = {"at": "never", "version": "0"}
    answers = [phone.post(letter.path, data=form).status_code for _ in range(41)]
    assert answers == [303] * 40 + [429]
    slow = phone.post(letter.path, data=form)
    assert "A little slower, please" in slow.text
    assert slow.headers["Referrer-Policy"] == "no-referrer"
    assert phone.get(letter.path).status_code == 200
    guessed = [phone.get(f"/r/{number}").status_code for number in range(41)]
    assert guessed == [404] * 40 + [429]


def test_it_says_to_the_client_that_this_is_the_friends_page(cast: Cast, letter: Letter) -> None:
    assert "counts as their answer" in cast.browser(cast.ben).get(letter.path).text
    assert "counts as their answer" not in cast.browser(cast.ana).get(letter.path).text


def test_it_is_no_way_round_for_the_coach(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        draft = keep_draft(ben, cast.dan_id, Tone.WARM, "Hi", "Between us")
    for path in (f"/invitations/{draft}/word", f"/invitations/{draft}/withdraw", f"/invitations/{draft}/others"):
        assert cast.browser(cast.ana).get(path).status_code == 404


def test_it_says_how_it_stands_where_nothing_is_agreed_to_call_off(phone: FlaskClient, letter: Letter) -> None:
    answer = phone.post(f"{letter.path}/off", data={"version": "0", "note": "x" * 301}, follow_redirects=True)
    assert answer.status_code == 200
    assert "This has changed meanwhile" in answer.text
