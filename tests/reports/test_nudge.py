"""Nudging from the coach's pages: for whom, in which words, how it looks, and once a day."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from werkzeug.test import TestResponse

from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.coaching.planned import planned
from tests.factories import Person, a_client, a_coach
from tests.fakes import KeptQueue
from tests.habits.facts import MARCH, give_habit
from tests.reminders.rows import suppress
from tests.reports.conftest import AddMany
from tests.statements import asked

WORDS = {"subject": "A word", "words": "How are you, {name}?"}


def post(cast: Cast, *clients: Person, do: str = "send", by: Person | None = None, **more: Any) -> TestResponse:
    ids = [str(client.client_id) for client in clients]
    sent = {"client_ids": ids, "offered": " ".join(ids), "do": do, **WORDS} | more
    return cast.browser(by or cast.ana).post("/nudge", data=sent)


def nudged(admin: psycopg.Connection) -> int:
    return int((admin.execute("select count(*) from nudges").fetchone() or (0,))[0])


def test_it_has_kind_words_ready_for_one(cast: Cast) -> None:
    give_habit(cast, MARCH)
    page = cast.browser(cast.ana).get(f"/nudge?client={cast.ben.client_id}").text
    assert "Nudge Ben Berger" in page
    assert "Send to Ben Berger" in page
    preview = page.partition("How it looks")[2]
    for words in ("Ana Alvarez via Ana Coaching", "Hello Ben,", "Ten minutes now are enough", "Open my month"):
        assert words in preview


def test_it_has_each_ones_step_ready_for_many(cast: Cast) -> None:
    eva = a_client(cast.app, cast.ana, "Eva Ek", "eva@example.com")
    give_habit(cast, MARCH)
    page = post(cast, cast.ben, eva, do="").text
    assert "{step}" in page
    assert "Send to 2" in page


def test_it_shows_how_it_looks_without_sending(cast: Cast, admin: psycopg.Connection) -> None:
    page = post(cast, cast.ben, do="preview", words="Dear <b>{name}</b>,\n\nyours, {coach}").text
    assert "Dear &lt;b&gt;Ben&lt;/b&gt;," in page
    assert "yours, Ana Alvarez" in page
    assert nudged(admin) == 0


def test_it_sends_and_rings(cast: Cast, admin: psycopg.Connection, queue: KeptQueue) -> None:
    answer = post(cast, cast.ben, next="/clients")
    assert answer.location == "/clients"
    row = admin.execute("select client_id, coach_id, subject, words, until - created_at from nudges").fetchone()
    assert row == (cast.ben.client_id, cast.ana.user_id, *WORDS.values(), timedelta(days=1))
    assert "workers.jobs.deliver_asked_for" in [ring.job for ring in queue.rings]
    assert admin.execute("select count(*) from wakes where is_urgent").fetchone() == (1,)
    assert admin.execute("select action from audit_entries").fetchall() == [("clients_nudged",)]


def test_it_sends_once_for_two_clicks_and_says_the_same(cast: Cast, admin: psycopg.Connection) -> None:
    eva = a_client(cast.app, cast.ana, "Eva Ek", "eva@example.com")
    a_client(cast.app, cast.ana, "Fay Fox", "fay@example.com")
    ana = cast.browser(cast.ana)
    ids = [str(client.client_id) for client in (cast.ben, eva)]
    sent = {"client_ids": ids, "offered": " ".join(ids), "do": "send", **WORDS}
    for _click in range(2):
        assert "2 nudges are on their way." in ana.post("/nudge", data=sent, follow_redirects=True).text
    assert nudged(admin) == 2


def test_it_leaves_out_who_was_nudged_within_a_day(cast: Cast, admin: psycopg.Connection, clock: FixedClock) -> None:
    post(cast, cast.ben)
    page = cast.browser(cast.ana).get(f"/nudge?client={cast.ben.client_id}").text
    assert "Nobody can be nudged now" in page
    assert "Nudged within the last day" in page
    clock.advance(timedelta(days=1, seconds=-1))
    assert post(cast, cast.ben, words="Something else").status_code == 303
    assert nudged(admin) == 1
    clock.advance(timedelta(seconds=1))
    post(cast, cast.ben, words="Something else")
    assert nudged(admin) == 2


def test_it_sends_one_where_two_coaches_nudge_at_the_same_moment(
    cast: Cast, admin: psycopg.Connection, add_many: AddMany
) -> None:
    add_many(60)
    bob = a_coach(cast.app, cast.ana, "Bob Bell", "bob@example.com")
    ids = [str(found) for (found,) in admin.execute("select id from clients where email like 'client%'").fetchall()]
    browsers = [(cast.browser(person), turn) for person, turn in ((cast.ana, 1), (bob, -1))]

    def send(browser: Any, turn: int) -> int:
        return int(browser.post("/nudge", data={"client_ids": ids[::turn], "do": "send", **WORDS}).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda both: send(*both), browsers)) == [303, 303]
    assert nudged(admin) == 60


def test_it_waits_for_the_other_coach_and_sends_nothing_twice(cast: Cast, admin: psycopg.Connection, addresses) -> None:  # type: ignore[no-untyped-def]
    """The other's nudge is not committed yet when ours begins."""
    bob = a_coach(cast.app, cast.ana, "Bob Bell", "bob@example.com")
    with psycopg.connect(addresses.admin_url) as other, ThreadPoolExecutor(1) as pool:
        other.execute(
            "insert into nudges (practice_id, client_id, coach_id, subject, words, created_at, until) values "
            "(%s, %s, %s, 'a', 'b', '2026-03-05 12:00Z', '2026-03-06 12:00Z')",
            [cast.ana.practice_id, cast.ben.client_id, bob.user_id],
        )
        ours = pool.submit(post, cast, cast.ben)
        waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
        while not (admin.execute(waiting).fetchone() or (0,))[0]:
            assert not ours.done()
            admin.execute("select pg_sleep(0.01)")
        other.commit()
        assert ours.result(timeout=10).status_code == 303
    assert nudged(admin) == 1


def test_it_says_who_is_left_out_and_why(cast: Cast) -> None:
    names = {"Eva Ek": "paused", "Fay Fox": "invited", "Gus Gray": "archived", "Hal Hill": "active"}
    others = [a_client(cast.app, cast.ana, name, f"{name[:3]}@example.com", status=how) for name, how in names.items()]
    suppress(cast, others[3].email.lower(), "bounced")
    page = post(cast, cast.ben, *others, do="").text
    for why in ("Paused", "Not started yet", "In the archive", "Mail bounces"):
        assert why in page
    assert "Send to Ben Berger" in page


def test_it_nudges_nobody_who_is_left_out_even_if_asked_to(cast: Cast, admin: psycopg.Connection) -> None:
    eva = a_client(cast.app, cast.ana, "Eva Ek", "eva@example.com", status="paused")
    assert post(cast, eva).status_code == 303
    assert nudged(admin) == 0


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"subject": " "}, "Write a subject."),
        ({"words": ""}, "Write what the mail says."),
        ({"words": "Hello {nmae}"}, "Nobody fills in {nmae}. You can use {name}, {coach}, {step}."),
        ({"subject": "Hello {"}, "There is a brace { that belongs to no field."),
        ({"client_ids": []}, "Tick at least one client."),
        ({"words": "x" * 4_001}, "longer than 4000"),
    ],
)
def test_it_refuses_and_keeps_what_was_typed(
    cast: Cast, admin: psycopg.Connection, typed: dict[str, Any], error: str
) -> None:
    answer = post(cast, cast.ben, **{"subject": "Kept subject", **typed})
    assert answer.status_code == 422
    assert error in answer.text
    assert ({**WORDS, "subject": "Kept subject"} | typed)["words"] in answer.text
    assert ("Kept subject" in answer.text) is ("subject" not in typed)
    assert nudged(admin) == 0


def test_it_takes_the_whole_list_and_not_only_a_page(cast: Cast, add_many: AddMany) -> None:
    add_many(120)
    ana = cast.browser(cast.ana)
    link = re.search(r'href="(/nudge\?[^"]+)"', ana.get("/clients?stage=not_chosen").text)
    assert link is not None
    page = ana.get(link[1].replace("&amp;", "&")).text
    assert "Send to 120" in page
    assert "and 20 others" in page
    assert page.count('name="client_ids"') == 100


def test_it_nudges_a_thousand_with_as_many_statements_as_twenty(
    cast: Cast, admin: psycopg.Connection, add_many: AddMany, clock: FixedClock
) -> None:
    ana, counts = cast.browser(cast.ana), []
    for many in (20, 1_200):
        add_many(many)
        ana.get("/today")  # notes, once a day, that Ana was here
        with asked(cast.app) as statements:
            page = ana.get("/nudge?who=list&q=client").text
            assert len(page) < 120 * 1024
            ids = re.findall(r'name="client_ids" value="([^"]+)"', page)
            others, offered = (re.findall(rf'name="{name}" value="([^"]+)"', page) for name in ("others", "offered"))
            sent = {"client_ids": ids, "others": others, "offered": offered, "do": "send", **WORDS}
            assert ana.post("/nudge", data=sent).status_code == 303
        counts.append(len(statements))
        clock.advance(timedelta(days=1))
    assert counts[0] == counts[1]
    assert nudged(admin) == 20 + 1_000
    assert "These are the first 1000. 200 more can be nudged after them." in page


def test_it_writes_names_in_any_script(cast: Cast) -> None:
    layla = a_client(cast.app, cast.ana, "ليلى منصور", "layla@example.com")
    page = post(cast, cast.ben, layla, do="preview").text
    assert "<bdi>ليلى منصور</bdi>" in page
    assert "How are you, ليلى?" in post(cast, layla, do="preview").text


def test_it_asks_for_somebody_where_nobody_is_chosen(cast: Cast) -> None:
    assert "Whom do you want to write to?" in cast.browser(cast.ana).get("/nudge").text


def test_it_knows_no_clients_of_another_practice(cast: Cast, admin: psycopg.Connection) -> None:
    for address in (f"/nudge?client={cast.ben.client_id}", "/nudge?client=nonsense"):
        assert cast.browser(cast.cleo).get(address).status_code == 404
    for do in ("", "preview", "send"):
        assert post(cast, cast.ben, do=do, by=cast.cleo).status_code == 404
    assert cast.browser(cast.ben).get("/nudge").status_code == 404
    assert nudged(admin) == 0


def test_it_begins_with_the_practices_own_words_where_it_has_some(cast: Cast) -> None:
    own = {"subject": "From our house", "words": "Dear {name}, we think of you.\n\n{step}"}
    assert cast.browser(cast.ana).post("/settings/messages/nudge", data=own).status_code == 303
    page = cast.browser(cast.ana).get(f"/nudge?client={cast.ben.client_id}").text
    assert "From our house" in page
    assert "Dear Ben, we think of you." in page


def test_it_leaves_out_whom_the_coach_wants_to_spare(cast: Cast, admin: psycopg.Connection, clock: FixedClock) -> None:
    people = [a_client(cast.app, cast.ana, name, f"{name[:3].lower()}@example.com") for name in ("Eva Ek", "Fay Fox")]
    give_habit(cast, MARCH.plus(-2))
    for person in people:
        give_habit(cast, MARCH.plus(-2), client=person)
    post(cast, people[1])
    clock.advance(timedelta(days=2))
    planned(cast, clock.instant + timedelta(days=3))
    everybody = (cast.ben, *people)
    page = post(cast, *everybody, do="preview").text
    assert "with a session in the next seven days (1)" in page
    assert "nudged in the last seven days (1)" in page
    assert "in their first month" not in page
    assert "Send to 3" in page
    assert "Send to 1" in post(cast, *everybody, do="preview", without=["session_soon", "nudged_lately"]).text
    post(cast, *everybody, without=["session_soon", "nudged_lately", "nonsense"])
    sent = admin.execute("select client_id from nudges where created_at = %s", [clock.instant]).fetchall()
    assert sent == [(people[0].client_id,)]
