"""Adding clients: one, a pasted list, a file; first looked at, then added."""

import html
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
from werkzeug.test import TestResponse

from coachhub.platform.jobs import URGENT, Ring
from tests.cast import Cast
from tests.fakes import KeptQueue

LISTS = Path(__file__).parent / "lists"


def look(cast: Cast, people: str = "", content: bytes | None = None, name: str = "clients.csv") -> TestResponse:
    """Ana looks at a list."""
    sent: dict[str, Any] = {"people": people, "coach_id": cast.ana.user_id, "time_zone": "Europe/London"}
    if content is not None:
        sent["file"] = (BytesIO(content), name)
    return cast.browser(cast.ana).post("/clients/preview", data=sent, content_type="multipart/form-data")


def add_seen(cast: Cast, page: TestResponse, do: str = "mail") -> TestResponse:
    """Ana presses one of the two buttons below a list that she has looked at."""
    fields = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page.text)}
    kept = {name: fields[name] for name in ("people", "coach_id", "time_zone")}
    return cast.browser(cast.ana).post("/clients/add-all", data={**kept, "do": do})


def clients(admin: psycopg.Connection) -> list[tuple[str, str, str]]:
    return admin.execute(
        "select name, email, status from clients where email <> 'ben@example.com' order by email"
    ).fetchall()


def test_it_shows_who_will_be_added_and_who_not_and_why(cast: Cast, admin: psycopg.Connection) -> None:
    page = look(
        cast, "Eva Ek, eva@example.com\nBen, BEN@example.com\nno address\nx@y\neva@example.com\nana@example.com"
    )
    assert page.status_code == 200
    assert "1 person will be added" in page.text
    assert "5 lines are left out" in page.text
    for why in ("client already", "no e-mail address", "cannot be right", "further up", "coach of this practice"):
        assert why in page.text
    assert clients(admin) == []


def test_it_loses_nothing_that_was_typed(cast: Cast) -> None:
    typed = "Eva Ek, eva@example.com\nno address here"
    assert typed in html.unescape(look(cast, typed).text)


def test_it_adds_and_invites_by_mail_in_one_click(cast: Cast, admin: psycopg.Connection, queue: KeptQueue) -> None:
    answer = add_seen(cast, look(cast, "Eva Ek, eva@example.com\nFay <fay@example.com>"))
    assert answer.status_code == 303
    assert clients(admin) == [("Eva Ek", "eva@example.com", "invited"), ("Fay", "fay@example.com", "invited")]
    assert admin.execute("select count(*) from client_invites where by_mail").fetchone() == (2,)
    assert queue.rings == [Ring("workers.jobs.deliver_asked_for", (str(cast.ana.practice_id),), URGENT)]


def test_it_adds_once_however_often_the_button_is_pressed(cast: Cast, admin: psycopg.Connection) -> None:
    page = look(cast, "Eva Ek, eva@example.com")
    assert [add_seen(cast, page).status_code for _ in range(2)] == [303, 303]
    assert admin.execute("select count(*) from client_invites").fetchone() == (1,)


def test_it_shows_the_links_where_the_coach_sends_them(cast: Cast, queue: KeptQueue) -> None:
    answer = add_seen(cast, look(cast, "Eva Ek, eva@example.com"), do="link")
    page = cast.browser(cast.ana).get(answer.location)
    assert "http://localhost/invitation/" in page.text
    assert queue.rings == []


def test_it_adds_names_in_every_script(cast: Cast, admin: psycopg.Connection) -> None:
    add_seen(cast, look(cast, "علي حسن، ali@example.com\n王小明，wang@example.com\nO'Brien & <Söhne> ob@example.com"))
    assert [name for name, _, _ in clients(admin)] == ["علي حسن", "O'Brien & Söhne", "王小明"]


def test_it_adds_two_hundred_pasted_lines(cast: Cast, admin: psycopg.Connection) -> None:
    page = look(cast, "\n".join(f"Client {n}, client{n}@example.com" for n in range(200)))
    assert "200 people will be added" in page.text
    add_seen(cast, page)
    assert len(clients(admin)) == 200


def test_it_adds_from_a_file(cast: Cast, admin: psycopg.Connection) -> None:
    add_seen(cast, look(cast, content=(LISTS / "excel_german.csv").read_bytes()))
    assert [name for name, _, _ in clients(admin)] == ["Jörg Groß", "Zoë Young"]


def test_it_says_what_is_wrong_with_a_file_and_keeps_the_rest(cast: Cast) -> None:
    page = look(cast, "Eva Ek, eva@example.com", b"PK\x03\x04", "clients.xlsx")
    assert page.status_code == 422
    assert "not a CSV file" in page.text
    assert "Eva Ek, eva@example.com" in page.text


def test_it_asks_for_somebody_where_the_list_is_empty(cast: Cast) -> None:
    page = look(cast, "  \n ")
    assert page.status_code == 422
    assert "There is nobody in it yet" in page.text


def test_it_adds_one_person_with_coach_and_zone(cast: Cast, admin: psycopg.Connection) -> None:
    sent = {"name": " Eva  Ek ", "email": "Eva@Example.com", "do": "mail"}
    place = {"coach_id": cast.ana.user_id, "time_zone": "Asia/Tokyo"}
    assert cast.browser(cast.ana).post("/clients/add", data={**sent, **place}).status_code == 303
    assert clients(admin) == [("Eva Ek", "eva@example.com", "invited")]
    assert admin.execute("select time_zone from clients where name = 'Eva Ek'").fetchone() == ("Asia/Tokyo",)


def test_it_refuses_one_person_beside_the_field(cast: Cast) -> None:
    place = {"coach_id": cast.ana.user_id, "time_zone": "Europe/London"}
    for email in ("ben@example.com", "nonsense", "ana@example.com"):
        page = cast.browser(cast.ana).post("/clients/add", data={"name": "Eva", "email": email, **place})
        assert page.status_code == 422
        assert 'id="email-error"' in page.text
        assert f'value="{email}"' in page.text


def test_it_takes_no_coach_of_another_practice(cast: Cast) -> None:
    sent = {"name": "Eva", "email": "eva@example.com", "coach_id": cast.cleo.user_id, "time_zone": "Europe/London"}
    assert cast.browser(cast.ana).post("/clients/add", data=sent).status_code == 422


def test_it_lets_two_practices_have_the_same_client(cast: Cast, admin: psycopg.Connection) -> None:
    sent = {"name": "Ben", "email": "ben@example.com", "coach_id": cast.cleo.user_id, "time_zone": "Europe/London"}
    assert cast.browser(cast.cleo).post("/clients/add", data={**sent, "do": "mail"}).status_code == 303
    assert admin.execute("select count(*) from clients where email = 'ben@example.com'").fetchone() == (2,)
