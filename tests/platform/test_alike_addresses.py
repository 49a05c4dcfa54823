"""Addresses that are like others say what Flask would have said."""

from uuid import UUID

import pytest
from flask import Flask

from coachhub.platform.alike_addresses import Addresses

ONE, OTHER = UUID("0190f5fe-7c00-7a00-8000-000000000001"), UUID("0190f5fe-7c00-7a00-8000-000000000002")
TOKEN = "fVggnrDfTJ2X15NbEL4lJg.kJa1xMXse4P5-mpNsAJ_Rb"
ASKED = [
    ("habits.month", {}),
    ("habits.month", {"ask": "move"}),
    ("habits.month", {"ask": "", "tone": None}),
    ("network.log_page", {"meetup_id": ONE, "next": "/month"}),
    ("network.log_page", {"meetup_id": OTHER, "next": "/month?ask=plan&q=ä b"}),
    ("network.log_page", {"meetup_id": OTHER, "next": f"/friends/{ONE}?said=a b/c"}),
    ("coaching.action_done", {"client_id": ONE, "action_id": OTHER}),
    ("coaching.action_done", {"client_id": OTHER, "action_id": ONE}),
    ("replies.reply", {"token": TOKEN, "said": "taken"}),
    ("replies.reply", {"token": TOKEN[::-1], "said": None}),
    ("replies.reply", {"token": "what is this / and that, you may ask?"}),
    ("booking.book", {"slug": "ana", "offering": "a-very-long-name-of-an-offering-for-you"}),
    ("reports.clients", {"page": 2, "q": ["a", "b"]}),
    ("replies.reply", {"token": TOKEN, "_anchor": "times"}),
    ("replies.reply", {"token": TOKEN, "_external": True}),
]


@pytest.mark.parametrize("mounted", ["", "/hub"])
def test_it_says_what_flask_says(app: Flask, mounted: str) -> None:
    with app.test_request_context(base_url=f"http://localhost{mounted}"):
        for _twice in range(2):
            for endpoint, values in ASKED:
                assert app.url_for(endpoint, **values) == Flask.url_for(app, endpoint, **values), endpoint


def test_it_asks_the_rules_once_for_all_ids() -> None:
    made: list[dict[str, object]] = []

    def make(endpoint: str, **values: object) -> str:
        made.append(values)
        return f"/{endpoint}/{values['one']}/{values['other']}"

    addresses = Addresses(make)
    assert addresses.of("", "x", {"one": ONE, "other": OTHER}) == f"/x/{ONE}/{OTHER}"
    assert addresses.of("", "x", {"one": OTHER, "other": ONE}) == f"/x/{OTHER}/{ONE}"
    assert len(made) == 1


def test_it_keeps_a_number_from_a_word_that_looks_like_it() -> None:
    addresses = Addresses(lambda _endpoint, **values: repr(values["page"]))
    assert [addresses.of("", "x", {"page": page}) for page in (1, "1", True)] == ["1", "'1'", "True"]
