"""The coach's habits: list, add, change, retire."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from coachhub.habits.forms import HabitForm
from coachhub.habits.service.habits import (
    HabitRow,
    add_habit,
    bring_back_habit,
    edit_habit,
    habit_of,
    list_habits,
    notes_of,
    retire_habit,
    templates_of,
)
from coachhub.habits.service.starter import preview_of, starter_notes, starter_steps, starter_templates
from coachhub.habits.views.pages import pages
from coachhub.platform.guards import for_staff

Answer = str | Response | tuple[str, int]


@pages.get("/habits")
@for_staff
def habits() -> str:
    found = list_habits(with_retired=True)
    running = [habit for habit in found if not habit.is_retired]
    retired = [habit for habit in found if habit.is_retired]
    return render_template("habits/habits.html", habits=running, retired=retired)


@pages.get("/habits/new")
@for_staff
def new_habit() -> str:
    form = HabitForm()
    form.fill_from(_blank(), starter_templates(), starter_notes())
    return _form_page(form, None)


@pages.post("/habits/new")
@for_staff
def create_habit() -> Answer:
    form = HabitForm()
    if not form.validate() or "preview" in request.form:
        return _form_page(form, None), _status(form)
    habit_id = add_habit(form.entry())
    flash(_("“%(name)s” is ready: assign it on the Clients page.", name=form.entry().name))
    return redirect(url_for("habits.habit", habit_id=habit_id), 303)


@pages.get("/habits/<uuid:habit_id>")
@for_staff
def habit(habit_id: UUID) -> str:
    found = habit_of(habit_id)
    form = HabitForm()
    form.fill_from(found, templates_of(habit_id), notes_of(habit_id))
    return _form_page(form, found)


@pages.post("/habits/<uuid:habit_id>")
@for_staff
def change_habit(habit_id: UUID) -> Answer:
    found, form = habit_of(habit_id), HabitForm()
    if not form.validate() or "preview" in request.form:
        return _form_page(form, found), _status(form)
    edit_habit(habit_id, form.entry())
    flash(_("Saved."))
    return redirect(url_for("habits.habit", habit_id=habit_id), 303)


@pages.post("/habits/<uuid:habit_id>/retire")
@for_staff
def retire(habit_id: UUID) -> Response:
    retire_habit(habit_id)
    flash(_("It is no longer offered. Clients who have it keep it."))
    return redirect(url_for("habits.habits"), 303)


@pages.post("/habits/<uuid:habit_id>/bring-back")
@for_staff
def bring_back(habit_id: UUID) -> Response:
    bring_back_habit(habit_id)
    flash(_("It is offered again."))
    return redirect(url_for("habits.habits"), 303)


def _blank() -> HabitRow:
    return HabitRow(UUID(int=0), "", starter_steps(), 1, 60, False, False, 0)


def _status(form: HabitForm) -> int:
    return 422 if form.errors else 200


def _form_page(form: HabitForm, found: HabitRow | None) -> str:
    return render_template("habits/habit.html", form=form, habit=found, preview_of=preview_of)
