"""The weekly grid of free hours, and the times that messages offer out of it."""

from datetime import UTC, datetime, time, timedelta

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from coachhub.network.service.drafts import Tone, keep_draft, prepare_invitation, unsent_draft
from coachhub.network.service.free_hours import free_hours, free_times, keep_free_hours
from coachhub.network.service.meetups import agree_meetup
from tests.cast import Cast
from tests.network.conftest import Acting

ADDRESS = "/my/free-hours"
THURSDAYS = [(3, time(12, 30))]
MONDAY_LUNCH = datetime(2026, 3, 9, 12, 30, tzinfo=UTC)


def tick(browser: FlaskClient, *hours: str, **more: str) -> int:
    return browser.post(ADDRESS, data=MultiDict([*(("hours", each) for each in hours), *more.items()])).status_code


def test_it_replaces_the_grid_as_a_whole(cast: Cast, acting: Acting) -> None:
    browser = cast.browser(cast.ben)
    for _ in range(2):
        assert tick(browser, "3-12:30", "0-08:00") == 303
    assert tick(browser, "3-12:30") == 303
    with acting() as ben:
        assert free_hours(ben) == ((3, time(12, 30)),)
    assert tick(browser) == 303
    with acting() as ben:
        assert free_hours(ben) == ()


def test_it_adds_a_preset_to_what_is_ticked(cast: Cast, acting: Acting) -> None:
    tick(cast.browser(cast.ben), "6-19:30", preset="lunch")
    with acting() as ben:
        assert free_hours(ben) == (*((day, time(12, 30)) for day in range(5)), (6, time(19, 30)))


def test_it_shows_what_is_ticked_and_what_it_comes_to(cast: Cast) -> None:
    browser = cast.browser(cast.ben)
    tick(browser, "3-12:30")
    page = browser.get(ADDRESS).text
    assert page.count("checked") == 1
    assert "Thursday 12 March, 12:30" in page


def test_it_refuses_an_hour_or_a_preset_that_is_not_there(cast: Cast, acting: Acting) -> None:
    browser = cast.browser(cast.ben)
    assert (tick(browser, "9-12:30"), tick(browser, preset="midnight")) == (422, 422)
    with acting() as ben:
        assert free_hours(ben) == ()


def test_it_is_the_clients_alone(cast: Cast, acting: Acting) -> None:
    tick(cast.browser(cast.ben), "3-12:30")
    for person in (cast.ana, cast.cleo, None):
        assert cast.browser(person).get(ADDRESS).status_code != 200
        assert tick(cast.browser(person), "0-08:00") != 303 or person is None
    with acting(reader=cast.ana) as ben:
        assert free_hours(ben) == ()


def test_it_leaves_out_what_is_agreed(cast: Cast, acting: Acting) -> None:
    with acting() as ben:
        keep_free_hours(ben, [(day, time(12, 30)) for day in range(5)])
        assert free_times(ben, 1) == (MONDAY_LUNCH,)
        agree_meetup(ben, cast.dan_id, MONDAY_LUNCH + timedelta(minutes=90))
        assert free_times(ben, 1) == (MONDAY_LUNCH + timedelta(days=1),)


def test_it_prepares_a_message_with_the_next_times(cast: Cast, acting: Acting) -> None:
    with acting() as ben:
        keep_free_hours(ben, THURSDAYS)
        invitation_id = prepare_invitation(ben, cast.dan_id)
        assert prepare_invitation(ben, cast.dan_id) == invitation_id
        found = unsent_draft(ben, cast.dan_id)
    assert found is not None
    assert [at.day for at in found.proposed_times] == [12, 19, 26]


def test_it_fills_messages_that_offer_nothing_yet_and_no_others(cast: Cast, acting: Acting) -> None:
    with acting() as ben:
        prepare_invitation(ben, cast.dan_id)
    tick(cast.browser(cast.ben), "3-12:30")
    with acting() as ben:
        prepared = unsent_draft(ben, cast.dan_id)
        keep_draft(ben, cast.dan_id, Tone.WARM, "Hi", "My own words")
    tick(cast.browser(cast.ben), "3-12:30", "4-12:30")
    with acting() as ben:
        edited = unsent_draft(ben, cast.dan_id)
    assert prepared is not None
    assert edited is not None
    assert (len(prepared.proposed_times), edited.proposed_times) == (3, ())
