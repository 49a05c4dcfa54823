"""The words of the habit on screen: for the coach, and kinder for the client."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.habits.rules import CycleResult, Month, NextStep, Reason, Stage, Status, Verdict
from coachhub.habits.service.habits import HabitRow
from coachhub.habits.service.progress import MonthProgress
from coachhub.habits.service.steps import PlanRow
from coachhub.network import phrases
from coachhub.network.service.drafts import Purpose, Tone
from coachhub.platform.language import moment_words, month_words
from coachhub.platform.tongues import put_once, tongue

STEPS = (Stage.COMMITTED, Stage.CHOSEN, Stage.INVITED, Stage.AGREED, Stage.MET)


def stage_words(stage: Stage) -> str:
    """The furthest step of a month, in a word or two."""
    return stages_in_words()[stage]


def stages_in_words() -> dict[str, str]:
    """The furthest steps that a month may have come to, in a word or two each."""
    return {
        Stage.NONE: _("Not begun"),
        Stage.COMMITTED: _("Planned"),
        Stage.CHOSEN: _("Chosen"),
        Stage.INVITED: _("Written"),
        Stage.AGREED: _("Agreed"),
        Stage.MET: _("Met"),
    }


def step_words(stage: Stage) -> str:
    """A step of the month as something to do, for the five marks on top of the client's page."""
    words: dict[Stage, str] = {
        Stage.COMMITTED: _("Plan"),
        Stage.CHOSEN: _("Choose"),
        Stage.INVITED: _("Write"),
        Stage.AGREED: _("Agree"),
        Stage.MET: _("Meet"),
    }
    return words[stage]


@put_once
def step_labels() -> tuple[str, ...]:
    """The five marks on top of the client's page."""
    return tuple(step_words(step) for step in STEPS)


def status_words(status: Status) -> str:
    """A client's status, for the coach."""
    words: dict[Status, str] = {
        Status.ON_TRACK: _("On track"),
        Status.AT_RISK: _("At risk"),
        Status.OFF_TRACK: _("Off track"),
    }
    return words[status]


def reason_words(verdict: Verdict) -> str:
    """Why the status is what it is, for the coach, in one line."""
    words: dict[Reason, str] = {
        Reason.JUST_BEGUN: _("The month has just begun."),
        Reason.COMMITTED: _("Has a plan for this month."),
        Reason.CHOSEN: _("Has chosen somebody."),
        Reason.INVITED: _("Has written, and waits for an answer."),
        Reason.AGREED: _("A meetup is agreed."),
        Reason.MET: _("Has met somebody this month."),
        Reason.MOVED: _("The meetup was moved into the next month."),
        Reason.PAUSED: _("This month is paused."),
        Reason.NOTHING_CHOSEN: _("Nobody chosen by day %(day)s.", day=verdict.day),
        Reason.NOT_INVITED: _("Chosen, but not written by day %(day)s.", day=verdict.day),
        Reason.NOTHING_AGREED: ngettext(
            "Nothing agreed, %(num)s day left.", "Nothing agreed, %(num)s days left.", verdict.days_left
        ),
        Reason.MISSED_AND_NOTHING_CHOSEN: _("Last month was missed, and nobody is chosen yet."),
        Reason.TWO_MONTHS_MISSED: _("%(n)s months in a row were missed.", n=verdict.missed_in_a_row),
    }
    return words[verdict.reason]


def next_step_words(step: NextStep) -> str:
    """The client's one next action, as the coach would put it."""
    words: dict[NextStep, str] = {
        NextStep.PLAN: _("Make a plan for the month"),
        NextStep.CHOOSE: _("Choose a friend"),
        NextStep.CHOOSE_SOMEBODY_EASY: _("Choose somebody easy"),
        NextStep.WRITE: _("Send the message"),
        NextStep.AGREE: _("Agree on a time"),
        NextStep.OFFER_SHORT_CALL: _("Offer a 15-minute call"),
        NextStep.MEET: _("Meet"),
        NextStep.REPEAT: _("Enjoy it; next month another friend"),
        NextStep.WAIT: _("Nothing this month"),
    }
    return words[step]


@put_once
def kind_reason_words(reason: Reason) -> str:
    """Where the month stands, for the client: what is there, what is possible, never blame."""
    words: dict[Reason, str] = {
        Reason.JUST_BEGUN: _("A new month, a new hour."),
        Reason.COMMITTED: _("Your hour is in the diary."),
        Reason.CHOSEN: _("You know whom you would like to see."),
        Reason.INVITED: _("Your message is on its way."),
        Reason.AGREED: _("You have a date."),
        Reason.MET: _("You met. That is the whole habit."),
        Reason.MOVED: _("Moved, not lost: your new date counts."),
        Reason.PAUSED: _("This month rests. Nothing is asked of you."),
        Reason.NOTHING_CHOSEN: _("There is plenty of month left for one good hour."),
        Reason.NOT_INVITED: _("Your message is written. It only needs sending."),
        Reason.NOTHING_AGREED: _("A short call counts too, and there is still time for one."),
        Reason.MISSED_AND_NOTHING_CHOSEN: _("Let us make it easy: somebody you need not think twice about."),
        Reason.TWO_MONTHS_MISSED: _("Months like that happen. One easy hello is enough to be back."),
    }
    return words[reason]


def result_words(month: MonthProgress) -> str:
    """What a month came to, in words that stand beside its square."""
    if month.held:
        words_for_held: str = ngettext(
            "one meetup, %(minutes)s minutes", "%(num)s meetups, %(minutes)s minutes", month.held, minutes=month.minutes
        )
        return words_for_held
    if not month.has_habit:
        return str(_("without a habit"))
    words: dict[CycleResult, str] = {
        CycleResult.CURRENT: _("still open"),
        CycleResult.DONE: _("met"),
        CycleResult.MISSED: _("no meetup, and the row goes on") if month.is_bridged else _("no meetup"),
        CycleResult.PAUSED: _("paused"),
        CycleResult.CARRIED: _("moved into the next month"),
    }
    return words[month.result]


def tone_words(tone: Tone) -> str:
    """A tone of message, in a word."""
    words: dict[Tone, str] = {Tone.WARM: _("Warm"), Tone.LIGHT: _("Light"), Tone.PLAIN: _("Plain")}
    return words[tone]


def habit_words(habit: HabitRow) -> str:
    """What a habit asks, and how many have it."""
    meetups = ngettext("One meetup a month", "%(num)s meetups a month", habit.meetups_a_month)
    clients = ngettext("%(num)s client", "%(num)s clients", habit.clients)
    return " · ".join((meetups, str(_("%(n)s minutes", n=habit.minutes_a_meetup)), clients))


@dataclass(frozen=True, slots=True)
class Square:
    """A month of the heat-map: its name, level 0..3, how it is drawn, and what happened in words."""

    label: str
    level: int
    kind: str
    words: str


def heat_squares(months: Sequence[MonthProgress], count: int = 12) -> list[Square]:
    """The last `count` months, oldest first; months before the habit began are empty squares."""
    shown = months[-count:]
    if not shown:
        return []
    first, missing = shown[0].month, count - len(shown)
    before = [_square_before(first.plus(-n)) for n in range(missing, 0, -1)]
    # By what is drawn and said alone: many clients' months are alike but for the strength.
    return before + [
        _square(each.month, each.result, each.held, each.level, each.minutes, each.is_bridged, each.has_habit)
        for each in shown
    ]


@put_once
def _square_before(month: Month) -> Square:
    return Square(_name(month), 0, "none", str(_("before the habit")))


@put_once
def _square(
    month: Month, result: CycleResult, held: int, level: int, minutes: int, is_bridged: bool, has_habit: bool
) -> Square:
    each = MonthProgress(month, result, held, level, minutes, 0, is_bridged, has_habit)
    return Square(_name(month), level, _kind(each), result_words(each))


def _kind(month: MonthProgress) -> str:
    if month.is_bridged:
        return "bridged"
    if not month.has_habit:
        return "none"
    return "done" if month.result is CycleResult.CARRIED else month.result.value


def _name(month: Month) -> str:
    return month_words(month.first_day())


def row_words(results: Sequence[MonthProgress], streak: int) -> str:
    """The row of months, said so that one is glad of it and never ashamed."""
    bridges = sum(month.is_bridged for month in results)
    if not streak:
        return str(_("Every month is a fresh start."))
    row: str = ngettext("%(num)s month done.", "%(num)s months in a row.", streak)
    if not bridges:
        return row
    return f"{row} {_('A missed month in between is bridged.')}"


def plan_words(plan: PlanRow, zone: ZoneInfo) -> str:
    """The plan as one sentence, in the client's own words."""
    when = moment_words(plan.at, zone)
    if plan.place:
        return str(
            _("When it is %(when)s, I will %(doing)s, %(place)s.", when=when, doing=plan.doing, place=plan.place)
        )
    return str(_("When it is %(when)s, I will %(doing)s.", when=when, doing=plan.doing))


def doing_words(first_name: str | None, *, is_sent: bool = False) -> str:
    """What the plan says one will do, until the client writes it differently."""
    if first_name is None:
        return str(_("write to somebody I liked working with"))
    if is_sent:
        return str(_("look for the answer of %(name)s", name=first_name))
    return str(_("write to %(name)s", name=first_name))


def place_words(local: datetime) -> str:
    """A likely place for a plan at a local time of the day and week."""
    if local.weekday() >= 5 or local.hour >= 17:
        return str(_("at home"))
    return str(_("over the first coffee") if local.hour < 10 else _("at my desk"))


@put_once
def hours_words(minutes: int) -> str:
    """Minutes as hours with at most one decimal: `4.5`."""
    return str(format_decimal(minutes / 60, "0.#", locale=tongue().locale))


def times_hint(at: datetime, own: ZoneInfo, theirs: ZoneInfo | None) -> str:
    """What the friend's clocks show at a time that is offered; nothing where they show the same, or nobody knows."""
    if theirs is None or at.astimezone(own).utcoffset() == at.astimezone(theirs).utcoffset():
        return ""
    return str(_("For them: %(when)s", when=phrases.in_zone(phrases.when(at, theirs), theirs)))


def purpose_words(purpose: Purpose) -> str:
    """What a message of the coach's is for."""
    words: dict[Purpose, str] = {
        Purpose.INVITE: _("The invitation, in three tones"),
        Purpose.FOLLOW_UP: _("A second message, when no answer comes"),
        Purpose.THANKS: _("A thank-you after the meetup"),
        Purpose.WARM_UP: _("A warm-up before the very first message"),
    }
    return words[purpose]
