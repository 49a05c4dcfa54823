"""What whoever books an offering is asked."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.booking.forms.questions import QuestionsForm
from coachhub.booking.service.asking import keep_questions
from coachhub.booking.service.offers import offering_of, questions_of
from coachhub.booking.views.pages import pages
from coachhub.platform.guards import for_owner


@pages.get("/offerings/<uuid:offering_id>/questions")
@for_owner
def questions(offering_id: UUID) -> str:
    form = QuestionsForm(formdata=None).start_with(questions_of(offering_id))
    return _page(offering_id, form)


@pages.post("/offerings/<uuid:offering_id>/questions")
@for_owner
def save_questions(offering_id: UUID) -> ResponseReturnValue:
    """Keep them; the buttons beside a row only put it up, or add rows, and keep what was typed."""
    form, lifted = QuestionsForm(), request.form.get("up", type=int)
    if lifted is not None:
        return _page(offering_id, form.lift(lifted))
    if "more" in request.form:
        return _page(offering_id, form.with_blanks())
    if not form.validate():
        return _page(offering_id, form), 422
    keep_questions(offering_id, form.entries())
    flash(_("The questions are saved."))
    return redirect(url_for("booking.offering", offering_id=offering_id), 303)


def _page(offering_id: UUID, form: QuestionsForm) -> str:
    return render_template("booking/office/questions.html", form=form, offering=offering_of(offering_id))
