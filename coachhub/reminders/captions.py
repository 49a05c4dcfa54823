"""What the kinds of reminders are called and when each goes out, for those who choose; and quiet hours in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from babel.dates import format_time
from flask_babel import get_locale
from flask_babel import gettext as _


@dataclass(frozen=True)
class Caption:
    """A kind of reminder by name; `when` tells its practice when it goes out, `about` tells its reader what it is."""

    title: str
    when: str
    about: str


def caption_of(name: str) -> Caption:
    """What is said of a kind; one of which nothing is said yet goes by its name."""
    return _all().get(name) or Caption(name.replace("_", " ").capitalize(), "", "")


def in_reading_order(names: Iterable[str]) -> list[str]:
    """Kinds in the order in which a month brings them; those without words last."""
    places = {name: place for place, name in enumerate(_all())}
    return sorted(names, key=lambda name: places.get(name, len(places)))


def _all() -> dict[str, Caption]:
    return _of_the_month() | _of_meetings() | _of_coaches()


def _of_the_month() -> dict[str, Caption]:
    return {
        "new_month": Caption(
            _("A new month"),
            _("On the first working day of the month, at 09:00."),
            _("On its first working day at nine: your plan, and people to think of."),
        ),
        "choose_friend": Caption(
            _("Whom to see"),
            _("On day 8 at 09:00, when nobody is chosen yet."),
            _("On the 8th, when nobody is chosen yet: who would you enjoy seeing?"),
        ),
        "write_message": Caption(
            _("A message that waits"),
            _("On day 15 at 09:00, when somebody is chosen and not written to."),
            _("On the 15th, when your message is there and not sent."),
        ),
        "follow_up": Caption(
            _("No answer yet"),
            _("Three days after a message to a friend that has no answer, at 09:00."),
            _("Three days after you wrote, without an answer: a gentle second message is ready."),
        ),
        "plan_time": Caption(
            _("The time of the plan"),
            _("At the time that the client has planned, in the evening, too."),
            _("At the time that you planned, in your own words."),
        ),
        "month_ends": Caption(
            _("The month ends soon"),
            _("Five days before the month ends, at 09:00, when nothing is agreed."),
            _("Five days before it ends, when nothing is agreed: a call of 15 minutes counts."),
        ),
    }


def _of_meetings() -> dict[str, Caption]:
    return {
        "before_meetup": Caption(
            _("A meetup tomorrow"),
            _("On the day before a meetup, at 09:00."),
            _("On the day before: when and where, and how to move it."),
        ),
        "after_meetup": Caption(
            _("After a meetup"),
            _("On the morning after a meetup, at 09:00, when nothing is written down about it."),
            _("The morning after: how was it?"),
        ),
        "promise_due": Caption(
            _("A promise to a friend"),
            _("On the day that a promise was given for, at 09:00."),
            _("On the morning of its day: send the book, make the call."),
        ),
        "actions_due": Caption(
            _("What you agreed on"),
            _("On the day until which something was agreed in a session, at 09:00, when it is not done."),
            _("On the morning of its day, when it is not ticked yet: what you agreed on with your coach."),
        ),
        "session_day": Caption(
            _("A session tomorrow"),
            _("24 hours before a coaching session."),
            _("24 hours before a session with your coach: when, where, and what about."),
        ),
        "session_hour": Caption(
            _("A session in an hour"),
            _("One hour before a coaching session."),
            _("One hour before a session with your coach, with its place or link: early and late in the day, too."),
        ),
    }


def _of_coaches() -> dict[str, Caption]:
    return {
        "nudge": Caption(
            _("A word from the coach"),
            _("When a coach nudges a client, at most once a day. The coach begins with these words."),
            _("Now and then, written by hand: a few words from your coach."),
        ),
        "report_ready": Caption(
            _("A report to read"),
            _("When a coach sends a report, or the month's is made by itself."),
            _("When your coach has a report for you: on a session, or on your progress."),
        ),
        "session_booked": Caption(
            _("A client books"),
            _("To the coach, at once, when a client books, moves or cancels a session."),
            _("When a client books, moves or cancels: who, when, and what they answered, with the calendar file."),
        ),
        "coach_week": Caption(
            _("The week, on Mondays"),
            _("To coaches, on Monday at 07:00 by their own clock."),
            _("On Monday at seven: your sessions, and who needs you."),
        ),
    }


def hours_words(start: time, end: time) -> str:
    """`20:00 to 08:00`; in words where both are the same."""
    if start == end:
        return str(_("none: mails come at any hour"))
    return str(_("%(start)s to %(end)s", start=clock_words(start), end=clock_words(end)))


def clock_words(at: time) -> str:
    """A time of day by a clock, as the reader writes it."""
    return format_time(at, "HH:mm", locale=get_locale())
