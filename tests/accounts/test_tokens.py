"""Signed links."""

from uuid import uuid4

from flask import Flask
from pydantic import SecretStr

from coachhub.platform import tokens
from coachhub.platform.ports import ports


def test_it_reads_back_what_it_signed_for_one_purpose(app: Flask) -> None:
    one, two = uuid4(), uuid4()
    with app.app_context():
        token = tokens.sign("reset", one, two)
        assert tokens.read("reset", token) == (one, two)
        assert tokens.read("verify", token) is None


def test_it_reads_nothing_that_was_tampered_with(app: Flask) -> None:
    with app.app_context():
        token = tokens.sign("reset", uuid4())
        assert [tokens.read("reset", wrong) for wrong in (token[:-1], f"x{token}", "", "a.b")] == [None] * 4


def test_it_still_reads_what_a_former_key_signed(app: Flask) -> None:
    one = uuid4()
    with app.app_context():
        kept = ports().settings
        token = tokens.sign("reset", one)
        newer = {"secret_key": SecretStr("n" * 40), "secret_key_fallbacks": [kept.secret_key]}
        ports().settings = kept.model_copy(update=newer)
        try:
            assert tokens.read("reset", token) == (one,)
            assert tokens.sign("reset", one) != token
        finally:
            ports().settings = kept


def test_it_reads_a_token_in_one_spelling_only(app: Flask) -> None:
    with app.app_context():
        token = tokens.sign("reply", uuid4(), uuid4())
        packed, signature = token.split(".")
        ends = [chr(ord(signature[-1]) + 1), f"!{signature[-1]}", f"{signature[-1]}=", f"{signature[-1]}\n"]
        assert [tokens.read("reply", f"{packed}.{signature[:-1]}{end}") for end in ends] == [None] * 4
