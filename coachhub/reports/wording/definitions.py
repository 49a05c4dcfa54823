"""What each figure of the reports means: said once, and shown beside the figure and on a page of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext as _

from coachhub.habits.rules import LOOKED_AT_AFTER
from coachhub.platform.language import lang


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure is called, and how it is counted: paragraphs. `formula` is empty where words say it all."""

    key: str
    title: str
    words: tuple[str, ...]
    formula: str = ""


def definitions() -> Mapping[str, Definition]:
    """Every definition by its key, in the order in which they build on each other."""
    return _written_in(lang())


@lru_cache(maxsize=16)
def _written_in(_language: str) -> Mapping[str, Definition]:
    """They are the same on every page, so they are put together once a language."""
    found = (*_of_months(), *_of_steps(), *_of_habits(), *_of_time(), *_of_networks(), *_of_practice())
    return {each.key: each for each in found}


def _of_months() -> tuple[Definition, ...]:
    return (
        Definition(
            "month",
            _("A month of a client"),
            (
                _(
                    "Months are the client’s own: their time zone says when one begins. A month is done when as many "
                    "meetups were held in it as the habit asks, with any friend, planned or not. One that is over and "
                    "not done is missed."
                ),
                _(
                    "Left out of every share: a month that was paused or in which the client was away, a month whose "
                    "meetup was moved into a later one, and the running month until it is done."
                ),
            ),
        ),
        Definition(
            "group",
            _("Clients counted"),
            (
                _(
                    "Clients who have started, with the coach who looks after them now. They began in the first month "
                    "in which they had the habit. Those in the archive count in every figure, up to the month in which "
                    "they left; only the heat-map leaves them out unless you ask for them."
                ),
                _("With a habit chosen, only the months count that were given to that habit."),
            ),
        ),
        Definition(
            "heat",
            _("Clients by months"),
            (
                _(
                    "A row a client, a square a month: full when the month was done, with a hole in it when two or "
                    "more were met, half full when less was held than the habit asks, a dash when it was missed."
                ),
                _(
                    "Two bars are a month that was paused, a frame is the one that still runs, an arrow leads into the "
                    "next month: none of these counts. The list of clients shows bars and frame in the same way."
                ),
                _("“Done” is done months of those that are done or missed, among the twelve shown."),
            ),
        ),
    )


def _of_steps() -> tuple[Definition, ...]:
    return (
        Definition(
            "funnel",
            _("Funnel of the five steps"),
            (
                _(
                    "How many months reached each step. A month that reached a step counts as having reached those "
                    "before it, whether or not they were taken: somebody met by chance has met. What is lost between "
                    "two steps stopped there."
                ),
                _(
                    "Months that are over count where they are done or missed. “This month” is where everybody is now, "
                    "each in the month that runs where they live."
                ),
            ),
        ),
        Definition(
            "pace",
            _("Days between steps"),
            (
                _(
                    "The median of the days between two steps, of months in which both were taken in this order, those "
                    "too that rested or whose meetup was moved; for the plan, since the month began. To the meetup: of "
                    "months with one meetup, for of several only the last is known. Half of the months took less, half "
                    "took more."
                ),
            ),
        ),
    )


def _of_habits() -> tuple[Definition, ...]:
    checked = ", ".join(map(str, LOOKED_AT_AFTER))
    return (
        Definition(
            "strength",
            _("Habit strength"),
            (
                _(
                    "From 0 to 100. A done month brings it a quarter of the way to 100, a missed one takes a quarter "
                    "of it away, any other month leaves it. One miss never undoes a habit (Lally et al. 2010)."
                ),
            ),
            "s′ = 0.75 s + 0.25  ·  s′ = 0.75 s",
        ),
        Definition(
            "streak",
            _("Months in a row"),
            (
                _(
                    "The done months up to now. One missed month in any six is bridged: the row goes on over it, and "
                    "it does not count. Paused months, those whose meetup was moved, and the running one neither break "
                    "the row nor count, until they are done."
                ),
            ),
        ),
        Definition(
            "adoption",
            _("Adoption"),
            (
                _(
                    "The share of clients whose habit strength was over 50 at the end of their month number %(months)s "
                    "(the first with the habit is number 1), of all who began at least so many months ago. That takes "
                    "three done months in a row, or more with misses among them.",
                    months=checked,
                ),
                _("Who gave up counts, too; their strength stays as it was when they left."),
            ),
        ),
    )


def _of_time() -> tuple[Definition, ...]:
    return (
        Definition(
            "hours",
            _("Hours invested"),
            (
                _(
                    "The minutes that clients wrote down after meetups, or the length that was agreed, in the month in "
                    "which the meetup was held, where they had the habit in it. Asked are the habit’s meetups times "
                    "their minutes, for each month that did not rest. A client’s month is the time spent divided by "
                    "those months."
                ),
            ),
        ),
    )


def _of_networks() -> tuple[Definition, ...]:
    return (
        Definition(
            "network",
            _("Network strength"),
            (
                _(
                    "For each friend, how warm the friendship is (1 today, half of it after each half-life without "
                    "contact, 270 days unless the practice has another) times how much the client likes their company, "
                    "1 to 5, divided by 5; summed over friends. At the end of a month, by what had happened until then."
                ),
                _(
                    "“Typical” is the median: half of the clients have more. A client counts from the month in which "
                    "they began, once they have a friend in CoachHub. No name leaves the client’s network for this."
                ),
                _(
                    "“Stronger” is of the clients who counted at the end of the same month a year before: so many have "
                    "a stronger network than then."
                ),
            ),
            "Σ 2^(−d / H) × l / 5",
        ),
        Definition(
            "reply",
            _("Reply rate"),
            (
                _(
                    "Of the friends to whom a message was sent in a month, how many have answered by now, whatever the "
                    "answer. A friend written to in two months counts in both. The newest months still grow."
                ),
            ),
        ),
        Definition(
            "reconnect",
            _("Reconnect rate"),
            (
                _(
                    "Of the friends to whom a message was sent in a month, how many were met after that. It is counted "
                    "like the reply rate, and grows as long."
                ),
            ),
        ),
    )


def _of_practice() -> tuple[Definition, ...]:
    return (
        Definition(
            "standing",
            _("Clients, and on track"),
            (
                _(
                    "Clients who have started and are not in the archive, as of now. On track is of those whose month "
                    "counts: at risk are those with nobody chosen on day 11, not written by day 18, or nothing agreed "
                    "in the last seven days; off track those who missed the month before and have nobody on day 11, or "
                    "missed two months in a row."
                ),
                _("“Have met” on Today is of the same clients: who has met somebody in their running month."),
            ),
        ),
        Definition(
            "sessions",
            _("Sessions held"),
            (_("Coaching sessions that took place in the period, booked or recorded by hand; not the missed ones."),),
        ),
        Definition(
            "revenue",
            _("Revenue"),
            (
                _(
                    "What came in less what went back in the period, as the ledger says: payments and disputes won, "
                    "less refunds and disputes. A booking’s money is its coach’s, a package’s that of the coach who "
                    "looks after the client. What was paid outside of CoachHub is not in it."
                ),
            ),
        ),
        Definition(
            "utilisation",
            _("Utilisation"),
            (
                _(
                    "Booked minutes of available minutes. Booked: sessions that took place, are still to come in the "
                    "period, or were missed by the client. Available: weekly hours and days that are different, "
                    "without holidays and blocked times. Sessions outside of the hours count: it may be over a hundred."
                ),
                _(
                    "The hours of a month are kept as they stood when it ended. Months before CoachHub kept them are "
                    "counted by the hours of now."
                ),
            ),
        ),
    )
