"""What the coach sees of messages: a client's, the practice's, and one of them."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import event

from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.reminders.models import MailEvent, Message
from coachhub.reminders.service.messages import A_PAGE
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import Person, a_client, a_coach
from tests.reminders.rows import keep
from tests.statements import asked


def a_message(cast: Cast, client: Person | None = None, **more: Any) -> UUID:
    """A message to Ben, unless it is to somebody else; delivered an hour ago unless told otherwise."""
    client, message_id = client or cast.ben, uuid4()
    given = {"state": "delivered", "due_at": NOW - timedelta(hours=2), "settled_at": NOW - timedelta(hours=1)}
    given |= {"kind": "new_month", "client_id": client.client_id, "user_id": client.user_id} | more
    keep(cast.app, cast.ana, Message(id=message_id, key=f"test:{message_id}", planned_at=NOW, **given))
    return message_id


def page(cast: Cast, address: str, person: Person | None = None) -> str:
    answer = cast.browser(person or cast.ana).get(address)
    assert answer.status_code == 200
    return answer.text


def of_ben(cast: Cast) -> str:
    return page(cast, f"/clients/{cast.ben.client_id}/messages")


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        ("due", None, ["Waiting"]),
        ("sent", None, ["Sent"]),
        ("bounced", "550 no such user", ["Bounced", "550 no such user"]),
        ("complained", None, ["Complained"]),
        ("unknown", "time-out", ["Not sure", "The provider gave no answer"]),
        ("dropped", "switched off", ["Not sent", "This kind is switched off."]),
        ("dropped", "address bounced", ["Mail to this address has bounced before."]),
        ("dropped", "a reason of its own", ["a reason of its own"]),
        ("failed", "could not be written: KeyError", ["Failed", "We could not write it (KeyError)."]),
    ],
)
def test_it_says_what_became_of_a_message_and_why(cast: Cast, state: str, reason: str | None, words: list[str]) -> None:
    a_message(cast, state=state, reason=reason, settled_at=None if state == "due" else NOW)
    text = of_ben(cast)
    assert "A new month" in text
    assert [missing for missing in words if missing not in text] == []


def test_it_tells_times_by_the_clients_clock(cast: Cast) -> None:
    kim = a_client(cast.app, cast.ana, "Kim Kent", "kim@example.com", "Asia/Tokyo")
    a_message(cast, kim)
    assert "Thursday 5 March, 20:00<" in page(cast, f"/clients/{kim.client_id}/messages")


def test_it_shows_those_due_last_first_and_fifty_a_page(cast: Cast) -> None:
    for day in range(A_PAGE + 1):
        a_message(cast, due_at=NOW - timedelta(days=day), state="dropped", reason=f"reason {day}")
    reasons = re.findall(r"reason (\d+)", of_ben(cast))
    assert reasons == [str(day) for day in range(A_PAGE)]
    assert f"reason {A_PAGE}" in page(cast, f"/clients/{cast.ben.client_id}/messages?page=2")


def test_it_says_which_messages_went_out_in_one_mail(cast: Cast) -> None:
    first = a_message(cast)
    for kind, state in (("after_meetup", "delivered"), ("promise_due", "delivered"), ("promise_due", "dropped")):
        a_message(cast, kind=kind, state=state, delivery_id=first, together=True)
    assert of_ben(cast).count("In one mail with 2 others") == 3
    text = page(cast, f"/settings/outbox/{first}")
    assert "In one mail with" in text
    assert text.count("A promise to a friend") == 1


def test_it_says_where_there_is_nothing_yet(cast: Cast) -> None:
    assert "No message yet" in of_ben(cast)
    assert "No message yet" in page(cast, "/settings/outbox")
    assert "No trouble" in page(cast, "/settings/outbox?state=trouble")
    assert "Nothing here" in page(cast, "/settings/outbox?kind=nudge")
    assert "Every address is written to" in page(cast, "/settings/outbox/addresses")


def told(cast: Cast, address: str) -> list[str]:
    """The reasons that the outbox shows, in order."""
    return re.findall(r"<bdi>(because \w+)", page(cast, address))


def test_it_filters_the_outbox_by_its_address(cast: Cast) -> None:
    a_message(cast, state="due", settled_at=None, reason=None, kind="nudge")
    for state, is_trouble in (("dropped", False), ("bounced", True), ("failed", True)):
        a_message(cast, state=state, is_trouble=is_trouble, reason=f"because {state}")
    assert set(told(cast, "/settings/outbox")) == {"because dropped", "because bounced", "because failed"}
    assert set(told(cast, "/settings/outbox?state=trouble")) == {"because bounced", "because failed"}
    assert told(cast, "/settings/outbox?state=bounced") == ["because bounced"]
    assert told(cast, "/settings/outbox?state=dropped&kind=new_month") == ["because dropped"]
    assert told(cast, "/settings/outbox?kind=nudge") == []
    assert len(told(cast, "/settings/outbox?state=nonsense&kind=nonsense&before=nonsense")) == 3
    assert re.findall(r'state=(\w+)[^>]*>[^<]*<span class="num">(\d+)', page(cast, "/settings/outbox")) == [
        ("trouble", "2"),
        ("waiting", "1"),
    ]


MORE = """
    insert into outbox (practice_id, id, kind, key, client_id, user_id, due_at, planned_at, state, is_trouble)
    select practice_id, uuidv7(), kind, gen_random_uuid(), client_id, user_id, due_at, planned_at, state, is_trouble
    from (select * from outbox limit 1) m, generate_series(1, %s)
"""


def test_it_counts_no_further_than_it_says(cast: Cast, admin: psycopg.Connection) -> None:
    a_message(cast, state="due", settled_at=None)
    for more, words in ((998, "999"), (1, "1,000+"), (1, "1,000+")):
        admin.execute(MORE, [more])
        admin.commit()
        assert f'<span class="num">{words}</span>' in page(cast, "/settings/outbox")


def test_it_turns_the_pages_of_the_outbox(cast: Cast) -> None:
    for n in range(A_PAGE + 2):
        a_message(cast, state="dropped", reason=f"because n{n}")
    first = page(cast, "/settings/outbox?state=dropped")
    older = re.search(r'href="(/settings/outbox\?[^"]*before=[^"]+)"', first)
    assert older is not None
    both = told(cast, "/settings/outbox?state=dropped") + told(cast, older[1].replace("&amp;", "&"))
    assert sorted(both) == sorted(f"because n{n}" for n in range(A_PAGE + 2))
    assert len(set(both)) == A_PAGE + 2


def test_it_asks_as_much_for_fifty_messages_as_for_one(cast: Cast) -> None:
    counts = []
    for many in (1, A_PAGE):
        for _ in range(many):
            a_message(cast)
        with asked(cast.app) as statements:
            page(cast, "/settings/outbox")
            of_ben(cast)
        counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("state", ["trouble", "bounced", "failed"])
def test_it_finds_trouble_by_its_index(cast: Cast, admin: psycopg.Connection, state: str) -> None:
    with cast.app.app_context():
        engine = db.engine
    admin.execute("set enable_seqscan = off")
    plans: list[str] = []

    def explain(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "from outbox" in statement.lower() and "outbox.is_trouble" in statement:
            plans.append("\n".join(row[0] for row in admin.execute(f"explain {statement}", parameters)))

    event.listen(engine, "before_cursor_execute", explain)
    try:
        page(cast, f"/settings/outbox?state={state}")
    finally:
        event.remove(engine, "before_cursor_execute", explain)
        admin.execute("reset enable_seqscan")
    assert len(plans) == 2  # the page, and the count of trouble: each statement that asks for it
    assert all("ix_outbox_practice_id_trouble" in plan for plan in plans)


def test_it_keeps_right_to_left_names_apart(cast: Cast) -> None:
    layla = a_client(cast.app, cast.ana, "ليلى منصور", "layla@example.com")
    a_message(cast, layla)
    assert "<bdi>ليلى منصور</bdi>" in page(cast, "/settings/outbox")


def test_it_shows_the_outbox_to_coaches_and_nothing_of_it_elsewhere(cast: Cast) -> None:
    message_id = a_message(cast, state="dropped", reason="because here")
    bob = a_coach(cast.app, cast.ana, "Bob Bell", "bob@example.com")
    assert "because here" in page(cast, "/settings/outbox", bob)
    assert "because here" not in page(cast, "/settings/outbox", cast.cleo)
    for address in (f"/clients/{cast.ben.client_id}/messages", f"/settings/outbox/{message_id}"):
        assert cast.browser(cast.cleo).get(address).status_code == 404
    assert cast.browser(cast.ben).get("/settings/outbox").status_code == 404


def test_it_tells_what_the_provider_told(cast: Cast) -> None:
    message_id = a_message(cast)
    common = {"delivery_id": message_id, "received_at": NOW}
    keep(
        cast.app,
        cast.ana,
        MailEvent(id="b", event="delivered", reason="250 OK", happened_at=NOW, **common),
        MailEvent(id="a", event="deferred", reason="421 later", happened_at=NOW - timedelta(minutes=5), **common),
    )
    text = page(cast, f"/settings/outbox/{message_id}")
    assert text.index("421 later") < text.index("250 OK")


def an_unknown(cast: Cast, since: datetime, **more: Any) -> UUID:
    how = {"state": "unknown", "is_trouble": True, "settled_at": since, "reason": "time-out", "attempts": 1}
    return a_message(cast, **how | more)


def test_it_sends_an_unknown_message_again_once(cast: Cast, admin: psycopg.Connection) -> None:
    message_id, ana = an_unknown(cast, NOW - timedelta(hours=1)), cast.browser(cast.ana)
    for address in (f"/settings/outbox/{message_id}", "/settings/outbox", f"/clients/{cast.ben.client_id}"):
        assert "Send again" in page(cast, address)
    answers = [
        ana.post(f"/settings/outbox/{message_id}/again", follow_redirects=True).text for _ in ("click", "click again")
    ]
    assert "It is on its way again." in answers[0]
    assert "It was not sent again" in answers[1]
    row = admin.execute("select state, due_at, settled_at, is_trouble, attempts, reason from outbox").fetchone()
    assert row == ("due", NOW, None, False, 1, None)
    done = admin.execute("select action, actor_id, subject_id from audit_entries").fetchall()
    assert done == [("message_sent_again", cast.ana.user_id, message_id)]


def test_it_waits_an_hour_before_it_sends_again(cast: Cast, admin: psycopg.Connection, clock: FixedClock) -> None:
    message_id = an_unknown(cast, NOW - timedelta(minutes=59))
    text = page(cast, f"/settings/outbox/{message_id}")
    assert "Often the answer comes within the hour." in text
    assert f"{message_id}/again" not in text
    cast.browser(cast.ana).post(f"/settings/outbox/{message_id}/again")
    assert admin.execute("select state from outbox").fetchone() == ("unknown",)


@pytest.mark.parametrize("state", ["sent", "delivered", "bounced", "dropped", "failed", "claimed"])
def test_it_sends_nothing_again_of_which_it_knows(cast: Cast, admin: psycopg.Connection, state: str) -> None:
    message_id = a_message(cast, state=state, settled_at=NOW - timedelta(days=1))
    cast.browser(cast.ana).post(f"/settings/outbox/{message_id}/again")
    assert admin.execute("select state from outbox").fetchone() == (state,)


def test_it_sends_all_of_a_mail_again(cast: Cast, admin: psycopg.Connection) -> None:
    long_ago = NOW - timedelta(hours=3)
    first = an_unknown(cast, long_ago, together=True)
    second = an_unknown(cast, long_ago, together=True, delivery_id=first, kind="after_meetup")
    a_message(cast, state="dropped", delivery_id=first, kind="promise_due")
    cast.browser(cast.ana).post(f"/settings/outbox/{second}/again")
    states = admin.execute("select state, count(*) from outbox group by 1 order by 1").fetchall()
    assert states == [("dropped", 1), ("due", 2)]
