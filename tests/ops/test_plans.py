"""The operator sees who is on which plan, gives it away, and takes that back."""

import json

import psycopg

from tests.cast import Cast
from tests.ops.conftest import Tell


def test_it_grants_lists_and_revokes(cast: Cast, tell: Tell, admin: psycopg.Connection) -> None:
    assert "No practice has a plan" in tell("plans", "list").output
    answer = tell("plans", "grant", "ana-coaching", "--until", "2126-06-01")
    assert (answer.exit_code, answer.output) == (0, "Granted: ana-coaching has the plan until 2126-06-01.\n")
    listed = tell("plans", "list").output
    assert "ana-coaching" in listed
    assert "granted       1 clients  granted until 2126-06-01" in listed
    assert "no limit applies" in listed
    assert tell("plans", "revoke", "ana-coaching").output == "Revoked: ana-coaching.\n"
    assert tell("plans", "revoke", "ana-coaching").output == "Nothing was granted: ana-coaching.\n"
    [practice] = json.loads(tell("plans", "list", "--json").output.splitlines()[-1])["practices"]
    assert (practice["practice"], practice["stand"], practice["granted_until"]) == ("ana-coaching", "free", None)
    actions = [action for (action,) in admin.execute("select action from audit_entries order by at").fetchall()]
    assert actions[-2:] == ["plan_granted", "plan_revoked"]


def test_it_knows_no_practice_of_that_name(cast: Cast, tell: Tell) -> None:
    assert tell("plans", "grant", "nobody", "--until", "2126-06-01").exit_code == 2
    assert tell("plans", "revoke", "nobody").exit_code == 2
    assert tell("plans", "grant", "ana-coaching", "--until", "soon").exit_code == 2
