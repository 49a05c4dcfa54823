"""Parts of the client's month that many read alike: their five steps, a figure so far, the way to the month before."""

from coachhub.habits.rules import Month, Question
from coachhub.habits.service.month import MonthPage
from coachhub.habits.service.progress import Progress
from coachhub.habits.wording import hours_words, step_labels
from coachhub.platform.language import month_words
from coachhub.platform.written_once import Written, WrittenOnce

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


def _look_back(month: Month) -> object:
    return str(month), month_words(month.first_day())


_STEPS = WrittenOnce("habits/month_parts.html", "steps", _steps, most=1024)
_TILES = WrittenOnce("habits/month_parts.html", "tile", most=4096)
_LOOKS = WrittenOnce("habits/month_parts.html", "look_back", _look_back)


def month_steps(page: MonthPage, progress: Progress) -> Written:
    """The five steps: done ones ticked, whatever their order; the coach's words for the one at hand."""
    reached, here = progress.steps, _AT_HAND.get(page.question, _LAST)
    at = (reached.committed_at, reached.chosen_at, reached.invited_at, reached.agreed_at, reached.held)
    spoken = _LAST if page.question is Question.DONE else min(here, _LAST - 1)
    return _STEPS(tuple(map(bool, at)), here, page.words[spoken] if spoken < len(page.words) else "")


def month_tiles(progress: Progress) -> Written:
    """What the habit, the month and the year have come to."""
    year = progress.year
    return _TILES.each(
        [
            ("habit", progress.strength, 100),
            ("month", progress.minutes_this_month, progress.minutes_asked),
            ("year", hours_words(year.spent), round(year.asked / 60)),
        ]
    )


def month_before(progress: Progress) -> Written:
    """The way to the last month that is over."""
    return _LOOKS(progress.month.previous())
