"""The client's month: the one question of the moment, and what is known for asking it."""

from dataclasses import dataclass
from datetime import datetime

from coachhub.habits.rules import Month, NextStep, Question, Situation, is_done, may_ask, question_of
from coachhub.habits.service.assignments import assignments_of
from coachhub.habits.service.month_facts import FRESH, MonthFacts, SentMessage, month_facts
from coachhub.habits.service.progress import Progress
from coachhub.habits.service.steps import PlanRow, choices_of
from coachhub.network.rules import Role, Warmth
from coachhub.network.service.friends import FriendRow
from coachhub.network.service.hearing import Heard, last_heard
from coachhub.network.service.meetups import MeetupRow
from coachhub.network.service.offers import CounterOffer, offers
from coachhub.network.service.owner import Owner
from coachhub.network.service.suggestions import Suggestion, three


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
    return page_of(month_facts(owner.client_id, now), now, ask)


def page_of(facts: MonthFacts, now: datetime, ask: Question | None = None) -> MonthPage:
    """As `month_page`, of what is read already."""
    owner, progress, sent, meetup = facts.owner, facts.progress, facts.sent, facts.meetup
    offer = next(iter(offers(owner)), None) if facts.has_offer else None
    situation = Situation(
        has_habit=progress is not None,
        is_paused=progress is not None and progress.is_paused,
        is_done=progress is not None and is_done(progress.steps.held, progress.target),
        has_friends=facts.has_friends,
        has_plan=facts.plan is not None,
        has_choice=facts.friend is not None,
        is_sent=sent is not None,
        said_yes=sent is not None and sent.answer == "yes",
        is_followed_up=sent is not None and sent.followed_up_at is not None,
        is_ahead=meetup is not None and meetup.starts_at > now,
        is_unlogged=meetup is not None and meetup.starts_at <= now,
        is_under_way=progress is not None and bool(progress.steps.chosen_at or progress.steps.invited_at),
        is_first=not facts.was_active,
        has_offer=offer is not None,
    )
    question = ask if ask is not None and may_ask(ask, situation) else question_of(situation)
    return MonthPage(
        month=facts.month,
        question=question,
        situation=situation,
        progress=progress,
        begins=None if progress else _begins(owner, facts.month),
        words=facts.words,
        plan=facts.plan,
        friend=facts.friend,
        sent=sent,
        meetup=meetup,
        offer=offer,
        heard=last_heard(owner, now - FRESH) if facts.has_heard else None,
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


def _begins(owner: Owner, month: Month) -> Month | None:
    later = [row.from_month for row in assignments_of(owner.client_id) if row.from_month > month]
    return min(later, default=None)
