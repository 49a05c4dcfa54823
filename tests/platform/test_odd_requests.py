"""What only machines send is refused before anybody works on it."""

import pytest

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
