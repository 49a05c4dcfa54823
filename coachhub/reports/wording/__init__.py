"""What the coach's pages say about clients, and the letter that a coach may write."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from coachhub.habits.rules import NextStep, Stage
from coachhub.habits.wording import reason_words
from coachhub.network.rules import mailto_link
from coachhub.payments.service.troubles import Trouble
from coachhub.platform.language import date_short, date_words
from coachhub.platform.links import address_of
from coachhub.platform.tongues import put_once
from coachhub.reminders.phrases import step_line
from coachhub.reminders.rules import Barrier
from coachhub.reminders.service.suppressions import Suppressed
from coachhub.reminders.wording import stopped_words
from coachhub.reports.rules import Need, Spared, Standing, Step
from coachhub.reports.service.listing import Listed
from coachhub.reports.service.standings import BOOKED
from coachhub.reports.service.timeline import Event, Happened, Notes
from coachhub.reports.service.today import Needy


def standing_words(standing: Standing) -> str:
    """Where a client stands, in a word or two."""
    return standings_in_words()[standing]


def standings_in_words() -> dict[str, str]:
    """Where clients may stand, in a word or two each."""
    return {
        Standing.OFF_TRACK: _("Off track"),
        Standing.AT_RISK: _("At risk"),
        Standing.NO_HABIT: _("No habit yet"),
        Standing.ON_TRACK: _("On track"),
        Standing.INVITED: _("Invited"),
        Standing.PAUSED: _("Paused"),
        Standing.ARCHIVED: _("Archived"),
    }


def invited_words(invited_at: datetime | None, *, has_booked: bool, zone: str | None = None) -> str:
    """How somebody stands who has not started; a day is told by the reader's clock unless a zone is given."""
    if invited_at is None and has_booked:
        return str(_("Has booked a session; not invited to the habit yet."))
    if invited_at is None:
        return str(_("Has no invitation yet."))
    return str(_("Invited on %(day)s, and has not started yet.", day=date_short(invited_at, zone)))


def need_words(needy: Needy, zone: str) -> str:
    """Why a client needs the coach, in one line, with days by the clock of a zone."""
    why, verdict = needy.why, needy.verdict
    if why.need is Need.MAIL_STOPPED and why.since is not None:
        return stopped_words(needy.address, Suppressed(needy.address, why.cause, "", why.since), zone)
    if why.need is Need.PAYMENT and why.since is not None:
        return trouble_words(Trouble(why.cause), why.since, zone)
    if why.need is Need.REPORT_FAILED:
        return str(_("A report about them could not be made."))
    if why.need is Need.REPORT_WAITING:
        return str(_("A report is ready, and they have not been given it yet."))
    if why.need is Need.NOT_STARTED:
        return invited_words(why.since, has_booked=why.cause == BOOKED, zone=zone)
    return reason_words(verdict) if verdict else str(_("Has no habit this month."))


def trouble_words(trouble: Trouble, since: datetime, zone: str | None = None) -> str:
    """What is wrong with a payment of a client's; the day is told by the reader's clock unless a zone is given."""
    day = date_words(since, zone)
    words: dict[Trouble, str] = {
        Trouble.DISPUTED: _("Their bank questions a payment since %(day)s, and waits for your answer.", day=day),
        Trouble.REFUND_FAILED: _("Money could not be given back to them on %(day)s.", day=day),
        Trouble.PAYMENT_FAILED: _("Their payment failed on %(day)s.", day=day),
    }
    return words[trouble]


@put_once
def lately_words(stage: Stage) -> str:
    """A step just taken."""
    words: dict[Stage, str] = {
        Stage.COMMITTED: _("made a plan for the month"),
        Stage.CHOSEN: _("chose somebody"),
        Stage.INVITED: _("wrote to them"),
        Stage.AGREED: _("agreed on a time"),
        Stage.MET: _("met"),
    }
    return words[stage]


@put_once
def met_words(met: int, counted: int) -> str:
    """How many have met this month, as a sentence."""
    if not counted:
        return str(_("Nobody has a month under way yet."))
    return str(
        ngettext(
            "%(met)s of %(n)s has met this month.",
            "%(met)s of %(n)s have met this month.",
            counted,
            met=format_decimal(met),
            n=format_decimal(counted),
        )
    )


def first_step_words(step: Step) -> tuple[str, str]:
    """One of the first four things of a new practice, and why it is worth it."""
    words: dict[Step, tuple[str, str]] = {
        Step.INVITE: (_("Invite a client"), _("One is enough to begin.")),
        Step.CONFIRM: (_("Confirm your e-mail address"), _("Until then, five invitations may go by mail.")),
        Step.ASSIGN: (_("Give somebody the habit"), _("“One hour a month” is ready; change its words as you like.")),
        Step.START: (_("See somebody start"), _("They press “Start” on their invitation; you see it here.")),
    }
    return words[step]


def event_words(event: Event) -> str:
    """What happened, in a few words; a friend's name only where it is shared."""
    friend = event.friend or _("a friend")
    words: dict[Happened, str] = {
        Happened.ADDED: _("Added to your clients"),
        Happened.STARTED: _("Started"),
        Happened.COMMITTED: _("Made a plan for the month"),
        Happened.CHOSEN: _("Chose somebody"),
        Happened.INVITED: _("Wrote to them"),
        Happened.AGREED: _("Agreed on a time"),
        Happened.MET: _("Met %(friend)s", friend=friend),
        Happened.MOVED: _("Moved the meetup with %(friend)s", friend=friend),
        Happened.SCHEDULED: _("A meetup with %(friend)s", friend=friend),
        Happened.CANCELLED: _("Called off the meetup with %(friend)s", friend=friend),
    }
    return words[event.kind]


def notes_words(notes: Notes) -> list[tuple[str, str]]:
    """What the client noted and shares, as (heading, text)."""
    feelings: dict[int, str] = {1: _("It was heavy."), 2: _("It was good."), 3: _("It was lovely.")}
    told: list[tuple[str, str]] = [
        (feelings[notes.feeling], str(_("%(n)s minutes", n=notes.minutes))),
        (str(_("Learned:")), notes.learned),
        (str(_("Help given:")), notes.help_given),
        (str(_("Help received:")), notes.help_received),
        (str(_("Promised:")), notes.follow_up),
    ]
    return [(heading, text) for heading, text in told if text]


def letter_to(client: Listed, coach_name: str) -> str:
    """A `mailto:` link with a kind letter already in it, about the one next step; never about blame."""
    step = client.progress.verdict.next_step if client.progress else NextStep.PLAN
    lines = (
        _("Hello %(name)s,", name=client.name.split()[0]),
        step_line(step),
        _("It is all here: %(url)s", url=address_of("/month")),
        coach_name,
    )
    return mailto_link(client.email, _("Your hour this month"), "\n\n".join(lines))


def line_for(clients: Sequence[Listed]) -> str:
    """What a nudge to these clients says: a line about the step that all of them take next, or about each one's."""
    steps = {client.progress.verdict.next_step if client.progress else None for client in clients}
    return step_line(steps.pop()) if len(steps) == 1 else "{step}"


def spared_words(spared: Spared, count: int) -> str:
    """Whom a coach may leave out of a nudge, and how many they are."""
    words: dict[Spared, str] = {
        Spared.SESSION_SOON: _("with a session in the next seven days (%(n)s)", n=count),
        Spared.NUDGED_LATELY: _("nudged in the last seven days (%(n)s)", n=count),
        Spared.FIRST_MONTH: _("in their first month (%(n)s)", n=count),
    }
    return words[spared]


def barrier_words(barrier: Barrier) -> str:
    """Why a client is left out of a nudge."""
    words: dict[Barrier, str] = {
        Barrier.ARCHIVED: _("In the archive"),
        Barrier.INVITED: _("Not started yet"),
        Barrier.PAUSED: _("Paused"),
        Barrier.SWITCHED_OFF: _("Want no nudges"),
        Barrier.COMPLAINED: _("Want no mail"),
        Barrier.BOUNCED: _("Mail bounces"),
        Barrier.NUDGED: _("Nudged within the last day"),
    }
    return words[barrier]
