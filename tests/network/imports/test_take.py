"""Taking: who is ticked becomes a friend, once; the others are forgotten; what was not taken is told."""

import csv
import io
from datetime import date, timedelta
from threading import Thread

from coachhub.network.service.imports.taking import take_import
from coachhub.network.service.sharing import share_all
from coachhub.platform.clock import FixedClock
from tests.factories import a_friend
from tests.network.conftest import Acting
from tests.network.imports.conftest import Importing, linkedin, somebody


def test_it_makes_friends_of_those_who_are_ticked(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(somebody(1), somebody(2), somebody(3)))
    importing.take(import_id, line=[2, 3, 4], tick=[2, 4])
    assert importing.names() == ["Dan Dorsey", "Eli Eriksen 1", "Eli Eriksen 3"]
    query = "select company, title, email, profile, known_from, known_until, last_contact_on, liking, number, kind "
    row = importing.admin.execute(query + "from friends where name = 'Eli Eriksen 3'").fetchone()
    facts = ("Acme", "CTO", "eli3@example.com", "linkedin.com/in/eli-3", date(2015, 7, 26), None, None, 3, 2)
    assert row == (*facts, "colleague")
    assert "2 friends are in your network." in importing.page(import_id)
    assert importing.lying_about() == (0, 0)


def test_it_takes_once_whatever_is_clicked_or_rung(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(somebody(1)))
    for _click in range(2):
        assert importing.press(import_id, "take", line=2, tick=2).status_code == 303
    for _ring in range(2):
        with importing.worker.app_context():
            take_import(importing.cast.ben.practice_id, import_id)
    assert importing.names() == ["Dan Dorsey", "Eli Eriksen 1"]


def test_it_asks_again_where_nobody_is_ticked(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(somebody(1)))
    importing.press(import_id, "take", line=2)
    assert importing.state(import_id) == "preview"
    assert "Nobody is ticked yet" in importing.page(import_id)


def test_it_adds_nothing_the_second_time(importing: Importing) -> None:
    content = linkedin(somebody(1), somebody(2))
    importing.take(importing.bring_in(content))
    again = importing.bring_in(content)
    assert importing.kinds(again) == {"same": 2}
    assert "2" in importing.page(again, tab="left")
    assert len(importing.names()) == 3


def test_it_adds_nobody_twice_by_two_files_at_once(importing: Importing) -> None:
    first = importing.bring_in(linkedin(somebody(1), somebody(2)))
    second = importing.bring_in(linkedin(somebody(2), somebody(3)))
    for import_id in (first, second):
        importing.press(import_id, "take", line=[2, 3], tick=[2, 3])
    importing.queue.rings.clear()

    def take(import_id: object) -> None:
        with importing.worker.app_context():
            take_import(importing.cast.ben.practice_id, import_id)  # type: ignore[arg-type]

    workers = [Thread(target=take, args=[import_id]) for import_id in (first, second)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=20)
    assert sorted(importing.names()) == ["Dan Dorsey", "Eli Eriksen 1", "Eli Eriksen 2", "Eli Eriksen 3"]
    assert importing.one("select count(distinct number) from friends") == 4
    assert importing.one("select count(*) from import_rows where kind = 'same'") == 1


def test_it_leaves_out_who_became_a_friend_by_hand_meanwhile(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(somebody(1)))
    a_friend(importing.cast.app, importing.cast.ben, "Eli", email="eli1@example.com")
    importing.take(import_id, line=2, tick=2)
    assert sorted(importing.names()) == ["Dan Dorsey", "Eli"]
    assert "In your network already." in importing.page(import_id)


def test_it_merges_only_by_hand(importing: Importing) -> None:
    dan = "Dan,Dorsey,https://linkedin.com/in/dan,,Acme,Chief of Staff,3 Mar 2014"
    undecided = importing.bring_in(linkedin(dan, somebody(1)))
    importing.take(undecided, line=3, tick=3)
    assert "you have not decided" in importing.page(undecided)
    assert importing.one("select profile from import_rows where kind = 'like'") == ""
    filled = importing.bring_in(linkedin(dan))
    importing.take(filled, tab="like", pair=2, **{"choice-2": "fill"})
    facts = importing.admin.execute("select title, email, profile from friends where name = 'Dan Dorsey'").fetchall()
    assert facts == [("Chief of Staff", "dan@example.net", "linkedin.com/in/dan")]
    assert "What was new about one friend is filled in." in importing.page(filled)


def test_it_adds_a_namesake_when_told_so(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin("Dan,Dorsey,https://linkedin.com/in/dan-2,,Acme,,3 Mar 2014"))
    importing.take(import_id, tab="like", pair=2, **{"choice-2": "add"})
    assert importing.names() == ["Dan Dorsey", "Dan Dorsey"]


def test_it_shares_new_friends_where_all_are_shared(importing: Importing, acting: Acting) -> None:
    with acting() as ben:
        share_all(ben, True)
    importing.take(importing.bring_in(linkedin(somebody(1))))
    assert importing.one("select bool_and(shared) from friends") is True


def test_it_takes_ten_thousand(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(*(somebody(number) for number in range(10_000))))
    importing.press(import_id, "all")
    importing.take(import_id)
    assert len(importing.names()) == 10_001
    assert importing.one("select max(number) from friends") == 10_000


def test_it_hands_out_the_lines_that_were_not_taken_without_formulas(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin("=1+1,x,,,,,", somebody(1), ",,,,,,3 Mar 2014", somebody(1)))
    importing.take(import_id)
    answer = importing.ben.get(f"/friends/import/{import_id}/left-out.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Line", "2", "4", "5"]
    assert rows[1][1].startswith("'=")
    assert "line 3" in rows[3][2]


def test_it_rings_again_for_a_take_that_was_lost(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(somebody(1)))
    importing.press(import_id, "take", line=2, tick=2)
    importing.queue.rings.clear()
    assert "Adding your friends" in importing.page(import_id)
    importing.admin.execute("update imports set touched_at = touched_at - interval '2 minutes'")
    importing.sweep()
    assert importing.state(import_id) == "done"


def test_it_deletes_what_was_left_out_after_a_month(importing: Importing, clock: FixedClock) -> None:
    import_id = importing.bring_in(linkedin(",,,,,,3 Mar 2014", somebody(1)))
    importing.take(import_id)
    clock.advance(timedelta(days=29))
    importing.sweep()
    assert importing.lying_about() == (0, 1)
    clock.advance(timedelta(days=2))
    importing.sweep()
    assert importing.lying_about() == (0, 0)
    assert "One friend is in your network." in importing.page(import_id)
