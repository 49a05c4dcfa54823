"""Messages: drafted from what is known, kept, sent once, answered."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import update

from coachhub.network.models import Friend
from coachhub.network.service.channels import as_e164, channels
from coachhub.network.service.drafts import (
    Channel,
    Proposal,
    TemplateText,
    Tone,
    draft,
    keep_draft,
    mark_followed_up,
    mark_sent,
    prepare_invitation,
    record_answer,
    renew_times,
    unsent_draft,
)
from coachhub.network.service.filling import Purpose, fill, unknown_fields
from coachhub.network.service.friends import FriendEntry, add_friend, friend_of, losses_of, suggest
from coachhub.network.service.meetups import agree_meetup
from coachhub.network.service.names import first_name
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import a_client, a_friend
from tests.network.conftest import Acting

BODY = (
    "Hi {first_name},\n\nIt has been {silence} since we spoke. I often think of our time at {company}.\n\n"
    "Could we meet at {place}? I could do {times}.\n\nBest,\n{me}"
)
TEMPLATES = {Tone.WARM: TemplateText("A coffee, {first_name}?", BODY), Tone.PLAIN: TemplateText("{place}", "Hello.")}


def test_it_fills_in_what_is_known(acting: Acting, cast: Cast) -> None:
    times = [datetime(2026, 3, 12, 12, 30, tzinfo=UTC), datetime(2026, 4, 3, 17, 0, tzinfo=UTC)]
    with acting() as ben:
        text = draft(ben, cast.dan_id, TEMPLATES, Proposal(tuple(times), "The Bear")).in_tone(Tone.WARM)
    assert text.subject == "A coffee, Dan?"
    assert text.body == (
        "Hi Dan,\n\nIt has been more than a year since we spoke. I often think of our time at Acme.\n\n"
        "Could we meet at The Bear? I could do Thursday 12 March at 12:30 or Friday 3 April at 18:00.\n\nBest,\nBen"
    )


def test_it_leaves_no_gap_where_something_is_unknown(acting: Acting) -> None:
    with acting() as ben:
        eve = add_friend(ben, FriendEntry("Eve"))
        drafts = draft(ben, eve, TEMPLATES)
    assert drafts.in_tone(Tone.WARM).body == "Hi Eve,\n\nBest,\nBen"
    assert drafts.in_tone(Tone.PLAIN).subject == "Hello from Ben"
    assert drafts.in_tone(Tone.LIGHT).tone is Tone.WARM


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("At {company}! Yours, {me}", "Yours, Ben"),
        ("One.\n\n{company} two.\n\nThree {nonsense}. Four.", "One.\n\nFour."),
        ("{me} said {me}", "Ben said Ben"),
        ("你好。{company}很好！{me}", "你好。 Ben"),
        ("Nothing to fill", "Nothing to fill"),
        ("{ me }", "Ben"),
    ],
)
def test_it_drops_only_the_sentence_that_needs_the_unknown(template: str, filled: str) -> None:
    assert fill(template, {"me": "Ben", "company": ""}) == filled


def test_it_does_not_fill_braces_that_a_fact_brings() -> None:
    assert fill("Hi {first_name}", {"name": "{me}", "me": "Ben"}) == "Hi {me}"


@pytest.mark.parametrize(
    ("template", "unknown"),
    [
        ("{name} {first_name} { since } {silence} {where}", []),
        ("{link} {ask} {firstname} {0}", ["0", "firstname"]),
        ("{}", [""]),
    ],
)
def test_it_names_the_fields_that_nobody_fills(template: str, unknown: list[str]) -> None:
    assert unknown_fields(template, Purpose.INVITE) == unknown


def test_it_knows_no_times_in_a_thank_you() -> None:
    assert unknown_fields("{name}, {times}, {link}", Purpose.THANKS) == ["link", "times"]


def test_it_takes_former_names_of_fields() -> None:
    facts = {"name": "Dan", "since": "a few years", "company": "Acme"}
    assert fill("{first_name}, {silence}, {where}", facts) == "Dan, a few years, Acme"


def test_it_puts_the_link_last_where_the_coach_has_left_it_out(acting: Acting, cast: Cast) -> None:
    link = "https://coachhub.example/r/abc"
    own = {Tone.WARM: TemplateText("Hi", "Hello."), Tone.LIGHT: TemplateText("Hi", "Here: {link}\n\n{me}")}
    with acting() as ben:
        drafts = draft(ben, cast.dan_id, own, link=link)
    assert drafts.in_tone(Tone.WARM).body == (
        f"Hello.\n\nYou can answer here, with one tap and without an account: {link}"
    )
    assert drafts.in_tone(Tone.LIGHT).body == f"Here: {link}\n\nBen"


def test_it_puts_the_clients_line_into_a_sentence(acting: Acting, cast: Cast) -> None:
    own = {Tone.WARM: TemplateText("{ask}", "Tell me about {ask}. I am {me}.")}
    with acting() as ben:
        asked = draft(ben, cast.dan_id, own, Proposal(ask=" your first year?! ")).in_tone(Tone.WARM)
        silent = draft(ben, cast.dan_id, own).in_tone(Tone.WARM)
    assert (asked.subject, asked.body) == ("your first year", "Tell me about your first year. I am Ben.")
    assert (silent.subject, silent.body) == ("Hello from Ben", "I am Ben.")


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        (None, "Friday 27 March at 12:30 or Monday 30 March at 12:30"),
        ("Europe/Lisbon", "Friday 27 March at 12:30 or Monday 30 March at 12:30"),
        ("Europe/Berlin", "Friday 27 March at 13:30 or Monday 30 March at 13:30 (Berlin time)"),
        ("America/New_York", "Friday 27 March at 08:30 or Monday 30 March at 07:30 (New York time)"),
        ("Pacific/Kiritimati", "Saturday 28 March at 02:30 or Tuesday 31 March at 01:30 (Kiritimati time)"),
    ],
)
def test_it_says_times_as_the_friends_clocks_show_them(
    acting: Acting, cast: Cast, zone: str | None, words: str
) -> None:
    """Europe changes its clocks between the two, New York has done so before."""
    at = (datetime(2026, 3, 27, 12, 30, tzinfo=UTC), datetime(2026, 3, 30, 11, 30, tzinfo=UTC))
    with acting() as ben:
        db.session.execute(update(Friend).where(Friend.id == cast.dan_id).values(time_zone=zone))
        text = draft(ben, cast.dan_id, {Tone.WARM: TemplateText("Hi", "{times}")}, Proposal(at)).in_tone(Tone.WARM)
    assert text.body == words


@pytest.mark.parametrize(
    "name", ["محمد الأحمد", "{link} {me}", "Dan\r\nBcc: eve@example.com", "<b>Dan</b>", "%s %(me)s"]
)
def test_it_takes_any_name_as_it_is(acting: Acting, name: str) -> None:
    with acting() as ben:
        friend_id = add_friend(ben, FriendEntry(name, company="{company} & Co."))
        own = {Tone.WARM: TemplateText("For {friend}", "{friend}, {company} {me}")}
        text = draft(ben, friend_id, own).in_tone(Tone.WARM)
        ways = channels(friend_of(ben, friend_id), text.subject, text.body)
    shown = " ".join(name.split())
    assert (text.subject, text.body) == (f"For {shown}", f"{shown}, {{company}} & Co. Ben")
    assert "\n" not in text.subject
    assert "Bcc:" not in ways.mail


def test_it_takes_a_prepared_message_for_no_draft(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        prepared = prepare_invitation(ben, cast.dan_id)
        assert prepare_invitation(ben, cast.dan_id) == prepared
        assert losses_of(ben, cast.dan_id).messages == 0
        assert keep_draft(ben, cast.dan_id, Tone.WARM, "Hi", "One") == prepared
        assert losses_of(ben, cast.dan_id).messages == 1


def test_it_prepares_nothing_for_a_stranger(acting: Acting, cast: Cast) -> None:
    with acting() as ben, pytest.raises(NotFound):
        prepare_invitation(ben, a_friend(cast.app, a_client(cast.app, cast.ana, "Eve", "eve@example.com"), "Fay"))


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Dan Dorsey", "Dan"),
        ("Dr. Dan Dorsey", "Dan"),
        ("Dorsey, Dan", "Dan"),
        ("王小明", "王小明"),
        ("김 민수", "김 민수"),
        ("محمد الأحمد", "محمد"),
        ("Dr.", "Dr."),
        ("Cher", "Cher"),
    ],
)
def test_it_greets_by_the_given_name(name: str, called: str) -> None:
    assert first_name(name) == called


def test_it_keeps_one_unsent_draft_a_friend(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        first = keep_draft(ben, cast.dan_id, Tone.WARM, "Hi", "One")
        assert keep_draft(ben, cast.dan_id, Tone.LIGHT, "Hi", "Two") == first
        kept = unsent_draft(ben, cast.dan_id)
    assert kept is not None
    assert (kept.tone, kept.body, kept.sent_at) == (Tone.LIGHT, "Two", None)


@pytest.fixture
def sent(acting: Acting, cast: Cast) -> UUID:
    """A message that Ben has sent to Dan."""
    with acting() as ben:
        invitation_id = keep_draft(ben, cast.dan_id, Tone.WARM, "Hi", "One")
        mark_sent(ben, invitation_id, Channel.WHATSAPP)
    return invitation_id


def test_it_is_sent_once(acting: Acting, sent: UUID, clock: FixedClock, admin: psycopg.Connection) -> None:
    clock.advance(timedelta(hours=1))
    with acting() as ben:
        mark_sent(ben, sent, Channel.MAIL)
    kept = admin.execute("select id, sent_at, channel from invitations").fetchall()
    assert kept == [(sent, NOW, "whatsapp")]


def test_it_suggests_nobody_who_was_invited_or_declined_lately(
    acting: Acting, sent: UUID, cast: Cast, clock: FixedClock
) -> None:
    with acting() as ben:
        assert suggest(ben, ben.today()) == []
        record_answer(ben, sent, "no")
        assert suggest(ben, ben.today()) == []
    clock.advance(timedelta(days=61))
    with acting() as ben:
        assert [found.friend.id for found in suggest(ben, ben.today())] == [cast.dan_id]


def test_it_notes_who_told_the_answer(acting: Acting, sent: UUID, admin: psycopg.Connection) -> None:
    for _ in range(2):
        with acting() as ben:
            record_answer(ben, sent, "no")
    row = admin.execute("select answer, answered_by, version from invitations").fetchone()
    assert row == ("no", "client", 1)


def test_it_follows_up_once(acting: Acting, sent: UUID, clock: FixedClock, admin: psycopg.Connection) -> None:
    at = NOW + timedelta(days=9)
    for _ in range(2):
        clock.advance(timedelta(days=1))
        with acting() as ben:
            renew_times(ben, sent, [at])
            mark_followed_up(ben, sent)
    row = admin.execute("select followed_up_at, proposed_times, version from invitations").fetchone()
    assert row == (NOW + timedelta(days=1), [at], 1)


def test_it_takes_no_follow_up_to_what_was_not_sent(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        unsent = keep_draft(ben, cast.dan_id, Tone.WARM, "Hi", "One")
        with pytest.raises(Refused, match="not marked as sent"):
            mark_followed_up(ben, unsent)


def test_it_takes_no_answer_to_what_was_not_sent(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        unsent = keep_draft(ben, cast.dan_id, Tone.WARM, "Hi", "One")
        with pytest.raises(Refused, match="not marked as sent"):
            record_answer(ben, unsent, "yes")


def test_it_takes_an_agreed_time_for_a_yes(acting: Acting, cast: Cast, sent: UUID, admin: psycopg.Connection) -> None:
    with acting() as ben:
        agree_meetup(ben, cast.dan_id, NOW + timedelta(days=3))
    assert admin.execute("select id, answer from invitations").fetchall() == [(sent, "yes")]


def test_it_finds_no_message_that_is_not_there(acting: Acting, cast: Cast) -> None:
    with acting() as ben, pytest.raises(NotFound):
        mark_sent(ben, cast.dan_id, Channel.MAIL)


@pytest.mark.parametrize(
    ("phone", "e164"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 (0)7700 900-123", "+447700900123"),
        ("0049 151 23456789", "+4915123456789"),
        ("٠٧٧٠٠٩٠٠١٢٣", "+447700900123"),
        ("ask Eve", None),
        ("12", None),
        ("", None),
    ],
)
def test_it_reads_odd_numbers_as_the_clients_country_would(acting: Acting, phone: str, e164: str | None) -> None:
    with acting() as ben:
        assert as_e164(phone, ben.zone) == e164


def test_it_offers_the_ways_that_are_known(acting: Acting, cast: Cast) -> None:
    with acting() as ben:
        dan = friend_of(ben, cast.dan_id)
        eve = friend_of(ben, add_friend(ben, FriendEntry("Eve", phone="0161 4960000 ext 9")))
        mail_only, phone_only = channels(dan, "Hi", "Lunch?"), channels(eve, "Hi", "Lunch?", ben.zone)
    assert mail_only.mail == "mailto:dan@example.net?subject=Hi&body=Lunch%3F"
    assert phone_only.whatsapp == "https://wa.me/441614960000?text=Lunch%3F"
    assert (mail_only.likely, phone_only.likely) == (Channel.MAIL, Channel.WHATSAPP)


def test_it_lets_the_clients_programs_ask_where_no_address_is_known(acting: Acting) -> None:
    with acting() as ben:
        ways = channels(friend_of(ben, add_friend(ben, FriendEntry("Eve", phone="ask Dan"))), "Hi", "Lunch?")
    assert (ways.mail, ways.sms) == ("mailto:?subject=Hi&body=Lunch%3F", "sms:?&body=Lunch%3F")
    assert (ways.whatsapp, ways.likely) == ("https://wa.me/?text=Lunch%3F", Channel.COPY)
