"""The practice's templates of agendas and notes, in the settings."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.coaching.forms.template import TemplateForm
from coachhub.coaching.models import TemplateKind
from coachhub.coaching.service.templates import (
    NameTaken,
    TemplateRow,
    add_template,
    change_template,
    delete_template,
    template_of,
    templates_of,
)
from coachhub.coaching.views.pages import pages
from coachhub.platform.guards import for_staff
from coachhub.platform.kept_words import keeps_words


@pages.get("/settings/templates")
@for_staff
def templates() -> ResponseReturnValue:
    """All of them."""
    return render_template("coaching/templates/list.html", templates=templates_of(), kinds=TemplateKind)


@pages.get("/settings/templates/new")
@for_staff
def new_template() -> ResponseReturnValue:
    """What shall it say?"""
    kind = request.args.get("kind", "")
    return _form_page(TemplateForm(formdata=None, kind=kind if kind in set(TemplateKind) else TemplateKind.NOTES.value))


@pages.post("/settings/templates/new")
@keeps_words
@for_staff
def keep_template() -> ResponseReturnValue:
    """Keep it; the same once more is a second click."""
    form = TemplateForm()
    if not form.validate():
        return _form_page(form), 422
    try:
        add_template(form.entry())
    except NameTaken as taken:
        form.name.errors = [taken.text]
        return _form_page(form), 422
    return _saved()


@pages.get("/settings/templates/<uuid:template_id>")
@for_staff
def template(template_id: UUID) -> ResponseReturnValue:
    """One of them, to change."""
    found = template_of(template_id)
    return _form_page(TemplateForm(formdata=None, obj=found, kind=found.kind.value), found)


@pages.post("/settings/templates/<uuid:template_id>")
@keeps_words
@for_staff
def save_template(template_id: UUID) -> ResponseReturnValue:
    """Change it. What began with it stays as it is."""
    found, form = template_of(template_id), TemplateForm()
    if not form.validate():
        return _form_page(form, found), 422
    try:
        change_template(template_id, form.entry())
    except NameTaken as taken:
        form.name.errors = [taken.text]
        return _form_page(form, found), 422
    return _saved()


@pages.post("/settings/templates/<uuid:template_id>/delete")
@for_staff
def drop_template(template_id: UUID) -> ResponseReturnValue:
    """It is no longer offered."""
    flash(_("“%(name)s” is deleted.", name=delete_template(template_id).name))
    return redirect(url_for("coaching.templates"), 303)


def _form_page(form: TemplateForm, found: TemplateRow | None = None) -> str:
    return render_template("coaching/templates/form.html", form=form, found=found)


def _saved() -> ResponseReturnValue:
    flash(_("Saved."))
    return redirect(url_for("coaching.templates"), 303)
