"""How a friend's invitation stands, and which times are still on offer."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.network.rules import FriendDid, Standing, clashes, friend_did, on_offer, standing_of

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=7)
HOUR = timedelta(hours=1)
answers = st.sampled_from([None, "yes", "no", "later", "other"])
instants = st.integers(-2000, 8000).map(lambda minutes: NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("answer", "status", "starts_at", "standing"),
    [
        (None, None, None, Standing.OPEN),
        ("later", None, None, Standing.OPEN),
        ("yes", None, None, Standing.OPEN),
        ("other", None, None, Standing.OFFERED),
        ("no", None, None, Standing.DECLINED),
        ("yes", "scheduled", LATER, Standing.AGREED),
        ("other", "scheduled", LATER, Standing.AGREED),
        (None, "scheduled", LATER, Standing.AGREED),
        ("yes", "scheduled", NOW, Standing.BEGUN),
        ("yes", "held", NOW, Standing.MET),
        ("no", "cancelled", LATER, Standing.DECLINED),
        ("yes", "cancelled", LATER, Standing.CALLED_OFF),
        (None, "cancelled", LATER, Standing.OPEN),
        ("other", "cancelled", LATER, Standing.OFFERED),
    ],
)
def test_it_stands_as_its_answer_and_its_meetup_say(
    answer: str | None, status: str | None, starts_at: datetime | None, standing: Standing
) -> None:
    assert standing_of(answer, status, starts_at, NOW) is standing


@given(answers)
def test_it_lets_what_was_held_outweigh_every_answer(answer: str | None) -> None:
    standing = standing_of(answer, "held", LATER, NOW)
    assert standing is Standing.MET
    assert not standing.may_change


@given(st.lists(instants), st.lists(instants))
def test_it_offers_times_that_are_ahead_and_free_in_order_and_once(times: list[datetime], busy: list[datetime]) -> None:
    offered = on_offer(times, NOW, busy)
    assert list(offered) == sorted(set(offered))
    assert all(at > NOW and at in times and not clashes(at, busy) for at in offered)
    assert all(at <= NOW or clashes(at, busy) for at in set(times) - set(offered))


def test_it_takes_an_hour_for_a_clash_and_no_more() -> None:
    assert clashes(LATER, [LATER + HOUR - timedelta(minutes=1)])
    assert not clashes(LATER, [LATER + HOUR, LATER - HOUR])


@pytest.mark.parametrize(
    ("answer", "cancelled_by", "moved_by", "did"),
    [
        ("yes", None, None, FriendDid.AGREED),
        ("yes", None, "client", FriendDid.AGREED),
        ("yes", None, "friend", FriendDid.MOVED),
        ("other", None, "friend", FriendDid.OTHER),
        ("no", None, None, FriendDid.DECLINED),
        ("no", "client", None, FriendDid.DECLINED),
        ("no", "friend", None, FriendDid.CALLED_OFF),
    ],
)
def test_it_says_what_a_friend_did(answer: str, cancelled_by: str | None, moved_by: str | None, did: FriendDid) -> None:
    assert friend_did(answer, cancelled_by, moved_by) is did
