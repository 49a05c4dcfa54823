"""The pages of a client's network, through the browser's eyes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from coachhub.network.service.friends import FriendEntry, add_friend, friend_of, list_friends, put_off
from coachhub.network.service.meetups import MeetupStatus, agree_meetup, list_meetups, meetup_of
from coachhub.network.service.sharing import shares_all
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import a_client
from tests.network.conftest import Acting

THURSDAY = datetime(2026, 3, 12, 12, 30, tzinfo=UTC)


@pytest.fixture
def ben(cast: Cast) -> FlaskClient:
    return cast.browser(cast.ben)


@pytest.fixture
def lunch(acting: Acting, cast: Cast) -> UUID:
    """A meetup of Ben's with Dan, agreed for Thursday."""
    with acting() as owner:
        return agree_meetup(owner, cast.dan_id, THURSDAY, 60, "The Bear")


def went_to(answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_it_lists_friends_with_warmth_and_silence_in_words(ben: FlaskClient) -> None:
    page = ben.get("/friends").text
    assert "Dan Dorsey" in page
    assert "Acme · Colleague · last contact about 12 months ago" in page
    assert "warmth-hibernating" in page


def test_it_finds_and_filters_by_address(ben: FlaskClient, acting: Acting) -> None:
    with acting() as owner:
        add_friend(owner, FriendEntry("王小明", company="腾讯", last_contact_on=NOW.date()))
    assert "王小明" in ben.get("/friends?q=腾讯").text
    assert "Dan Dorsey" not in ben.get("/friends?warmth=awake").text
    assert "Nobody here" in ben.get("/friends?warmth=fading").text
    assert ben.get("/friends?warmth=nonsense&order=7&page=-3").status_code == 200


def test_it_pages_by_fifty(ben: FlaskClient, acting: Acting) -> None:
    with acting() as owner:
        for number in range(50):
            add_friend(owner, FriendEntry(f"Friend {number:02}", last_contact_on=NOW.date()))
    assert "Friend 49" not in ben.get("/friends?order=name").text
    assert "Friend 49" in ben.get("/friends?order=name&page=2").text


def test_it_asks_for_three_people_where_there_are_none(cast: Cast) -> None:
    finn = a_client(cast.app, cast.ana, "Finn", "finn@example.com")
    browser = cast.browser(finn)
    assert "Three people you liked working with" in browser.get("/friends").text
    typed = {
        "people-0-name": "Eve",
        "people-0-spoke": "longer",
        "people-1-name": "Ольга",
        "people-1-company": "Яндекс",
        "people-2-name": "",
    }
    assert went_to(browser.post("/friends/three", data=typed)) == "/friends"
    page = browser.get("/friends").text
    assert "2 friends are in your network." in page
    assert "about 3 years ago" in page


def test_it_wants_one_name_of_the_three(ben: FlaskClient) -> None:
    answer = ben.post("/friends/three", data={"people-1-company": "Acme"})
    assert answer.status_code == 422
    assert 'href="#people-0-name"' in answer.text
    assert "Who was it there?" in answer.text


def test_it_adds_a_friend_in_four_answers(ben: FlaskClient, acting: Acting) -> None:
    typed = {"name": "Eve", "company": "Initech", "kind": "mentor", "spoke": "one_to_two_years", "liking": "4"}
    there = went_to(ben.post("/friends/add", data=typed))
    assert went_to(ben.post("/friends/add", data=typed)) == there
    page = ben.get(there).text
    assert "Hibernating: last contact about 18 months ago" in page
    with acting() as owner:
        assert len(list_friends(owner)) == 2


def test_it_keeps_what_was_typed_when_it_refuses(ben: FlaskClient) -> None:
    typed = {"name": " ", "company": "Initech", "email": "eve@", "phone": "ask Eve", "known_until": "3000"}
    answer = ben.post("/friends/add", data=typed)
    assert answer.status_code == 422
    for words in ("Please write a name.", "whole e-mail address", "telephone number", "Initech", "ask Eve"):
        assert words in answer.text


def test_it_changes_a_friend_and_keeps_the_day_of_a_year(ben: FlaskClient, cast: Cast, acting: Acting) -> None:
    page = ben.get(f"/friends/{cast.dan_id}/edit").text
    assert 'value="Dan Dorsey"' in page
    typed = {"name": "Dan D.", "kind": "customer", "liking": "5", "phone": "07700 900123", "known_until": "2019"}
    went_to(ben.post(f"/friends/{cast.dan_id}/edit", data=typed))
    with acting() as owner:
        dan = friend_of(owner, cast.dan_id)
    assert (dan.name, dan.phone, dan.liking, str(dan.known_until)) == ("Dan D.", "+447700900123", 5, "2019-06-30")


def test_it_refuses_a_contact_in_the_future(ben: FlaskClient, cast: Cast) -> None:
    typed = {"name": "Dan", "kind": "customer", "liking": "5", "last_contact_on": "2026-03-06"}
    assert "still to come" in ben.post(f"/friends/{cast.dan_id}/edit", data=typed).text


def test_it_rests_a_friend_and_takes_it_back(ben: FlaskClient, cast: Cast) -> None:
    there = f"/friends/{cast.dan_id}"
    assert went_to(ben.post(f"{there}/not-now", data={"months": "3"})) == there
    assert "Not suggested before Monday 1 June" in ben.get(there).text
    ben.post(f"{there}/not-now", data={"months": "0"})
    ben.get(there)
    assert "Not suggested before" not in ben.get(there).text
    assert ben.post(f"{there}/not-now", data={"months": "400"}).status_code == 422


def test_it_offers_no_rest_that_is_over(ben: FlaskClient, cast: Cast, acting: Acting) -> None:
    with acting() as owner:
        put_off(owner, cast.dan_id, NOW.date())
    assert "Not suggested before" not in ben.get(f"/friends/{cast.dan_id}").text


def test_it_says_what_the_coach_will_see(ben: FlaskClient, cast: Cast) -> None:
    there = f"/friends/{cast.dan_id}"
    assert "Nothing about Dan" in ben.get(there).text
    ben.post(f"{there}/share", data={"shared": "yes"})
    assert "Your coach sees what stands on this page about Dan" in ben.get(there).text
    ben.post(f"{there}/never", data={"never": "yes"})
    assert "Never suggested to you." in ben.get(there).text


def test_it_wakes_a_friendship_with_one_tap(ben: FlaskClient, cast: Cast) -> None:
    ben.post(f"/friends/{cast.dan_id}/spoke")
    assert "Awake: last contact today." in ben.get(f"/friends/{cast.dan_id}").text


def test_it_names_what_is_lost_before_it_erases(ben: FlaskClient, cast: Cast, lunch: UUID) -> None:
    page = ben.get(f"/friends/{cast.dan_id}/erase").text
    assert "one meetup with its history" in page
    assert ben.get(f"/meetups/{lunch}").status_code == 200
    assert went_to(ben.post(f"/friends/{cast.dan_id}/erase")) == "/friends"
    assert ben.get(f"/friends/{cast.dan_id}").status_code == 404
    assert ben.get(f"/meetups/{lunch}").status_code == 404


def test_it_agrees_on_a_time_in_the_clients_zone(ben: FlaskClient, cast: Cast, acting: Acting) -> None:
    typed = {"day": "2026-04-09", "at": "12:30", "minutes": "45", "place": "The Bear"}
    there = went_to(ben.post(f"/friends/{cast.dan_id}/agree", data=typed))
    assert went_to(ben.post(f"/friends/{cast.dan_id}/agree", data=typed)) == there
    assert "Thursday 9 April, 12:30" in ben.get(there).text
    with acting() as owner:
        (meetup,) = list_meetups(owner).ahead
    assert (meetup.starts_at, meetup.minutes) == (datetime(2026, 4, 9, 11, 30, tzinfo=UTC), 45)


def test_it_moves_and_shows_the_history(ben: FlaskClient, lunch: UUID) -> None:
    typed = {"day": "2026-04-02", "at": "18:00", "place": "The Swan"}
    went_to(ben.post(f"/meetups/{lunch}/move", data=typed))
    went_to(ben.post(f"/meetups/{lunch}/move", data=typed))
    page = ben.get(f"/meetups/{lunch}").text
    assert "Moved once" in page
    assert "It stood at Thursday 12 March, 12:30." in page
    assert "New place: The Swan." in page


def test_it_refuses_kindly_to_move_into_the_past(ben: FlaskClient, lunch: UUID) -> None:
    answer = ben.post(f"/meetups/{lunch}/move", data={"day": "2026-03-01", "at": "12:30"})
    assert answer.status_code == 422
    assert "write down how it was instead" in answer.text


def test_it_asks_before_it_calls_off(ben: FlaskClient, lunch: UUID) -> None:
    assert "Is it off, or only later?" in ben.get(f"/meetups/{lunch}/cancel").text
    there = f"/meetups/{lunch}"
    assert went_to(ben.post(f"{there}/cancel")) == went_to(ben.post(f"{there}/cancel")) == there
    assert "Agree on a new time" in ben.get(there).text
    assert ben.get(f"{there}/move").status_code == 409


def test_it_refuses_kindly_to_log_what_is_ahead(ben: FlaskClient, lunch: UUID) -> None:
    assert "This meetup is still ahead." in ben.get(f"/meetups/{lunch}/log").text
    typed = {"feeling": "3", "minutes": "60", "day": "2026-03-12", "at": "12:30"}
    answer = ben.post(f"/meetups/{lunch}/log", data=typed)
    assert answer.status_code == 422
    assert "This meetup is still ahead." in answer.text


def test_it_logs_in_three_fields_and_changes_it_later(
    ben: FlaskClient, lunch: UUID, acting: Acting, clock: FixedClock
) -> None:
    clock.instant = THURSDAY + timedelta(days=1)
    typed = {"feeling": "3", "minutes": "50", "learned": "Leeds", "day": "2026-03-12", "at": "12:30"}
    for _click in range(2):
        assert went_to(ben.post(f"/meetups/{lunch}/log", data=typed)) == f"/meetups/{lunch}"
    assert "Written down. 50 minutes with friends this year." in ben.get(f"/meetups/{lunch}").text
    went_to(ben.post(f"/meetups/{lunch}/log", data=typed | {"minutes": "70", "follow_up": "Send the book"}))
    with acting() as owner:
        page = meetup_of(owner, lunch)
    assert page.log is not None
    assert (page.log.minutes, page.log.follow_up, page.moves) == (70, "Send the book", ())
    assert page.meetup.status is MeetupStatus.HELD


def test_it_counts_a_meetup_without_a_plan(ben: FlaskClient, cast: Cast) -> None:
    assert ben.get(f"/friends/{cast.dan_id}/met").status_code == 200
    typed = {"feeling": "2", "minutes": "30", "day": "2026-03-04", "at": "09:00"}
    there = went_to(ben.post(f"/friends/{cast.dan_id}/met", data=typed))
    assert went_to(ben.post(f"/friends/{cast.dan_id}/met", data=typed)) == there
    assert "1 time" in ben.get("/meetups").text


def test_it_shares_all_and_lets_new_friends_inherit(ben: FlaskClient, cast: Cast, acting: Acting) -> None:
    went_to(ben.post("/my/network/share?next=/friends", data={"shared": "yes"}))
    with acting() as owner:
        assert shares_all(owner)
        assert friend_of(owner, cast.dan_id).shared
        assert friend_of(owner, add_friend(owner, FriendEntry("Eve"))).shared
    ben.post("/my/network/share?next=/friends", data={"shared": "no"})
    with acting() as owner:
        assert not any(friend.shared for friend in list_friends(owner))


def test_it_goes_back_only_to_an_address_of_ours(ben: FlaskClient, lunch: UUID) -> None:
    typed = {"day": "2026-04-02", "at": "18:00"}
    assert went_to(ben.post(f"/meetups/{lunch}/move?next=/month", data=typed)) == "/month"
    elsewhere = ben.post(f"/meetups/{lunch}/move?next=https://example.org/", data=typed)
    assert went_to(elsewhere) == f"/meetups/{lunch}"


def test_it_shows_an_empty_list_of_meetups_with_the_one_action(ben: FlaskClient) -> None:
    page = ben.get("/meetups").text
    assert "No meetup yet" in page
    assert 'href="/month"' in page


def _pages_of(cast: Cast, meetup_id: UUID) -> list[str]:
    friend = [f"/friends/{cast.dan_id}{page}" for page in ("", "/edit", "/erase", "/agree", "/met")]
    return friend + [f"/meetups/{meetup_id}{page}" for page in ("", "/move", "/cancel", "/log")]


def _forms_of(cast: Cast, meetup_id: UUID) -> list[str]:
    on_friend = ("edit", "erase", "agree", "met", "spoke", "not-now", "never", "share")
    friend = [f"/friends/{cast.dan_id}/{form}" for form in on_friend]
    return friend + [f"/meetups/{meetup_id}/{form}" for form in ("move", "cancel", "log")]


TYPED = {
    "name": "X", "kind": "mentor", "liking": "3", "day": "2026-03-04", "at": "09:00", "minutes": "9", "feeling": "2",
    "months": "1", "never": "yes", "shared": "yes",
}  # fmt: skip


def test_it_answers_strangers_with_nothing(cast: Cast, lunch: UUID, acting: Acting) -> None:
    finn = a_client(cast.app, cast.ana, "Finn", "finn@example.com")
    gina = a_client(cast.app, cast.cleo, "Gina", "gina@example.com")
    for stranger in (cast.ana, cast.cleo, finn, gina):
        browser = cast.browser(stranger)
        assert {browser.get(page).status_code for page in _pages_of(cast, lunch)} == {404}
        assert {browser.post(form, data=TYPED).status_code for form in _forms_of(cast, lunch)} == {404}
    with acting() as owner:
        assert (friend_of(owner, cast.dan_id).name, friend_of(owner, cast.dan_id).shared) == ("Dan Dorsey", False)


def test_it_sends_visitors_to_sign_in(cast: Cast, lunch: UUID) -> None:
    answers = [cast.browser().get(page) for page in ("/friends", "/meetups", *_pages_of(cast, lunch))]
    assert {answer.status_code for answer in answers} == {302}
