"""Parts of the client's month that many read alike: the same for who stands alike, others for who stands elsewhere."""

import re

from flask.testing import FlaskClient

from tests.cast import Cast
from tests.factories import a_client, a_friend
from tests.habits.facts import give_habit


def _steps(browser: FlaskClient) -> str:
    found = re.search(r'<ol class="steps".*?</ol>\n(?:<p.*?</p>)?', browser.get("/month").text, re.DOTALL)
    assert found
    return found[0]


def _at_hand(browser: FlaskClient) -> list[str]:
    return re.findall(r'steps-count">(Step \d of 5)', _steps(browser))


def test_it_shows_the_steps_alike_until_one_of_two_goes_on(cast: Cast) -> None:
    eve = a_client(cast.app, cast.ana, "Eve", "eve@example.com")
    fay = a_friend(cast.app, eve, "Fay Ford")
    for client in (cast.ben, eve):
        give_habit(cast, client=client)
    bens, eves = cast.browser(cast.ben), cast.browser(eve)
    assert _steps(bens) == _steps(eves)
    assert _at_hand(eves) == ["Step 2 of 5"]
    assert eves.post(f"/month/choose/{fay}").location == "/month?ask=write"
    assert _at_hand(eves) == ["Step 3 of 5"]
    assert _at_hand(bens) == ["Step 2 of 5"]
    assert _steps(eves).count("is-done") == _steps(bens).count("is-done") + 1
