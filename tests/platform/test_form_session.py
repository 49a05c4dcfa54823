"""The browser's form session: signed by the key of today, read by those of before, too."""

from flask import Flask, session

from coachhub.platform.form_session import FormSessions


def _written(app: Flask) -> str:
    serializer = FormSessions().get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps({"a": 1}))


def test_it_makes_its_serializer_once_for_the_same_keys() -> None:
    app, sessions = Flask("some"), FormSessions()
    app.secret_key = "one" * 12
    first = sessions.get_signing_serializer(app)
    assert sessions.get_signing_serializer(app) is first
    app.secret_key = "two" * 12
    assert sessions.get_signing_serializer(app) is not first


def test_it_reads_what_a_former_key_signed_while_that_is_kept() -> None:
    app, former = Flask("some"), Flask("some")
    app.session_interface = FormSessions()
    former.secret_key, app.secret_key = "one" * 12, "two" * 12
    cookie = f"session={_written(former)}"
    for fallbacks, read in ((None, {}), ([former.secret_key], {"a": 1})):
        app.config["SECRET_KEY_FALLBACKS"] = fallbacks
        with app.test_request_context(headers={"Cookie": cookie}):
            assert dict(session) == read


def test_it_has_no_session_without_a_key() -> None:
    assert FormSessions().get_signing_serializer(Flask("some")) is None


def test_it_sets_a_cookie_only_for_what_was_put_into_it() -> None:
    app = Flask("some")
    app.session_interface = FormSessions()
    app.secret_key = "one" * 12

    @app.get("/<does>")
    def page(does: str) -> str:
        if does == "put":
            session["a"] = 1
        if does == "clear":
            session.clear()
        return "" if does == "nothing" else str(dict(session))

    browser = app.test_client()
    told = [(browser.get(f"/{does}").headers.get("Set-Cookie") or "")[:10] for does in ("nothing", "read", "put")]
    assert told == ["", "", "session=ey"]
    assert "Set-Cookie" not in browser.get("/nothing").headers
    assert browser.get("/read").text == "{'a': 1}"
    assert browser.get("/clear").headers["Set-Cookie"].startswith("session=; Expires=Thu, 01 Jan 1970")
    assert browser.get("/read").text == "{}"
