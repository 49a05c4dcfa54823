"""What SendGrid says about `POST /v3/mail/send`: its description, a schema, and what its documentation adds."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs

_DESCRIPTION = json.loads((Path(__file__).parent / "sendgrid-mail.json").read_text())
_SEND = _DESCRIPTION["components"]["requestBodies"]["PostMailSend"]["content"]["application/json"]["schema"]
_VALIDATOR = jsonschema_rs.Draft202012Validator(
    _SEND | {"components": _DESCRIPTION["components"]}, validate_formats=True
)
MOST_BYTES = 30 * 1024 * 1024
MOST_RECIPIENTS = 1_000
_MOST_BYTES_OF_FIELDS = 10_000
_THREE_DAYS = 72 * 3600
_ORDER = {"text/plain": 0, "text/html": 1}
_TITLE = re.compile(r"[!-9;-~]+")
_NOT_TO_BE_SET = {
    *("x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding"),
    *("to", "from", "subject", "reply-to", "cc", "bcc"),
}


def complaints(asked: Any, now: float) -> list[str]:
    """Everything that SendGrid would not accept in a body; nothing where it would take it."""
    problems = [f"{error.instance_path}: {error.message}" for error in _VALIDATOR.iter_errors(asked)]
    return problems or [*_of_letter(asked, now), *_of_recipients(asked["personalizations"], now), *_of_files(asked)]


def _of_letter(asked: dict[str, Any], now: float) -> Iterator[str]:
    kinds = [_ORDER.get(content["type"], 2) for content in asked.get("content", [])]
    if not kinds and not asked.get("template_id"):
        yield "The content value must be an array of at least one element."
    if kinds != sorted(kinds) or kinds.count(0) > 1 or kinds.count(1) > 1:
        yield "If present, text/plain and text/html may only be provided once, text/plain first."
    if not asked.get("subject") and not all(each.get("subject") for each in asked["personalizations"]):
        yield "The subject is required."
    if any(sign in asked.get("subject", "") for sign in "\r\n"):
        yield "The subject cannot contain CR or LF."
    if "reply_to" in asked and "reply_to_list" in asked:
        yield "reply_to and reply_to_list cannot both be used."
    yield from _of_headers(asked.get("headers", {}))
    yield from _of_arguments(asked.get("custom_args", {}))
    yield from _of_time(asked, now)


def _of_recipients(envelopes: list[dict[str, Any]], now: float) -> Iterator[str]:
    if not envelopes:
        yield "The personalizations field is required and must have at least one personalization."
    count = 0
    for each in envelopes:
        people = [person for name in ("to", "cc", "bcc") for person in each.get(name, [])]
        addresses = [person["email"].lower() for person in people]
        count += len(people)
        if not each["to"]:
            yield "The to array is required for all personalization objects, and must have at least one email object."
        if len(set(addresses)) < len(addresses):
            yield "Each email address in the personalization block should be unique between to, cc, and bcc."
        if any(sign in person.get("name", "") for person in people for sign in ";,\r\n"):
            yield "The name of a recipient cannot contain ';', ',' or line ends."
        if sum(len(name.encode()) + len(text.encode()) for name, text in each.get("substitutions", {}).items()) > (
            _MOST_BYTES_OF_FIELDS
        ):
            yield "The substitutions may not exceed 10000 bytes per personalization object."
        yield from _of_headers(each.get("headers", {}))
        yield from _of_arguments(each.get("custom_args", {}))
        yield from _of_time(each, now)
    if count > MOST_RECIPIENTS:
        yield "The total number of recipients must be no more than 1000."


def _of_headers(headers: dict[str, Any]) -> Iterator[str]:
    for name, value in headers.items():
        if name.lower() in _NOT_TO_BE_SET:
            yield f"The header {name} may not be overridden."
        if not _TITLE.fullmatch(name) or not isinstance(value, str) or not value.isascii() or not value.isprintable():
            yield f"The header {name} must be ASCII in one line."


def _of_arguments(arguments: dict[str, Any]) -> Iterator[str]:
    if any(not isinstance(value, str) for value in arguments.values()):
        yield "The custom arguments must be strings."
    if len(json.dumps(arguments).encode()) > _MOST_BYTES_OF_FIELDS:
        yield "The custom arguments may not exceed 10000 bytes."


def _of_time(asked: dict[str, Any], now: float) -> Iterator[str]:
    if asked.get("send_at", 0) > now + _THREE_DAYS:
        yield "Scheduling more than 72 hours in advance is forbidden."


def _of_files(asked: dict[str, Any]) -> Iterator[str]:
    for each in asked.get("attachments", []):
        for name in ("type", "filename", "disposition"):
            if any(sign in str(each.get(name, "")) for sign in ";\r\n"):
                yield f"The attachment {name} cannot contain ';', or CRLF characters."
        if not _is_base64(each["content"]):
            yield "The attachment content must be base64 encoded."


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, validate=True))
    except ValueError:
        return False
