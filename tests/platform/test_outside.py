"""Views that ask somebody outside: the guard is asked as ever, and no transaction is open meanwhile."""

from collections.abc import Iterator

import pytest
from flask import Flask

from coachhub.app import create_app
from coachhub.platform.config import Settings
from coachhub.platform.db import db
from coachhub.platform.guards import for_owner, outside
from coachhub.platform.identity import signed_in_as
from coachhub.platform.tenancy import NoPracticeSet, as_practice, current_practice, current_scope
from tests.cast import Cast, signed_in


@outside
@for_owner
def _view() -> str:
    with pytest.raises(NoPracticeSet):
        current_scope()
    who = signed_in_as()
    with as_practice(who.practice_id, who.user_id):
        return str(current_practice())


@pytest.fixture
def app_with_view(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    made.add_url_rule("/outside", "outside", _view)
    yield made
    with made.app_context():
        db.engine.dispose()


def test_it_knows_who_asks_and_holds_no_transaction(cast: Cast, app_with_view: Flask) -> None:
    assert signed_in(app_with_view, cast.ana).get("/outside").text == str(cast.ana.practice_id)


def test_it_refuses_those_whom_the_guard_refuses(cast: Cast, app_with_view: Flask) -> None:
    assert signed_in(app_with_view, None).get("/outside").location.startswith("/sign-in")
    assert signed_in(app_with_view, cast.ben).get("/outside").status_code == 404


@pytest.mark.parametrize(("environment", "is_allowed"), [("test", True), ("production", False)])
def test_its_forms_may_lead_to_stripe_and_outside_production_to_what_is_tested_against(
    settings: Settings, environment: str, is_allowed: bool
) -> None:
    kept = settings.model_copy(update={"environment": environment, "stripe_api_base": "http://127.0.0.1:12111/api"})
    policy = create_app(kept).config["CONTENT_POLICY"]
    for page in ("checkout", "accounts", "connect", "billing"):
        assert f" https://{page}.stripe.com" in policy
    assert (" http://127.0.0.1:12111;" in policy) is is_allowed
