"""Writing notes: saved by themselves while somebody types, and by a button; looked at, begun with a template."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachhub.coaching.forms.notes import NotesTyped, read_notes
from coachhub.coaching.models import NoteLevel
from coachhub.coaching.service.reading import CoachingSessionRow, coaching_session_of
from coachhub.coaching.service.settling import settle_note
from coachhub.coaching.service.templates import begin_with
from coachhub.coaching.service.writing import Written, write_notes
from coachhub.coaching.views.note_versions import level_asked
from coachhub.coaching.views.pages import pages
from coachhub.coaching.views.session_page import NoteDesk, desk_sent_back, session_page
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.kept_words import keeps_words
from coachhub.platform.web import id_asked
from coachhub.platform.words_back import words_back


@pages.post("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>/notes")
@keeps_words
@for_staff
def save_notes(client_id: UUID, coaching_session_id: UUID) -> ResponseReturnValue:
    """Save what was typed. To htmx only how it stands comes back: the fields are being typed in."""
    found, sent = coaching_session_of(client_id, coaching_session_id), read_notes(request.form)
    if _is_somebody_elses(sent):
        return words_back(409)
    desk = desk_sent_back(found, sent, _save(found, sent))
    if "HX-Request" in request.headers:
        return render_template("coaching/notes/answer.html", found=found, desk=desk)
    return _answer(found, desk)


@pages.post("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>/notes/preview")
@keeps_words
@for_staff
def preview_notes(client_id: UUID, coaching_session_id: UUID) -> ResponseReturnValue:
    """How one of them reads; nothing is saved."""
    found, sent = coaching_session_of(client_id, coaching_session_id), read_notes(request.form)
    level = level_asked(request.form.get("preview", ""))
    return session_page(found, desk_sent_back(found, sent, {}, sent.text_of(level)))


@pages.post("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>/notes/begin")
@keeps_words
@for_staff
def begin_notes(client_id: UUID, coaching_session_id: UUID) -> ResponseReturnValue:
    """Save what was typed, and put a template below it."""
    found, sent = coaching_session_of(client_id, coaching_session_id), read_notes(request.form)
    if _is_somebody_elses(sent):
        return words_back(409)
    level = level_asked(request.form.get("into", ""))
    begun = sent.with_text(level, begin_with(id_asked(f"template-{level}"), sent.text_of(level)))
    return _answer(found, desk_sent_back(found, begun, _save(found, begun)))


def _save(found: CoachingSessionRow, sent: NotesTyped) -> dict[NoteLevel, Written]:
    written = dict(write_notes(found, sent.page_id, sent.to_save))
    settled = sent.settled
    if settled is not None and settled.level in sent.typed and settled.level not in sent.too_long:
        written[settled.level] = settle_note(found, sent.page_id, sent.typed[settled.level].text, settled)
    return written


def _answer(found: CoachingSessionRow, desk: NoteDesk) -> ResponseReturnValue:
    """Back to the page; to its form with all words where something could not be saved."""
    if desk.is_saved:
        page = url_for("coaching.coaching_session", client_id=found.client_id, coaching_session_id=found.id)
        return redirect(f"{page}#notes", 303)
    return session_page(found, desk), 409 if any(field.other for field in desk.fields) else 422


def _is_somebody_elses(sent: NotesTyped) -> bool:
    """Whether the page was made for another person, who was signed in here before."""
    return sent.author_id is not None and sent.author_id != signed_in_as().user_id
