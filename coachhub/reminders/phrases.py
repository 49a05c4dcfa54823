"""Lines that stand inside a message, said in more than one place."""

from datetime import date, datetime

from flask_babel import gettext as _

from coachhub.habits.rules import NextStep
from coachhub.platform.language import date_short, month_words


def step_line(step: NextStep | None) -> str:
    """A kind line about a client's one next step; never about blame."""
    words: dict[NextStep, str] = {
        NextStep.PLAN: _("How is your month? Ten minutes now are enough to set your hour aside."),
        NextStep.CHOOSE: _("Is there somebody you would enjoy seeing this month? A few names are waiting for you."),
        NextStep.CHOOSE_SOMEBODY_EASY: _(
            "Months like the last happen to everybody. Who is somebody easy, whom you need not think twice about?"
        ),
        NextStep.WRITE: _("Your message is written already. It only needs sending."),
        NextStep.AGREE: _("If no answer has come yet, a short second line from you often does it."),
        NextStep.OFFER_SHORT_CALL: _("The month is nearly over, and a call of fifteen minutes counts just as well."),
        NextStep.MEET: _("Enjoy your meetup. I look forward to hearing how it was."),
    }
    said = words.get(step) if step else None
    return said or str(_("I was thinking of you. How are you getting on?"))


def report_title(kind: str, session_at: datetime | None, first: date | None, last: date | None) -> str:
    """What a report is called: of which session, or of which months, both included; dates in the reader's zone."""
    if session_at is not None:
        return str(_("Session report, %(day)s", day=date_short(session_at)))
    if first is None or last is None:
        return str(_("Session report"))
    one = first == last
    months = month_words(first) if one else _("%(first)s to %(last)s", first=month_words(first), last=month_words(last))
    if kind == "sponsor":
        return str(_("Progress report without names, %(months)s", months=months))
    return str(_("Progress report, %(months)s", months=months))
