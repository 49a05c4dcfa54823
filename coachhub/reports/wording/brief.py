"""What the brief of a coaching session says, in full and in a line."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.habits.wording import reason_words
from coachhub.network.charts import number_words
from coachhub.platform.language import date_words
from coachhub.reminders.wording import stopped_words
from coachhub.reports.rules.brief import MonthsSince
from coachhub.reports.service.brief import MetSince, NetworkSince
from coachhub.reports.service.glances import Glance
from coachhub.reports.service.listing import Listed
from coachhub.reports.wording import standing_words, trouble_words


def since_words(since: datetime | None, starts_at: datetime) -> str:
    """When the last session was, and how long before this one."""
    if since is None:
        return str(_("This is your first session."))
    days = (starts_at - since).days
    before = ngettext("%(num)s day before this one", "%(num)s days before this one", days)
    return f"{date_words(since)}, {before}"


def now_words(client: Listed) -> str:
    """How the client stands, and in a running month why."""
    if client.progress is None:
        return standing_words(client.standing)
    return f"{standing_words(client.standing)}. {reason_words(client.progress.verdict)}"


def months_words(months: MonthsSince) -> str:
    """`2 done, 1 missed`: what there is of each."""
    counts = (
        (_("%(num)s done", num=months.done), months.done),
        (_("%(num)s moved", num=months.moved), months.moved),
        (_("%(num)s missed", num=months.missed), months.missed),
        (_("%(num)s paused", num=months.paused), months.paused),
    )
    return ", ".join(words for words, count in counts if count) or str(_("none has counted yet"))


def met_words(met: MetSince) -> str:
    """Meetups and minutes, and what came of writing."""
    said = [_meetups(met.meetups, met.minutes)]
    if met.written:
        friends = ngettext("%(num)s friend written to", "%(num)s friends written to", met.written)
        said.append(str(_("%(friends)s, of them answered: %(n)s", friends=friends, n=met.answered)))
    return ". ".join(said)


def _meetups(meetups: int, minutes: int) -> str:
    if not meetups:
        return str(_("no meetup"))
    held = ngettext("%(num)s meetup", "%(num)s meetups", meetups)
    return f"{held}, {ngettext('%(num)s minute', '%(num)s minutes', minutes)}"


def network_words(network: NetworkSince) -> str:
    """`8.4 (+0.6); 24 friends, 5 awake`; a change only where one shows in the number."""
    change = "" if network.change is None else number_words(network.change)
    turned = f"+{change}" if network.change and network.change > 0 else change.replace("-", "\u2212")
    strength = number_words(network.strength)
    if network.change is not None and round(network.change, 1):
        strength = f"{strength} ({turned})"
    friends = ngettext("%(num)s friend", "%(num)s friends", network.friends)
    return str(_("%(strength)s; %(friends)s, %(awake)s awake", strength=strength, friends=friends, awake=network.awake))


def actions_words(still_open: int, done: int) -> str:
    """How many are open, and how many were done."""
    return str(_("%(open)s open, %(done)s done since then", open=still_open, done=done))


def troubles_words(client: Listed) -> list[str]:
    """What stands in the way outside of the conversation: money, and mail that does not arrive."""
    said = []
    if client.trouble is not None:
        said.append(trouble_words(client.trouble.trouble, client.trouble.since))
    if client.stopped is not None:
        said.append(stopped_words(client.address, client.stopped))
    return said


def glance_words(glance: Glance) -> str:
    """The brief in a line."""
    since = _("Since %(day)s", day=date_words(glance.since)) if glance.since else _("First session")
    said = [_meetups(glance.meetups, glance.minutes)]
    if glance.done:
        said.append(ngettext("%(num)s action done", "%(num)s actions done", glance.done))
    if glance.open:
        said.append(ngettext("%(num)s action open", "%(num)s actions open", glance.open))
    return f"{since}: {', '.join(map(str, said))}"
