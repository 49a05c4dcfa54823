"""The log of coaching hours: on a page, as a file, and what a session counts as."""

import csv
import io
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.accounts.service.members import coaches
from coachhub.coaching.forms.hours import SAID
from coachhub.coaching.rules.hours import as_hours
from coachhub.coaching.service.hours import CoachingLog, coaching_log, say_paid, say_unsaid
from coachhub.coaching.views.pages import pages
from coachhub.coaching.wording import LOG_COLUMNS
from coachhub.platform.csv_file import as_cell
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import Role, signed_in_as
from coachhub.platform.web import as_download, id_asked

_ALONE = ("Individual", 1)


@pages.get("/hours")
@for_staff
def hours() -> ResponseReturnValue:
    """The hours of a coach, by client."""
    coach_id, year = _coach_asked(), _year_asked()
    log = coaching_log(coach_id, signed_in_as().zone, year)
    colleagues = coaches() if signed_in_as().role is Role.OWNER else []
    said = {"coach_id": coach_id, "year": year, "log": log, "colleagues": colleagues}
    return render_template("coaching/hours.html", **said)


@pages.get("/hours.csv")
@for_staff
def hours_file() -> ResponseReturnValue:
    """The same in the columns of the credential's log; they are what it calls them, whatever the reader's language."""
    log = coaching_log(_coach_asked(), signed_in_as().zone, _year_asked())
    return as_download(_as_csv(log), "coaching-hours.csv", "text/csv; charset=utf-8")


@pages.post("/hours/said")
@for_staff
def say_hours() -> ResponseReturnValue:
    """Say of a client's sessions, of which nobody has said it, whether they were paid for."""
    coach_id, year, zone = _coach_asked(), _year_asked(), signed_in_as().zone
    said = SAID.get(request.form.get("counts", ""))
    if said is None:
        raise NotFound
    count = say_unsaid(coach_id, id_asked("client_id"), zone, year, said)
    flash(ngettext("Said of one session.", "Said of %(num)s sessions.", count))
    return redirect(url_for("coaching.hours", year=year, coach=request.form.get("coach") or None), 303)


@pages.post("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>/counts")
@for_staff
def say_session(client_id: UUID, coaching_session_id: UUID) -> ResponseReturnValue:
    """Say what one session counts as."""
    said = request.form.get("counts", "")
    if said not in SAID:
        raise NotFound
    say_paid(client_id, coaching_session_id, SAID[said])
    flash(_("Saved."))
    page = url_for("coaching.coaching_session", client_id=client_id, coaching_session_id=coaching_session_id)
    return redirect(f"{page}#hours", 303)


def _coach_asked() -> UUID:
    """Whose log: the person's own; an owner may look at that of each coach. Raises NotFound."""
    person, written = signed_in_as(), request.values.get("coach")
    known = {str(coach.user_id): coach.user_id for coach in coaches()} if person.role is Role.OWNER else {}
    found = known.get(written) if written and written != str(person.user_id) else person.user_id
    if found is None:
        raise NotFound
    return found


def _year_asked() -> int | None:
    """The year in the address; none is all of them."""
    written = request.values.get("year", "")
    return int(written) if written.isdecimal() and len(written) == 4 else None


def _as_csv(log: CoachingLog) -> bytes:
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(LOG_COLUMNS)
    for line in log.lines:
        who, sums = (as_cell(line.name), as_cell(line.contact)), line.sums
        table.writerow([*who, *_ALONE, sums.first, sums.last, as_hours(sums.paid), as_hours(sums.pro_bono)])
    return written.getvalue().encode("utf-8-sig")  # without the mark Excel takes it for cp1252
