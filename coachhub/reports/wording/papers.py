"""What pages say about reports as documents."""

from collections import Counter
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.habits.rules import Month
from coachhub.platform.language import date_short, moment_words, month_words
from coachhub.platform.named_files import safe_file_name
from coachhub.reminders.phrases import report_title
from coachhub.reminders.rules import Barrier
from coachhub.reports.models import ReportKind, ReportState
from coachhub.reports.rules.papers import MOST_MONTHS, Fault, Why
from coachhub.reports.service.shelf.batches import BatchRow
from coachhub.reports.service.shelf.reading import ShelvedReport


def title_words(report: ShelvedReport) -> str:
    """What a report is called."""
    return report_title(report.kind.value, report.session_at, report.first_month, report.last_month)


def batch_title(batch: BatchRow) -> str:
    """What the reports of a batch are called."""
    return report_title(batch.kind.value, None, batch.first_month, batch.last_month)


def kind_words(kind: ReportKind) -> str:
    """A kind of report about months."""
    words: dict[ReportKind, str] = {
        ReportKind.SESSION: _("Session report"),
        ReportKind.PROGRESS: _("Progress report"),
        ReportKind.SPONSOR: _("Progress report without names, for a sponsor"),
    }
    return words[kind]


def state_words(report: ShelvedReport) -> tuple[str, str]:
    """Where a report stands: the key of its chip, and a word or two."""
    if report.opened_at:
        return "delivered", _("Opened")
    if report.shared_at:
        return "sent", _("Sent")
    words: dict[ReportState, tuple[str, str]] = {
        ReportState.WAITING: ("waiting", _("Waiting")),
        ReportState.MAKING: ("waiting", _("Being made")),
        ReportState.READY: ("done", _("Ready")),
        ReportState.FAILED: ("failed", _("Failed")),
    }
    return words[report.state]


def why_words(report: ShelvedReport) -> str:
    """Why a report was not made, and what may help."""
    words: dict[str, str] = {
        Why.GONE: _("What it is about is not there any more."),
        Why.NOT_SET: _("Something in it could not be set. That is our mistake; we have noted it."),
        Why.WORKER_DIED: _("Making it was interrupted several times. Try again in a few minutes."),
    }
    return words.get(report.why) or str(_("It was not made. That is our mistake; we have noted it."))


def fault_words(fault: Fault) -> str:
    """Why no report can be about some months."""
    words: dict[Fault, str] = {
        Fault.BACKWARDS: _("This month comes before the first one."),
        Fault.AHEAD: _("This month has not begun yet."),
        Fault.TOO_MANY: _("Choose %(most)s months at most.", most=MOST_MONTHS),
    }
    return words[fault]


def line_of(report: ShelvedReport) -> str:
    """What a list says below the title: the version, who asked for it and when."""
    by = _("by %(name)s", name=report.asked_by) if report.asked_by else _("made by itself")
    return " · ".join(filter(None, (_version_words(report), date_short(report.asked_at), by)))


def own_line_of(report: ShelvedReport) -> str:
    """What the client's list says below the title: which version where there were others, and since when."""
    since = _("Since %(day)s", day=date_short(report.shared_at)) if report.shared_at else ""
    return " · ".join(filter(None, (since, _version_words(report))))


def _version_words(report: ShelvedReport) -> str:
    return str(_("version %(n)s", n=report.version)) if report.version > 1 else ""


def before_sending(untold: Barrier | None) -> str:
    """What sending does; `untold`: why no mail goes to the client, where none does."""
    if untold is None:
        return str(_("Look at it first. Sent, it stands in the portal, and a mail leads there."))
    if untold is Barrier.INVITED:
        return str(_("They have not accepted their invitation yet. Sent, it waits for them in the portal."))
    return str(_("Look at it first. Sent, it stands in the portal; no mail leads there: %(why)s", why=_why(untold)))


def told_words(name: str, untold: Barrier | None) -> str:
    """What came of sending one."""
    if untold is None:
        return str(_("%(name)s gets a mail that leads to it.", name=name))
    return str(_("It stands in the portal. %(name)s gets no mail: %(why)s", name=name, why=_why(untold)))


def sent_words(sent: int, untold: int) -> list[str]:
    """What came of sending many, `untold` of which no mail tells."""
    told = sent - untold
    words = [ngettext("%(num)s client gets a mail.", "%(num)s clients get a mail.", told)] if told or not sent else []
    if untold:
        none = ngettext("%(num)s client gets none:", "%(num)s clients get none:", untold)
        why = _("they have not started, are in the archive, or no mail goes to them. It stands in their portal.")
        words.append(f"{none} {why}")
    return [str(each) for each in words]


def _why(untold: Barrier) -> str:
    words: dict[Barrier, str] = {
        Barrier.ARCHIVED: _("they are in the archive."),
        Barrier.INVITED: _("they have not started yet."),
        Barrier.SWITCHED_OFF: _("this kind of mail is switched off."),
        Barrier.COMPLAINED: _("they have said that they want no mail."),
        Barrier.BOUNCED: _("mail to their address comes back."),
    }
    return words[untold]


def missing_words(batch: BatchRow) -> str:
    """Whom a batch leaves out, where it does."""
    return str(
        ngettext(
            "%(num)s client is not among them: their report was being made already, or was deleted.",
            "%(num)s clients are not among them: their reports were being made already, or were deleted.",
            batch.missing,
        )
    )


def facts_of(report: ShelvedReport) -> list[tuple[str, str]]:
    """What there is to say of a report that is ready, as pairs of a term and words."""
    found = [(_("Made"), moment_words(report.ready_at) if report.ready_at else "")]
    found.append((_("Asked for"), report.asked_by or _("made by itself")))
    if report.shared_at:
        found.append((_("Sent"), moment_words(report.shared_at)))
        opened = moment_words(report.opened_at) if report.opened_at else _("not yet")
        found.append((_("Opened by the client"), opened))
    if not report.is_accessible:
        found.append((_("Accessibility"), _("One sign in it is in none of our fonts, so it is not tagged as PDF/UA.")))
    return found


def progress_words(batch: BatchRow) -> str:
    """How far a batch is."""
    return str(_("%(done)s of %(total)s made", done=batch.done, total=batch.total))


def outcome_words(batch: BatchRow) -> str:
    """What came of a batch."""
    ready = ngettext("%(num)s report is ready.", "%(num)s reports are ready.", batch.ready)
    if not batch.failed:
        return str(ready)
    return f"{ready} {ngettext('%(num)s has failed.', '%(num)s have failed.', batch.failed)}"


def file_name_of(report: ShelvedReport, *, for_client: bool = False) -> str:
    """The name of its file; with the client's name in it, unless the client keeps it or a sponsor is given it."""
    names_nobody = for_client or report.kind is ReportKind.SPONSOR
    parts = ("" if names_nobody else report.client_name, title_words(report), _version_words(report))
    return safe_file_name(" - ".join(filter(None, parts))) + ".pdf"


def file_names_of(reports: Iterable[ShelvedReport]) -> list[str]:
    """A name for each, no two alike: two clients may share one, and all that are for sponsors do."""
    seen: Counter[str] = Counter()
    names = []
    for name in map(file_name_of, reports):
        seen[name.casefold()] += 1
        number = seen[name.casefold()]
        names.append(name if number == 1 else f"{name.removesuffix('.pdf')} ({number}).pdf")
    return names


def month_choices(running: Month) -> list[tuple[str, str]]:
    """The months that a report may begin or end with, newest first."""
    return [(str(month), month_words(month.first_day())) for month in map(running.plus, range(0, -MOST_MONTHS, -1))]
