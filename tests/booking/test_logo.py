"""A practice's logo: taken by its owner, seen on its page, kept for nobody else."""

from io import BytesIO
from typing import Any

import psycopg
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.factories import Person, a_coach
from tests.platform.drawn import drawn

ADDRESS = "/settings/page/logo"


def _sends(browser: FlaskClient, content: bytes | None) -> Any:
    files = {"file": (BytesIO(content), "logo.png")} if content is not None else {}
    return browser.post(ADDRESS, data=files, content_type="multipart/form-data")


def _slug(admin: psycopg.Connection, person: Person) -> str:
    [slug] = admin.execute("select slug from practices where id = %s", [person.practice_id]).fetchone() or [""]
    return str(slug)


def test_it_shows_the_logo_on_the_practice_page(cast: Cast, admin: psycopg.Connection) -> None:
    ana, visitor, slug = cast.browser(cast.ana), cast.browser(), _slug(admin, cast.ana)
    assert visitor.get(f"/p/{slug}/logo").status_code == 404
    assert _sends(ana, drawn("PNG", (600, 200))).status_code == 303
    page = visitor.get(f"/p/{slug}").text
    assert f'src="/p/{slug}/logo?v=' in page
    assert 'width="600" height="200"' in page
    picture = visitor.get(f"/p/{slug}/logo")
    assert picture.mimetype in ("image/png", "image/jpeg")
    assert "immutable" in picture.headers["Cache-Control"]


def test_it_replaces_and_removes_it(cast: Cast, admin: psycopg.Connection) -> None:
    ana, slug = cast.browser(cast.ana), _slug(admin, cast.ana)
    _sends(ana, drawn("PNG", (600, 200)))
    _sends(ana, drawn("JPEG", (300, 100)))
    assert 'width="300" height="100"' in ana.get("/settings/page").text
    assert ana.post(f"{ADDRESS}/remove").status_code == 303
    assert cast.browser().get(f"/p/{slug}/logo").status_code == 404


def test_it_says_beside_the_field_why_a_file_is_not_taken(cast: Cast) -> None:
    ana = cast.browser(cast.ana)
    for content, words in ((None, "Choose a file first."), (b"no picture", "no PNG or JPEG")):
        refused = _sends(ana, content)
        assert refused.status_code == 422
        assert words in refused.text
        assert "Save changes" in refused.text  # the other form of the page stands as it was


def test_it_is_the_owners_alone(cast: Cast, admin: psycopg.Connection) -> None:
    bob = a_coach(cast.app, cast.ana, "Bob Bell", "bob@example.com")
    for person in (bob, cast.ben, None):
        assert _sends(cast.browser(person), drawn("PNG", (60, 60))).status_code in (302, 404)
    assert admin.execute("select 1 from practice_logos").fetchone() is None
