"""The worker reads: in pieces, seen while it runs, anew after a crash, and nothing of the file stays."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from coachhub.network.service.imports import staging
from coachhub.network.service.imports.people import Reading
from coachhub.platform.clock import FixedClock
from tests.factories import a_friend
from tests.network.imports.conftest import Importing, linkedin, somebody


class Killed(BaseException):
    """The worker is no more."""


def _upload(importing: Importing, count: int) -> UUID:
    answer = importing.upload(linkedin(*(somebody(number) for number in range(count))))
    return UUID(answer.location.rpartition("/")[2])


def _read_and_die(importing: Importing, import_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is killed when the first lines are laid out and the next are read."""
    lay_out, calls = staging._lay_out_some, []

    def dying(*arguments: object) -> None:
        calls.append(1)
        if len(calls) > 1:
            raise Killed
        lay_out(*arguments)  # type: ignore[arg-type]

    importing.queue.rings.clear()
    with monkeypatch.context() as patch, importing.worker.app_context():
        patch.setattr(staging, "_lay_out_some", dying)
        with pytest.raises(Killed):
            staging.read_import(importing.cast.ben.practice_id, import_id)


def _fall_silent(importing: Importing) -> None:
    importing.admin.execute("update imports set touched_at = touched_at - interval '2 minutes'")


def test_it_lays_out_everybody_and_deletes_the_file(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(*(somebody(number) for number in range(10_000))))
    assert (importing.state(import_id), importing.kinds(import_id)) == ("preview", {"new": 10_000})
    assert importing.lying_about() == (0, 10_000)
    assert importing.one("select name from import_rows order by line limit 1") == "Eli Eriksen 0"


def test_it_shows_how_far_it_is_and_begins_anew_after_a_crash(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = _upload(importing, 7_000)
    _read_and_die(importing, import_id, monkeypatch)
    assert importing.kinds(import_id) == {"new": 3_000}
    assert "read</label>" in importing.page(import_id)
    importing.sweep()
    assert importing.state(import_id) == "reading"  # the worker may still live
    _fall_silent(importing)
    importing.sweep()
    assert (importing.state(import_id), importing.kinds(import_id)) == ("preview", {"new": 7_000})


def test_it_gives_up_a_file_that_kills_each_worker(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id = _upload(importing, 7_000)
    for _try in range(3):
        _read_and_die(importing, import_id, monkeypatch)
        _fall_silent(importing)
    importing.sweep()
    assert (importing.state(import_id), importing.lying_about()) == ("failed", (0, 0))
    assert "That was our mistake" in importing.page(import_id)


def test_it_reads_nothing_twice(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(somebody(1)))
    importing.press(import_id, "none")
    with importing.worker.app_context():
        staging.read_import(importing.cast.ben.practice_id, import_id)
    assert importing.one("select ticked from import_rows") is False


def test_it_stops_when_the_client_discards_the_file(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id = _upload(importing, 10)
    read_people = staging.read_people

    def discarded(*arguments: object) -> Reading:
        reading = read_people(*arguments)  # type: ignore[arg-type]
        importing.admin.execute("delete from imports where id = %s", [import_id])
        return reading

    monkeypatch.setattr(staging, "read_people", discarded)
    importing.work()
    assert importing.lying_about() == (0, 0)


def test_it_waits_for_a_database_that_is_away(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id = _upload(importing, 10)

    def away(*_arguments: object) -> bool:
        raise OperationalError("select", {}, Exception())

    with monkeypatch.context() as patch:
        patch.setattr(staging, "_lay_out_some", away)
        with pytest.raises(OperationalError):
            importing.work()
    _fall_silent(importing)
    importing.sweep()
    assert importing.state(import_id) == "preview"


def test_it_hides_a_stumble_of_ours_from_the_log_but_not_from_the_client(
    importing: Importing, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import_id = _upload(importing, 10)

    def stumbling(*_arguments: object) -> bool:
        raise ValueError("Eli Eriksen 3")

    monkeypatch.setattr(staging, "_lay_out_some", stumbling)
    importing.work()
    assert "That was our mistake" in importing.page(import_id)
    assert "Eli" not in "".join(capsys.readouterr())


def test_it_knows_friends_by_profile_and_address_and_suggests_by_name(importing: Importing) -> None:
    app, ben = importing.cast.app, importing.cast.ben
    a_friend(app, ben, "Eli E.", profile="linkedin.com/in/eli-1")
    a_friend(app, ben, "Eli the second", email="ELI2@example.com")
    a_friend(app, ben, "Eli Eriksen 3", company="An old company")
    a_friend(app, ben, "Eli Eriksen 4", company="Elsewhere", email="other@example.com")
    import_id = importing.bring_in(linkedin(*(somebody(number) for number in range(1, 6))))
    found = importing.admin.execute("select line - 1, kind from import_rows order by line").fetchall()
    assert found == [(1, "same"), (2, "same"), (3, "like"), (4, "new"), (5, "new")]
    assert "In your network already." in importing.page(import_id, tab="left")


def test_it_ticks_a_few_and_nobody_of_hundreds(importing: Importing) -> None:
    few = importing.bring_in(linkedin(*(somebody(number) for number in range(3))))
    many = importing.bring_in(linkedin(*(somebody(number) for number in range(151))))
    ticked = "select count(*) from import_rows where ticked and import_id = %s"
    assert (importing.one(ticked, few), importing.one(ticked, many)) == (3, 0)


def test_it_asks_what_the_columns_hold_and_reads_again(importing: Importing) -> None:
    import_id = importing.bring_in("Wer;Was\nعمر الفاروق;Acme\nNoor Haddad;Globex\n".encode(), "people.csv")
    assert "What do the columns hold?" in importing.page(import_id)
    path = f"/friends/import/{import_id}/columns"
    assert importing.ben.post(path, data={"column_0": "", "column_1": "company"}).status_code == 422
    assert importing.ben.post(path, data={"column_0": "name", "column_1": "name"}).status_code == 422
    for _click in range(2):
        assert importing.ben.post(path, data={"column_0": "name", "column_1": "company"}).status_code == 303
    importing.work()
    assert "عمر الفاروق" in importing.page(import_id)
    assert importing.one("select details from imports") == {}


def test_it_forgets_what_has_lain_for_too_long(importing: Importing, clock: FixedClock) -> None:
    importing.bring_in(linkedin(somebody(1)))
    clock.advance(timedelta(days=6))
    importing.sweep()
    assert importing.lying_about() == (0, 1)
    clock.advance(timedelta(days=1))
    importing.sweep()
    assert (importing.lying_about(), importing.one("select count(*) from imports")) == ((0, 0), 0)
