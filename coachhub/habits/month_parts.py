"""Parts of the client's month that many read alike: their five steps, what it came to so far, what may be done."""

from collections.abc import Hashable
from zoneinfo import ZoneInfo

from coachhub.habits.rules import Month, Question, the_year
from coachhub.habits.service.month import MonthPage
from coachhub.habits.service.progress import MonthProgress, Progress
from coachhub.habits.service.steps import PlanRow
from coachhub.habits.wording import heat_squares, hours_words, row_words, step_labels
from coachhub.network.service.meetup_rows import MeetupRow
from coachhub.platform.language import moment_words, month_words
from coachhub.platform.local_time import local_day
from coachhub.platform.written_alike import WrittenAlike
from coachhub.platform.written_once import Written, WrittenOnce

Steps = tuple[tuple[bool, ...], int, str]
_LAST = 4
_AT_HAND = {
    Question.PLAN: 0,
    Question.FRIENDS: 1,
    Question.CHOOSE: 1,
    Question.SOMEBODY: 1,
    Question.WRITE: 2,
    Question.FOLLOW_UP: 3,
    Question.ANSWER: 3,
    Question.AGREE: 3,
    Question.OFFER: 3,
}
"""Which of the steps a question is about; the others are about the last one."""


def _steps(done: tuple[bool, ...], here: int, words: str) -> object:
    return step_labels(), done, here, words


def _so_far(results: tuple[MonthProgress, ...], streak: int, minutes: int, asked: int) -> object:
    this, year = results[-1], the_year([minutes], asked)
    figures = (
        ("habit", this.strength, 100),
        ("month", this.minutes, asked),
        ("year", hours_words(year.spent), round(year.asked / 60)),
    )
    before = this.month.previous()
    return row_words(results, streak), heat_squares(results), figures, str(before), month_words(before.first_day())


_STEPS = WrittenOnce("habits/month_parts.html", "steps", _steps, most=1024)
_SO_FAR = WrittenOnce("habits/month_parts.html", "so_far", _so_far, most=128)
"""Five kilobytes each: whoever opens their month comes back to it after each step."""
_DATES = WrittenAlike("habits/month_parts.html", "date")
_INSTANTS = WrittenAlike("habits/month_parts.html", "when")
_OTHERS = WrittenOnce("habits/month_parts.html", "other")


def steps_shown(page: MonthPage, progress: Progress) -> Steps:
    """Which of the five are done, whatever their order; which is at hand, and the coach's words for it."""
    reached, here = progress.steps, _AT_HAND.get(page.question, _LAST)
    at = (reached.committed_at, reached.chosen_at, reached.invited_at, reached.agreed_at, reached.held)
    spoken = _LAST if page.question is Question.DONE else min(here, _LAST - 1)
    return tuple(map(bool, at)), here, page.words[spoken] if spoken < len(page.words) else ""


def steps_written(steps: Steps) -> Written:
    """The five steps, done ones ticked."""
    return _STEPS(*steps)


def month_steps(page: MonthPage, progress: Progress) -> Written:
    """Those of a client's month."""
    return steps_written(steps_shown(page, progress))


def month_so_far(progress: Progress) -> Written:
    """What the months, the year and the habit have come to."""
    return _SO_FAR(progress.results, progress.streak, progress.minutes_this_year, progress.minutes_asked)


def has_moved_out(meetup: MeetupRow, month: Month, zone: ZoneInfo) -> bool:
    """Whether a meetup was moved, and now lies in another month."""
    return meetup.moves > 0 and Month.of(local_day(meetup.starts_at, zone)) != month


def month_date(meetup: MeetupRow, month: Month, zone: ZoneInfo) -> Written:
    """What may be done with a meetup that is agreed."""
    return date_written(meetup.id, has_moved=has_moved_out(meetup, month, zone))


def date_written(meetup_id: Hashable, *, has_moved: bool) -> Written:
    """As `month_date`, of a meetup's id or of what stands for it."""
    return _DATES.of((meetup_id,), has_moved)


def month_when(meetup: MeetupRow, zone: ZoneInfo) -> Written:
    """When it begins."""
    return when_written(meetup.starts_at.isoformat(), moment_words(meetup.starts_at, zone))


def when_written(instant: str, words: str) -> Written:
    """An instant in words."""
    return _INSTANTS.of((instant, words))


def month_other(page: MonthPage, plan_ahead: PlanRow | None) -> Written:
    """What else may be done at this point of the month."""
    plan = "ahead" if plan_ahead else "over" if page.plan else ""
    return _OTHERS(page.question.value, plan, page.situation.has_choice)
