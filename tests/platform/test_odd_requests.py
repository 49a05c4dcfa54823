"""What only machines send, and what happens while the database is away."""

import pytest
from pydantic import SecretStr

from coachhub.app import create_app
from coachhub.platform.config import Settings
from coachhub.platform.db import engine_options
from tests.cast import Cast


def test_it_refuses_a_character_that_the_database_cannot_keep(cast: Cast) -> None:
    answer = cast.browser(cast.ben).post("/friends/add", data={"name": "Eve\0 Ellis"})
    assert answer.status_code == 400
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", ["/friends?q=%00", "/month?ask=%00", "/sign-in?next=%00"])
def test_it_refuses_it_in_an_address_too(cast: Cast, path: str) -> None:
    assert cast.browser(cast.ben).get(path).status_code == 400


def test_it_writes_nothing_that_people_wrote_into_the_log() -> None:
    assert engine_options()["hide_parameters"] is True


def test_it_asks_for_a_moment_while_the_database_is_away(settings: Settings) -> None:
    nowhere = SecretStr("postgresql+psycopg://coachhub_web@/coachhub?host=/nowhere&connect_timeout=2")
    browser = create_app(settings.model_copy(update={"database_url": nowhere})).test_client()
    browser.set_cookie("coachhub", "a sign-in of before")
    answer = browser.get("/today")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "One moment, please" in answer.text
