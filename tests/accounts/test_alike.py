"""An address without an account is told the same, after the same work; two clicks at once are one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from coachhub.accounts.models import ProofKind
from coachhub.accounts.service import passwords
from coachhub.accounts.service.proofs import ask_for_proof, spend_code
from coachhub.accounts.service.users import check_password
from coachhub.platform.tenancy import as_visitor
from tests.accounts.mailbox import how_many, newest_link
from tests.cast import Cast
from tests.statements import asked

PASSWORD = "late bus green moon"
ANSWERS = {"practice_name": "Zoe Coaching", "email": "zoe@example.com", "password": PASSWORD}


@pytest.mark.parametrize(
    "work",
    [
        lambda email: ask_for_proof(ProofKind.SIGN_IN, email),
        lambda email: ask_for_proof(ProofKind.RESET, email),
        lambda email: spend_code(email, "no code"),
        lambda email: check_password(email, "not the password"),
    ],
    ids=["code", "reset", "wrong code", "wrong password"],
)
def test_it_does_the_same_work_for_an_address_without_an_account(cast: Cast, work: Callable[[str], object]) -> None:
    said = []
    for email in ("ana@example.com", "nobody@example.com"):
        with cast.app.app_context(), as_visitor(), asked(cast.app) as statements:
            work(email)
        said.append(statements)
    assert said[0] == said[1]


def test_it_checks_a_hash_where_there_is_none() -> None:
    assert not passwords.is_password("nobody has this password", None)
    assert passwords.is_password("late bus", passwords.hash_of_password("late bus"))


def test_it_opens_one_practice_for_two_clicks_at_once(cast: Cast, admin: psycopg.Connection) -> None:
    before = how_many(admin, "practices")
    with ThreadPoolExecutor(4) as clicks:
        answers = list(clicks.map(lambda _: cast.browser().post("/sign-up", data=ANSWERS).status_code, range(4)))
    assert sorted(answers) == [303, 422, 422, 422]
    assert how_many(admin, "practices") == before + 1


def test_it_spends_a_link_once_for_two_clicks_at_once(cast: Cast, admin: psycopg.Connection) -> None:
    cast.browser().post("/forgotten", data={"email": "ana@example.com"})
    link = newest_link(cast.app, admin, "ana@example.com", ProofKind.RESET)
    with ThreadPoolExecutor(4) as clicks:
        tries = clicks.map(lambda _: cast.browser().post(link, data={"password": PASSWORD}).status_code, range(4))
        assert sorted(tries) == [303, 410, 410, 410]
