"""The invitation to the chosen friend: the coach's templates filled in, or as the client left it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from coachhub.habits.rules import Month
from coachhub.habits.service.habits import templates_of
from coachhub.habits.service.month import MonthPage
from coachhub.habits.service.starter import starter_templates
from coachhub.habits.service.steps import choice_of
from coachhub.network.rules import MOST_TIMES
from coachhub.network.service.drafts import (
    NOTHING,
    Channel,
    Channels,
    InvitationRow,
    Proposal,
    TemplateText,
    Tone,
    channels,
    draft_to,
    has_written,
    keep_draft,
    keep_proposal,
    mark_sent,
    record_answer,
    unsent_draft,
)
from coachhub.network.service.free_hours import free_times
from coachhub.network.service.friends import FriendRow
from coachhub.network.service.message_facts import friend_zone, times_in_message
from coachhub.network.service.owner import Owner, one_at_a_time
from coachhub.network.service.reply_links import reply_address
from coachhub.platform import clock
from coachhub.platform.errors import NotFound
from coachhub.platform.texts import one_line


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to go: the text, the ways to send it, and what it offers (UTC instants that are ahead).

    `is_own`: these are words that the client has changed; `own_tone` is the tone they began with, wherever own words
    are kept. `lacks_times` and `lacks_link` are what the client's own words do not say although it is offered.
    """

    friend: FriendRow
    tone: Tone
    tones: tuple[Tone, ...]
    subject: str
    body: str
    own_tone: Tone | None
    is_own: bool
    proposal: Proposal
    ways: Channels
    lacks_times: str = ""
    lacks_link: str = ""


def letter(owner: Owner, page: MonthPage, tone: Tone | None = None) -> Letter:
    """The message to the chosen friend in one of the coach's tones; without one as the client left it, else in the
    first tone.

    Raises NotFound where nobody is chosen.
    """
    if page.friend is None:
        raise NotFound
    kept = unsent_draft(owner, page.friend.id)
    proposal, link = proposal_of(owner, kept), reply_address(kept.id) if kept else ""
    drafts = draft_to(owner, page.friend, _templates(page), proposal, link)
    text = drafts.in_tone(tone or (kept.tone if kept else Tone.WARM))
    found = Letter(
        friend=page.friend,
        tone=text.tone,
        tones=tuple(each.tone for each in drafts.texts),
        subject=text.subject,
        body=text.body,
        own_tone=kept.tone if kept and kept.body else None,
        is_own=False,
        proposal=proposal,
        ways=channels(page.friend, text.subject, text.body, owner.zone),
    )
    return _own(owner, found, kept, link) if kept and kept.body and tone is None else found


def _own(owner: Owner, found: Letter, kept: InvitationRow, link: str) -> Letter:
    times = times_in_message(found.proposal.at, owner.zone, friend_zone(found.friend))
    return replace(
        found,
        tone=kept.tone,
        subject=kept.subject,
        body=kept.body,
        is_own=True,
        ways=channels(found.friend, kept.subject, kept.body, owner.zone),
        lacks_times="" if times in kept.body else times,
        lacks_link="" if link in kept.body else link,
    )


def proposal_of(owner: Owner, kept: InvitationRow | None) -> Proposal:
    """What an unsent message offers today: where all its times have passed, the next free hours stand in."""
    if kept is None:
        return NOTHING
    ahead = ahead_of(kept.proposed_times)
    return replace(kept.proposal, at=ahead if ahead or not kept.proposed_times else free_times(owner, MOST_TIMES))


def ahead_of(times: Sequence[datetime]) -> tuple[datetime, ...]:
    """The instants that are still to come, earliest first."""
    now = clock.now()
    return tuple(sorted(time for time in times if time > now))


def keep_words(owner: Owner, friend_id: UUID, tone: Tone, subject: str, body: str) -> UUID:
    """Keep the message as the client changed it, with the times and the place it offers. Returns its id."""
    proposal = proposal_of(owner, unsent_draft(owner, friend_id))
    return keep_draft(owner, friend_id, tone, one_line(subject), body.strip(), proposal.at, proposal.place)


def keep_tone(owner: Owner, friend_id: UUID, tone: Tone) -> None:
    """Let the client's own words go: the message is written anew in this tone, with all that it offers."""
    proposal = proposal_of(owner, unsent_draft(owner, friend_id))
    keep_draft(owner, friend_id, tone, "", "", proposal.at, proposal.place)


def propose(owner: Owner, page: MonthPage, proposal: Proposal) -> bool:
    """Change what the message offers. Returns whether it has words of the client's own; they stay.

    Where they name the times as we wrote them, they name the new ones now. Raises NotFound where nobody is chosen.
    """
    if page.friend is None:
        raise NotFound
    kept, zone = unsent_draft(owner, page.friend.id), friend_zone(page.friend)
    keep_proposal(owner, page.friend.id, proposal)
    if kept is None or not kept.body:
        return False
    before = times_in_message(proposal_of(owner, kept).at, owner.zone, zone)
    after = times_in_message(proposal.at, owner.zone, zone)
    if before and after and before in kept.body:
        body = kept.body.replace(before, after)
        keep_draft(owner, page.friend.id, kept.tone, kept.subject, body, proposal.at, proposal.place)
    return True


def send_words(
    owner: Owner,
    friend_id: UUID,
    tone: Tone,
    text: TemplateText,
    channel: Channel,
    at: Sequence[datetime] | None = None,
) -> None:
    """The client has sent these words, with these times in them (UTC instants; None: those that were kept), to the
    friend of their choice. A second click changes nothing.
    """
    one_at_a_time(owner)
    choice = choice_of(owner, Month.local(clock.now(), owner.zone))
    if choice is not None and has_written(owner, friend_id, choice.chosen_at):
        return
    proposal = proposal_of(owner, unsent_draft(owner, friend_id))
    times = proposal.at if at is None else at
    words = one_line(text.subject), text.body.strip()
    mark_sent(owner, keep_draft(owner, friend_id, tone, *words, times, proposal.place), channel)


def note_answer(owner: Owner, page: MonthPage, *, is_yes: bool) -> None:
    """What the friend answered to the message on its way. Raises NotFound where none is."""
    if page.sent is None:
        raise NotFound
    record_answer(owner, page.sent.id, "yes" if is_yes else "no")


def _templates(page: MonthPage) -> dict[Tone, TemplateText]:
    if page.progress is None:
        return starter_templates()
    return templates_of(page.progress.habit_id) or starter_templates()
