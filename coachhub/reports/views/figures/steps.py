"""Where months stop, and how long each step takes."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from coachhub.platform import clock
from coachhub.platform.guards import for_staff
from coachhub.reports.figures import bars, examples
from coachhub.reports.rules import share_of
from coachhub.reports.service.cohort.group import Group
from coachhub.reports.service.cohort.steps import Span, StepsSeen, steps_seen
from coachhub.reports.views.figures.asked import asked, figure_page, group_asked, table_file, zone_here
from coachhub.reports.views.pages import pages


@pages.get("/reports/steps")
@for_staff
def steps() -> ResponseReturnValue:
    """The funnel of the five steps."""
    group, span = group_asked(), _span()
    seen = _seen(group, span)
    shown = seen if seen.beginnings else examples.steps()
    return figure_page(
        "steps",
        group,
        seen.beginnings,
        kept={"span": span.value},
        seen=seen,
        spans=_spans(group, span),
        bars=bars.funnel_bars(shown),
        words=bars.funnel_words(shown, span),
        slowest=bars.slowest_words(seen.paces),
        whole=share_of(seen.funnel.reached[-1], seen.funnel.months),
        table=bars.funnel_table(seen),
    )


@pages.get("/reports/steps.csv")
@for_staff
def steps_file() -> Response:
    """The five steps with their numbers."""
    return table_file("steps", bars.funnel_table(_seen(group_asked(), _span())))


def _seen(group: Group, span: Span) -> StepsSeen:
    return steps_seen(group, span, clock.now(), zone_here())


def _span() -> Span:
    text = request.args.get("span", "")
    return Span(text) if text in set(Span) else Span.TWELVE


def _spans(group: Group, chosen: Span) -> list[tuple[str, str, bool, None]]:
    words: dict[Span, str] = {
        Span.NOW: _("This month"),
        Span.THREE: _("Last three months"),
        Span.TWELVE: _("Last twelve months"),
    }
    return [
        (url_for("reports.steps", **asked(group), span=span.value), words[span], span is chosen, None) for span in Span
    ]
