"""Ben's message to Dan with a link in it, and Dan's phone: a browser in which nobody is signed in."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from coachhub.network.service.drafts import Channel, Tone, keep_draft, mark_sent
from coachhub.network.service.reply_links import offer_address, reply_address
from tests.cast import Cast
from tests.network.conftest import Acting

THURSDAY = datetime(2026, 3, 12, 12, 30, tzinfo=UTC)
FRIDAY = THURSDAY + timedelta(days=1)
SATURDAY = THURSDAY + timedelta(days=2)
MONDAY = THURSDAY + timedelta(days=4)


@dataclass(frozen=True)
class Letter:
    """An invitation, the path of the friend's page, and that of the page in the client's mail."""

    id: UUID
    path: str
    offer_path: str

    def version(self, phone: FlaskClient) -> str:
        """The version that the friend's page refers to now."""
        page = phone.get(self.path + "/other").text
        found = re.search(r'name="version" value="(\d+)"', page)
        assert found is not None, page
        return found[1]

    def choose(self, phone: FlaskClient, at: datetime, version: str | None = None) -> TestResponse:
        """One tap on a time; of the page as it is now unless another version is given."""
        form = {"at": at.isoformat(), "version": version or self.version(phone)}
        return phone.post(self.path, data=form, follow_redirects=True)

    def offer(self, phone: FlaskClient, *times: datetime, version: str | None = None, note: str = "") -> TestResponse:
        """Up to three other times, in London's time."""
        named = dict(zip(("first", "second", "third"), (at.strftime("%Y-%m-%dT%H:%M") for at in times), strict=False))
        form = {**named, "version": version or self.version(phone), "zone": "Europe/London", "note": note}
        return phone.post(self.path + "/other", data=form, follow_redirects=True)

    def say(self, phone: FlaskClient, what: str, version: str | None = None, note: str = "") -> TestResponse:
        """`no` or `off`, from the page that asks once more."""
        form = {"version": version or self.version(phone), "note": note}
        return phone.post(f"{self.path}/{what}", data=form, follow_redirects=True)


def a_letter(
    acting: Acting, friend_id: UUID, *times: datetime, place: str = "The Bear", is_sent: bool = True
) -> Letter:
    """Ben writes to a friend and proposes these times."""
    with acting() as ben:
        made = keep_draft(ben, friend_id, Tone.WARM, "Coffee?", "Between us", times, place)
        if is_sent:
            mark_sent(ben, made, Channel.COPY)
        return Letter(made, urlsplit(reply_address(made)).path, urlsplit(offer_address(made)).path)


def a_phone(cast: Cast) -> FlaskClient:
    """Nobody is signed in, and no cookie is kept: so a page that needs one fails here."""
    return cast.app.test_client(use_cookies=False)
