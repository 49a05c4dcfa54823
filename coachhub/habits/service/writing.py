"""The message to the chosen friend: the coach's templates filled in, or as the client left it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coachhub.habits.rules import Month
from coachhub.habits.service.habits import templates_of
from coachhub.habits.service.month import MonthPage, message_sent
from coachhub.habits.service.starter import follow_up_template, starter_templates
from coachhub.habits.service.steps import choice_of
from coachhub.network.service.drafts import (
    Channel,
    Channels,
    Drafts,
    InvitationRow,
    TemplateText,
    Tone,
    channels,
    draft,
    keep_draft,
    mark_sent,
    open_invitation,
    record_answer,
)
from coachhub.network.service.friends import FriendRow
from coachhub.network.service.owner import Owner, one_at_a_time
from coachhub.platform import clock
from coachhub.platform.errors import NotFound
from coachhub.platform.texts import one_line


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to go: the text in one tone, the ways to send it, and the times it offers.

    `is_own`: the client has changed the words, and they were kept.
    """

    friend: FriendRow
    tone: Tone
    tones: tuple[Tone, ...]
    subject: str
    body: str
    is_own: bool
    times: tuple[datetime, ...]
    place: str
    ways: Channels


def letter(owner: Owner, page: MonthPage, tone: Tone | None = None) -> Letter:
    """The message to the chosen friend in a tone; without one as it was kept, else in the first tone.

    Raises NotFound where nobody is chosen.
    """
    if page.friend is None:
        raise NotFound
    kept = _kept(owner, page.friend.id)
    times, place = (kept.proposed_times, kept.place) if kept else ((), "")
    drafts = draft(owner, page.friend.id, _templates(page), _ahead(times), place)
    wanted = tone or (kept.tone if kept else Tone.WARM)
    is_own = kept is not None and kept.tone is wanted
    text = TemplateText(kept.subject, kept.body) if kept and is_own else _text(drafts, wanted)
    return _letter(owner, page.friend, drafts, wanted, text, is_own=is_own, times=times, place=place)


def follow_up(owner: Owner, page: MonthPage) -> Letter:
    """A gentle word to the friend who has not answered. Raises NotFound where nobody is chosen."""
    if page.friend is None:
        raise NotFound
    times = page.sent.proposed_times if page.sent else ()
    drafts = draft(owner, page.friend.id, {Tone.LIGHT: follow_up_template()}, _ahead(times))
    text = _text(drafts, Tone.LIGHT)
    return _letter(owner, page.friend, drafts, Tone.LIGHT, text, is_own=False, times=times, place="")


def keep_words(owner: Owner, friend_id: UUID, tone: Tone, subject: str, body: str) -> UUID:
    """Keep the message as the client changed it, with the times and the place it offers. Returns its id."""
    kept = _kept(owner, friend_id)
    times, place = (kept.proposed_times, kept.place) if kept else ((), "")
    return keep_draft(owner, friend_id, tone, one_line(subject), body.strip(), times, place)


def offer_times(owner: Owner, page: MonthPage, tone: Tone, times: Sequence[datetime], place: str) -> None:
    """Put up to three times (UTC instants) and a place into the message: it is written anew in this tone."""
    if page.friend is None:
        raise NotFound
    text = _text(draft(owner, page.friend.id, _templates(page), _ahead(times), place), tone)
    keep_draft(owner, page.friend.id, tone, text.subject, text.body, times, place)


def send_words(owner: Owner, friend_id: UUID, tone: Tone, subject: str, body: str, channel: Channel) -> None:
    """The client has sent these words to the friend of their choice. A second click changes nothing."""
    one_at_a_time(owner)
    choice = choice_of(owner, Month.local(clock.now(), owner.zone))
    if choice is not None and message_sent(owner, choice.chosen_at, friend_id) is not None:
        return
    mark_sent(owner, keep_words(owner, friend_id, tone, subject, body), channel)


def note_answer(owner: Owner, page: MonthPage, *, is_yes: bool) -> None:
    """What the friend answered to the message on its way. Raises NotFound where none is."""
    if page.sent is None:
        raise NotFound
    record_answer(owner, page.sent.id, "yes" if is_yes else "no")


def _kept(owner: Owner, friend_id: UUID) -> InvitationRow | None:
    found = open_invitation(owner, friend_id)
    return found if found is not None and found.sent_at is None else None


def _ahead(times: Sequence[datetime]) -> list[datetime]:
    now = clock.now()
    return [time for time in times if time > now]


def _templates(page: MonthPage) -> dict[Tone, TemplateText]:
    if page.progress is None:
        return starter_templates()
    return templates_of(page.progress.habit_id) or starter_templates()


def _text(drafts: Drafts, tone: Tone) -> TemplateText:
    found = drafts.in_tone(tone)
    return TemplateText(found.subject, found.body)


def _letter(
    owner: Owner,
    friend: FriendRow,
    drafts: Drafts,
    tone: Tone,
    text: TemplateText,
    *,
    is_own: bool,
    times: Sequence[datetime],
    place: str,
) -> Letter:
    return Letter(
        friend=friend,
        tone=tone,
        tones=tuple(text.tone for text in drafts.texts),
        subject=text.subject,
        body=text.body,
        is_own=is_own,
        times=tuple(times),
        place=place,
        ways=channels(friend, text.subject, text.body, owner.zone),
    )
