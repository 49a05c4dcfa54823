"""The client's month: the one question of the moment, and what is known for asking it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select

from coachhub.habits.models import Habit
from coachhub.habits.rules import Month, NextStep, Question, Situation, is_done, may_ask, question_of
from coachhub.habits.service.assignments import assignments_of
from coachhub.habits.service.progress import Progress, progress_of
from coachhub.habits.service.steps import PlanRow, choice_of, choices_of, plan_of
from coachhub.network.models import Friend, Invitation, Meetup, MeetupStatus
from coachhub.network.rules import Role, Warmth
from coachhub.network.service.friends import FriendRow, friend_of
from coachhub.network.service.hearing import Heard, last_heard
from coachhub.network.service.meetup_rows import scheduled
from coachhub.network.service.meetups import MeetupRow, meetup_of
from coachhub.network.service.message_facts import Proposal
from coachhub.network.service.offers import CounterOffer, offers
from coachhub.network.service.owner import Owner, owned_by
from coachhub.network.service.suggestions import Suggestion, three
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

WAITING = timedelta(days=45)
_FRESH = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SentMessage:
    """The message to the chosen friend that is on its way."""

    id: UUID
    friend_id: UUID
    sent_at: datetime
    answer: str | None
    proposal: Proposal
    followed_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class MonthPage:
    """What the client's page asks, and the facts it shows.

    `begins`: the first month of a habit that is still to come. `friend` is whom this is about; `meetup` is the next
    one ahead, or the one that waits for a word about how it was. `words` are the coach's five steps. `offer` is what a
    friend offers instead, `heard` what one has said lately.
    """

    month: Month
    question: Question
    situation: Situation
    progress: Progress | None
    begins: Month | None
    words: tuple[str, ...]
    plan: PlanRow | None
    friend: FriendRow | None
    sent: SentMessage | None
    meetup: MeetupRow | None
    offer: CounterOffer | None = None
    heard: Heard | None = None


def month_page(owner: Owner, now: datetime, ask: Question | None = None) -> MonthPage:
    """The running month of the owner's zone; `ask` turns to another question where that makes sense."""
    month = Month.local(now, owner.zone)
    progress = progress_of([owner.client_id], now).get(owner.client_id)
    meetup = _meetup(owner)
    friend_id, sent = _whom(owner, month, now)
    plan = plan_of(owner, month)
    has_friends, was_active = _before(owner)
    offer = next(iter(offers(owner)), None)
    situation = Situation(
        has_habit=progress is not None,
        is_paused=progress is not None and progress.is_paused,
        is_done=progress is not None and is_done(progress.steps.held, progress.target),
        has_friends=has_friends,
        has_plan=plan is not None,
        has_choice=friend_id is not None,
        is_sent=sent is not None,
        said_yes=sent is not None and sent.answer == "yes",
        is_followed_up=sent is not None and sent.followed_up_at is not None,
        is_ahead=meetup is not None and meetup.starts_at > now,
        is_unlogged=meetup is not None and meetup.starts_at <= now,
        is_under_way=progress is not None and bool(progress.steps.chosen_at or progress.steps.invited_at),
        is_first=not was_active,
        has_offer=offer is not None,
    )
    question = ask if ask is not None and may_ask(ask, situation) else question_of(situation)
    return MonthPage(
        month=month,
        question=question,
        situation=situation,
        progress=progress,
        begins=None if progress else _begins(owner, month),
        words=_words(progress),
        plan=plan,
        friend=friend_of(owner, friend_id) if friend_id else None,
        sent=sent,
        meetup=meetup,
        offer=offer,
        heard=last_heard(owner, now - _FRESH),
    )


def suggestions(owner: Owner, page: MonthPage) -> list[Suggestion]:
    """Whom to see: three, the one for whom most speaks first.

    After missed months the easy one, else the warmest, comes first: an easy hello. Who was let go this month comes
    last, and only where nobody else could take the place.
    """
    let_go = {choice.friend_id for choice in choices_of(owner, page.month) if choice.dropped_at is not None}
    is_easy = page.progress is not None and page.progress.verdict.next_step is NextStep.CHOOSE_SOMEBODY_EASY
    states = list(Warmth)

    def order(suggestion: Suggestion) -> tuple[bool, bool, int, int]:
        friend = suggestion.friend
        is_late = is_easy and suggestion.role is not Role.EASY
        return friend.id in let_go, is_late, states.index(friend.warmth) if is_easy else 0, -suggestion.points

    return sorted(three(owner, owner.today(), let_go), key=order)


def _meetup(owner: Owner) -> MeetupRow | None:
    chosen = select(Meetup.id).where(scheduled(owner)).order_by(Meetup.starts_at, Meetup.id)
    meetup_id = db.session.scalar(chosen.limit(1))
    return meetup_of(owner, meetup_id).meetup if meetup_id else None


def _whom(owner: Owner, month: Month, now: datetime) -> tuple[UUID | None, SentMessage | None]:
    """Who is chosen and not met yet, with the message sent since; else who has not answered an earlier message."""
    choice = choice_of(owner, month)
    if choice is None:
        waiting = message_sent(owner, now - WAITING)
        is_open = waiting is not None and waiting.answer in (None, "yes")
        if waiting is None or not is_open or _has_met(owner, waiting.friend_id, waiting.sent_at, agreed=True):
            return None, None
        return waiting.friend_id, waiting
    if _has_met(owner, choice.friend_id, choice.chosen_at):
        return None, None
    return choice.friend_id, message_sent(owner, choice.chosen_at, choice.friend_id)


def message_sent(owner: Owner, since: datetime, friend_id: UUID | None = None) -> SentMessage | None:
    """The last message that was sent since, or followed up since, to one friend or to anybody."""
    chosen = select(
        Invitation.id,
        Invitation.friend_id,
        Invitation.sent_at,
        Invitation.answer,
        Invitation.proposed_times,
        Invitation.place,
        Invitation.ask,
        Invitation.followed_up_at,
    ).where(owned_by(owner, Invitation), func.greatest(Invitation.sent_at, Invitation.followed_up_at) >= since)
    if friend_id is not None:
        chosen = chosen.where(Invitation.friend_id == friend_id)
    row = db.session.execute(chosen.order_by(Invitation.sent_at.desc()).limit(1)).one_or_none()
    if row is None or row.sent_at is None:
        return None
    proposal = Proposal(tuple(row.proposed_times), row.place, row.ask)
    return SentMessage(row.id, row.friend_id, row.sent_at, row.answer, proposal, row.followed_up_at)


def _has_met(owner: Owner, friend_id: UUID, since: datetime, *, agreed: bool = False) -> bool:
    """Whether a meetup with the friend was held since; `agreed`: one that was agreed since is enough."""
    theirs = owned_by(owner, Meetup) & (Meetup.friend_id == friend_id)
    happened = (Meetup.status == MeetupStatus.HELD) & (Meetup.ended_at >= since)
    if agreed:
        happened |= Meetup.agreed_at >= since
    return bool(db.session.scalar(select(exists().where(theirs, happened))))


def _before(owner: Owner) -> tuple[bool, bool]:
    """Whether there are friends, and whether anything was ever sent or anybody met."""
    has_friends = exists().where(owned_by(owner, Friend))
    has_sent = exists().where(owned_by(owner, Invitation), Invitation.sent_at.is_not(None))
    has_met = exists().where(owned_by(owner, Meetup))
    friends, active = db.session.execute(select(has_friends, has_sent | has_met)).one()
    return friends, active


def _begins(owner: Owner, month: Month) -> Month | None:
    later = [row.from_month for row in assignments_of(owner.client_id) if row.from_month > month]
    return min(later, default=None)


def _words(progress: Progress | None) -> tuple[str, ...]:
    if progress is None:
        return ()
    chosen = select(Habit.steps).where(Habit.practice_id == current_practice(), Habit.id == progress.habit_id)
    return tuple(db.session.execute(chosen).scalar_one())
