"""What is signed by signers that are made once: itsdangerous reads it, and it reads what itsdangerous wrote."""

import pytest
from flask import Flask, g, session
from flask_wtf.csrf import generate_csrf, validate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer

from coachhub.platform.forgery import form_token
from coachhub.platform.signing import PlainSigning, Signing

SECRET, SALT = "one" * 12, "some-salt"


@pytest.mark.parametrize("kind", [Signing, PlainSigning])
@pytest.mark.parametrize("text", ["short", "long and the same " * 50, {"a": ["é", 1]}])
def test_it_signs_and_reads_as_the_library_does(kind: type[Signing], text: object) -> None:
    theirs = URLSafeTimedSerializer(SECRET, salt=SALT)
    ours = kind(SECRET, salt=SALT)
    for _ in range(2):
        assert theirs.loads(ours.dumps(text)) == text
        assert ours.loads(theirs.dumps(text)) == text


def test_it_makes_one_signer_and_refuses_another_key_and_another_salt() -> None:
    signing = Signing(SECRET, salt=SALT)
    assert signing.make_signer() is signing.make_signer()
    for other in (Signing("two" * 12, salt=SALT), Signing(SECRET, salt="another")):
        with pytest.raises(BadSignature):
            signing.loads(other.dumps("text"))
    with pytest.raises(BadSignature):
        signing.loads(signing.dumps("text", salt="another"))


def test_it_gives_a_form_the_token_that_flask_wtf_takes(app: Flask) -> None:
    with app.test_request_context():
        first = form_token()
        assert (first, first) == (generate_csrf(), form_token())
        known = session["csrf_token"]
    with app.test_request_context():
        session["csrf_token"] = known
        token = form_token()
        assert token == generate_csrf() == g.csrf_token
        assert URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").loads(token) == known
        validate_csrf(token)
