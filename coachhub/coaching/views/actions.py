"""What a coach agrees on with a client: writing it down, changing it, saying what became of it."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.clients.service.records import ClientRow, client_of
from coachhub.coaching.forms.actions import ActionForm
from coachhub.coaching.models import Party
from coachhub.coaching.service.acting import (
    Agreed,
    agree_action,
    change_action,
    drop_action,
    take_up_action,
    tick_action,
)
from coachhub.coaching.service.actions import ActionRow, action_of, closed_actions, open_actions
from coachhub.coaching.service.reading import coaching_session_of
from coachhub.coaching.views.pages import day_of, pages
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.kept_words import keeps_words
from coachhub.platform.web import asked_next, asked_page


@pages.get("/clients/<uuid:client_id>/actions")
@for_staff
def actions_of_client(client_id: UUID) -> ResponseReturnValue:
    """What is still to do, and what is done or dropped."""
    page, client = asked_page(), client_of(client_id)
    closed, has_more = closed_actions(client_id, page)
    return render_template(
        "coaching/actions_of_client.html",
        client=client,
        actions=open_actions([client_id]).get(client_id, ()),
        closed=closed,
        has_more=has_more,
        page=page,
        form=_empty(client),
    )


@pages.post("/clients/<uuid:client_id>/actions")
@keeps_words
@for_staff
def add_action(client_id: UUID) -> ResponseReturnValue:
    """Write one down."""
    client, person = client_of(client_id), signed_in_as()
    form = _form(client)
    if not form.validate():
        return render_template("coaching/action.html", form=form, client=client, back=_back(client_id)), 422
    agreed = Agreed(client_id, person.user_id, _asked_session())
    agree_action(_id(form.action_id.data), agreed, form.entry(), person.user_id)
    flash(_("Written down."))
    return redirect(_back(client_id), 303)


@pages.get("/clients/<uuid:client_id>/actions/<uuid:action_id>/change")
@for_staff
def change_action_page(client_id: UUID, action_id: UUID) -> ResponseReturnValue:
    """In other words, for another day or person, or dropped?"""
    found = _open(client_id, action_id)
    return _change_page(found, _form_of(found))


@pages.post("/clients/<uuid:client_id>/actions/<uuid:action_id>/change")
@keeps_words
@for_staff
def save_action(client_id: UUID, action_id: UUID) -> ResponseReturnValue:
    """Change it."""
    found = action_of(client_id, action_id)
    form = _form_of(found)
    if not form.validate():
        return _change_page(found, form), 422
    change_action(client_id, action_id, form.entry())
    flash(_("Saved."))
    return redirect(_back(client_id), 303)


@pages.post("/clients/<uuid:client_id>/actions/<uuid:action_id>/done")
@for_staff
def action_done(client_id: UUID, action_id: UUID) -> ResponseReturnValue:
    """It is done."""
    found = tick_action(client_id, action_id, Party.COACH)
    flash(_("Done: %(text)s", text=found.text))
    return redirect(_back(client_id), 303)


@pages.post("/clients/<uuid:client_id>/actions/<uuid:action_id>/open")
@for_staff
def action_open(client_id: UUID, action_id: UUID) -> ResponseReturnValue:
    """It is not done after all, or matters again."""
    found = take_up_action(client_id, action_id, Party.COACH)
    flash(_("Open again: %(text)s", text=found.text))
    return redirect(_back(client_id), 303)


@pages.post("/clients/<uuid:client_id>/actions/<uuid:action_id>/drop")
@for_staff
def action_dropped(client_id: UUID, action_id: UUID) -> ResponseReturnValue:
    """It does not matter any more."""
    found = drop_action(client_id, action_id)
    flash(_("Dropped: %(text)s. Under “All actions” you can take it up again.", text=found.text))
    return redirect(_back(client_id), 303)


def _back(client_id: UUID) -> str:
    return asked_next(url_for("coaching.actions_of_client", client_id=client_id))


def _empty(client: ClientRow) -> ActionForm:
    return ActionForm.empty(client.name, signed_in_as().name, day_of(ZoneInfo(client.time_zone)))


def _form(client: ClientRow) -> ActionForm:
    session_id = _asked_session()
    coach = coaching_session_of(client.id, session_id).coach_name if session_id else signed_in_as().name
    return ActionForm(client.name, coach, day_of(ZoneInfo(client.time_zone)))


def _asked_session() -> UUID | None:
    """The session in which it was agreed, as the form says; None where it was in none."""
    written = request.form.get("action-session_id")
    return _id(written) if written else None


def _form_of(found: ActionRow) -> ActionForm:
    return ActionForm(found.client_name, found.coach_name, day_of(found.client_zone)).start_with(found)


def _change_page(found: ActionRow, form: ActionForm) -> str:
    client = client_of(found.client_id)
    return render_template("coaching/action.html", form=form, client=client, found=found, back=_back(found.client_id))


def _open(client_id: UUID, action_id: UUID) -> ActionRow:
    found = action_of(client_id, action_id)
    if not found.is_open:
        raise Refused(409, _("This is done or dropped. Take it up again first."))
    return found


def _id(written: str | None) -> UUID:
    """An id that a form of ours holds. Raises NotFound for anything else."""
    try:
        return UUID(written or "")
    except ValueError:
        raise NotFound from None
