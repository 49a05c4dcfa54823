"""Bringing in a file of friends: the upload, how far it is, its columns, taking it back."""

import csv
import io
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.network import wording
from coachhub.network.forms import ColumnsForm, FileOfFriendsForm
from coachhub.network.service.imports.columns_chosen import choose_columns, columns_asked
from coachhub.network.service.imports.left_out import LeftOutLine, count_left_out, left_out
from coachhub.network.service.imports.people import Unreadable
from coachhub.network.service.imports.records import ImportEntry, State, discard_import, import_of, imports_of
from coachhub.network.service.imports.undoing import undo_import, what_undoing_does
from coachhub.network.service.imports.uploading import TooManyOpen, store_file
from coachhub.network.views.import_preview import show_preview
from coachhub.network.views.pages import owner, pages
from coachhub.platform.csv_file import as_cell
from coachhub.platform.guards import for_client
from coachhub.platform.limits import browser_signed_in, limiter
from coachhub.platform.web import as_download, asked_page

LEFT_OUT_A_PAGE = 50


@pages.get("/friends/import")
@for_client
def imports() -> ResponseReturnValue:
    """Where to get a file, the field for it, and the imports so far."""
    return render_template("network/imports.html", form=FileOfFriendsForm(), earlier=_earlier())


def _earlier() -> list[tuple[str, str, str, datetime]]:
    return [
        (
            url_for("network.import_page", import_id=entry.id),
            entry.file_name,
            " · ".join(filter(None, (wording.source_words(entry.source), wording.import_words(entry)))),
            entry.created_at,
        )
        for entry in imports_of(owner())
    ]


@pages.post("/friends/import")
@for_client
@limiter.limit("60 per hour", key_func=browser_signed_in)
def upload() -> ResponseReturnValue:
    """Keep the file and have it read; the same file again leads to the import that is under way."""
    form = FileOfFriendsForm()
    try:
        if form.validate_on_submit():
            import_id = store_file(owner(), form.file.data.stream, form.file.data.filename)
            return redirect(url_for("network.import_page", import_id=import_id), 303)
    except Unreadable as refusal:
        form.refuse(wording.problem_words(refusal.problem, refusal.expected))
    except TooManyOpen:
        form.refuse(_("Three files wait for you below. Finish or discard one of them first."))
    return render_template("network/imports.html", form=form, earlier=_earlier()), 422


@pages.get("/friends/import/<uuid:import_id>")
@for_client
def import_page(import_id: UUID) -> ResponseReturnValue:
    """Where an import stands, and what it asks of the client."""
    entry = import_of(owner(), import_id)
    if entry.state is State.PREVIEW:
        return show_preview(entry)
    if entry.state is State.COLUMNS:
        return render_template("network/import_columns.html", entry=entry, form=ColumnsForm.of(columns_asked(entry)))
    if entry.state is State.FAILED:
        why = wording.unread_words(entry)
        return render_template("network/import_failed.html", entry=entry, why=why, form=FileOfFriendsForm())
    if entry.is_at_work:
        return render_template("network/import_at_work.html", entry=entry)
    return _show_result(entry)


def _show_result(entry: ImportEntry) -> str:
    page = asked_page()
    lines = left_out(entry.id, offered=False, limit=LEFT_OUT_A_PAGE + 1, page=page)
    return render_template(
        "network/import_result.html",
        entry=entry,
        lines=lines_shown(lines[:LEFT_OUT_A_PAGE]),
        count=count_left_out(entry.id),
        page=page,
        has_more=len(lines) > LEFT_OUT_A_PAGE,
    )


def lines_shown(lines: list[LeftOutLine]) -> list[tuple[int, str, str]]:
    """Lines that were not taken, with the reason in words."""
    return [(line.line, line.text, wording.left_out_words(line.reason, line.earlier)) for line in lines]


@pages.post("/friends/import/<uuid:import_id>/columns")
@for_client
def columns(import_id: UUID) -> ResponseReturnValue:
    """Read the file again, as the client says; once it is read, there is nothing more to say."""
    mine = owner()
    entry = import_of(mine, import_id)
    if entry.state is State.COLUMNS:
        form = ColumnsForm.of(columns_asked(entry))
        if not form.validate():
            return render_template("network/import_columns.html", entry=entry, form=form), 422
        choose_columns(mine, import_id, {field.value: place for field, place in form.places().items()})
    return redirect(url_for("network.import_page", import_id=import_id), 303)


@pages.post("/friends/import/<uuid:import_id>/discard")
@for_client
def discard(import_id: UUID) -> ResponseReturnValue:
    """Forget a file with everybody in it."""
    discard_import(owner(), import_id)
    flash(_("Forgotten. Nothing of the file is kept."))
    return redirect(url_for("network.imports"), 303)


@pages.get("/friends/import/<uuid:import_id>/undo")
@for_client
def undo_page(import_id: UUID) -> ResponseReturnValue:
    """Who would go, and who would stay."""
    mine = owner()
    entry = import_of(mine, import_id)
    if entry.state is not State.DONE:
        return redirect(url_for("network.import_page", import_id=import_id), 303)
    return render_template("network/import_undo.html", entry=entry, outcome=what_undoing_does(mine, import_id))


@pages.post("/friends/import/<uuid:import_id>/undo")
@for_client
def undo(import_id: UUID) -> ResponseReturnValue:
    """Take the import back; a second click finds nothing to do."""
    mine = owner()
    if import_of(mine, import_id).state is State.DONE:
        gone = undo_import(mine, import_id).going
        flash(ngettext("%(num)s friend is out of your network.", "%(num)s friends are out of your network.", gone))
    return redirect(url_for("network.import_page", import_id=import_id), 303)


@pages.get("/friends/import/<uuid:import_id>/left-out.csv")
@for_client
def left_out_file(import_id: UUID) -> ResponseReturnValue:
    """Every line that was not taken, with its reason, for a spreadsheet."""
    entry = import_of(owner(), import_id)
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow([_("Line"), _("What stood there"), _("Why it was not taken")])
    for line, text, why in lines_shown(left_out(entry.id, offered=entry.state is State.PREVIEW)):
        table.writerow([line, as_cell(text), why])
    content = written.getvalue().encode("utf-8-sig")  # without the mark Excel takes it for cp1252
    return as_download(content, "left-out.csv", "text/csv; charset=utf-8")
