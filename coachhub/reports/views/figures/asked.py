"""What an address of the reports asks for, and what all of their pages have in common."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from coachhub.habits.rules import Month
from coachhub.platform import clock
from coachhub.platform.csv_file import TYPE
from coachhub.platform.identity import Role, signed_in_as
from coachhub.platform.language import month_words
from coachhub.platform.web import as_download
from coachhub.reports.figures.tables import Table, number_words, share_words
from coachhub.reports.service.cohort.choices import choices
from coachhub.reports.service.cohort.group import Begun, Group
from coachhub.reports.views.pages import ALL, coach_asked
from coachhub.reports.wording.definitions import definitions

_YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)
_A_YEAR = 12


def group_asked() -> Group:
    """Whom the figure is about. A coach sees their own clients first, an owner everybody; nonsense asks for nothing."""
    person = signed_in_as()
    own = person.user_id if person.role is Role.COACH else None
    return Group(coach_asked(own), _habit_asked(), begun_in(request.args.get("begun", "")))


def _habit_asked() -> UUID | None:
    try:
        return UUID(request.args.get("habit", ""))
    except ValueError:
        return None


def begun_in(text: str) -> Begun | None:
    """A year or a month, as `2026` or `2026-03`; None for anything else."""
    found = _YEAR_OR_MONTH.fullmatch(text)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2]) if found[2] else None
    is_there = year > 0 and (month is None or 1 <= month <= _A_YEAR)
    return Begun(year, month) if is_there else None


def zone_here() -> ZoneInfo:
    """The zone of who asks: it says which month is the running one of the page."""
    return signed_in_as().zone


def month_here() -> Month:
    """The running month of who asks."""
    return Month.local(clock.now(), zone_here())


def asked(group: Group) -> dict[str, Any]:
    """What an address says of the group; the words that stand for everybody only where something else is the rule."""
    is_mine = signed_in_as().role is Role.COACH
    return {
        "coach": group.coach_id or (ALL if is_mine else None),
        "habit": group.habit_id,
        "begun": str(group.begun) if group.begun else None,
    }


def figure_page(name: str, group: Group, beginnings: Mapping[Month, int], **more: Any) -> str:
    """A page of the reports: its tabs, its filters, and what is its own. `name` is that of its endpoint.

    What is only words and addresses the template asks for where it writes them. `choices` may have come along already.
    """
    kept = asked(group)
    extra, read = more.pop("kept", {}), more.pop("choices", None)
    return render_template(
        f"reports/figures/{name}.html",
        group=group,
        tabs=partial(tabs_of, group),
        here=url_for(f"reports.{name}"),
        file=url_for(f"reports.{name}_file", **kept, **extra),
        kept=extra,
        choices=read or choices(),
        beginnings=partial(_choices, beginnings),
        is_empty=not beginnings,
        definitions=definitions,
        percent=share_words,
        number=number_words,
        **more,
    )


def table_file(name: str, table: Table) -> Response:
    """The table behind a figure."""
    return as_download(table.as_file(), f"{name}.csv", TYPE)


def tabs_of(group: Group) -> list[tuple[str, str, str]]:
    """The pages of the reports, each about the same group; the coaches are the owner's alone."""
    kept = asked(group)
    pages: list[tuple[str, str]] = [
        ("cohort", _("Cohort")),
        ("steps", _("Steps")),
        ("adoption", _("Adoption")),
        ("networks", _("Networks")),
        ("hours", _("Hours")),
    ]
    tabs = [(name, url_for(f"reports.{name}", **kept), text) for name, text in pages]
    if signed_in_as().role is Role.OWNER:
        tabs.append(("coaches", url_for("reports.coaches_page"), _("Coaches")))
    tabs.append(("documents", url_for("reports.documents"), _("Documents")))
    return tabs


def _choices(beginnings: Mapping[Month, int]) -> list[tuple[str, str]]:
    """The years in which clients began, each followed by its months, newest first, with how many they are."""
    choices: list[tuple[str, str]] = []
    for year in sorted({month.year for month in beginnings}, reverse=True):
        months = {month: count for month, count in beginnings.items() if month.year == year}
        choices.append((f"{year:04d}", _choice(str(year), sum(months.values()))))
        choices += [(str(month), _choice(month_words(month.first_day()), n)) for month, n in months.items()]
    return choices


def _choice(when: str, count: int) -> str:
    return str(ngettext("%(when)s · %(num)s client", "%(when)s · %(num)s clients", count, when=when))
