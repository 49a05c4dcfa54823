"""What a note said before, and bringing it back."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.coaching.models import NoteLevel
from coachhub.coaching.service.note_versions import A_PAGE, version_of, versions_of
from coachhub.coaching.service.reading import coaching_session_of
from coachhub.coaching.service.writing import put_note
from coachhub.coaching.views.pages import pages
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_staff
from coachhub.platform.web import asked_page


@pages.get("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>/notes/<level>/versions")
@for_staff
def note_versions(client_id: UUID, coaching_session_id: UUID, level: str) -> ResponseReturnValue:
    """The versions of the person's own note, the newest first."""
    found, asked, page = coaching_session_of(client_id, coaching_session_id), level_asked(level), asked_page()
    versions = versions_of(coaching_session_id, asked, page)
    return render_template(
        "coaching/notes/versions.html",
        found=found,
        level=asked,
        versions=versions[:A_PAGE],
        has_more=len(versions) > A_PAGE,
        page=page,
    )


@pages.post("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>/notes/<level>/versions/<int:number>")
@for_staff
def restore_note(client_id: UUID, coaching_session_id: UUID, level: str, number: int) -> ResponseReturnValue:
    """Let the note say again what it said then; what it says now stays among the versions."""
    found, asked = coaching_session_of(client_id, coaching_session_id), level_asked(level)
    put_note(found, asked, version_of(coaching_session_id, asked, number).text)
    flash(_("The note says again what it said then."))
    page = url_for("coaching.coaching_session", client_id=client_id, coaching_session_id=coaching_session_id)
    return redirect(f"{page}#notes", 303)


def level_asked(written: str) -> NoteLevel:
    """The level that an address or a form names. Raises NotFound for anything else."""
    try:
        return NoteLevel(written)
    except ValueError:
        raise NotFound from None
