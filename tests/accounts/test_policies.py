"""What the database refuses by itself, should a page ever forget to ask who is there."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.factories import Person, a_coach

MAKE_OWNERS = "update memberships set role = 'owner'"
RENAME = "update practices set name = 'Mine now'"
CHANGE_OTHERS = "update users set password_hash = null where id <> :me"


def _changed(cast: Cast, person: Person, statement: str) -> int:
    with cast.app.app_context(), as_practice(person.practice_id, person.user_id):
        return int(db.session.execute(text(statement), {"me": person.user_id}).rowcount)  # type: ignore[attr-defined]


@pytest.mark.parametrize("statement", [MAKE_OWNERS, RENAME, CHANGE_OTHERS])
def test_it_lets_no_client_and_no_coach_rise(cast: Cast, statement: str) -> None:
    eve = a_coach(cast.app, cast.ana, "Eve Ellis", "eve@example.com")
    assert [_changed(cast, person, statement) for person in (cast.ben, eve)] == [0, 0]


def test_it_lets_an_owner_change_her_own_practice_alone(cast: Cast) -> None:
    assert _changed(cast, cast.ana, RENAME) == 1
    assert _changed(cast, cast.ana, MAKE_OWNERS) == 2
    assert _changed(cast, cast.ana, CHANGE_OTHERS) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_entries set action = 'nothing'",
        "delete from audit_entries",
        "delete from memberships",
        "delete from users",
        "delete from practices",
    ],
)
def test_it_lets_nobody_cover_their_tracks(cast: Cast, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        _changed(cast, cast.ana, statement)
