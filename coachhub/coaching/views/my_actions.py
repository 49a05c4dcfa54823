"""What the client agreed to do, in the portal: ticked, and taken up again; and what they would like to talk about."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.coaching.forms.actions import TopicForm
from coachhub.coaching.models import Party
from coachhub.coaching.service.acting import take_up_action, tick_action
from coachhub.coaching.service.actions import closed_actions
from coachhub.coaching.service.reading import coaching_session_of
from coachhub.coaching.service.topics import say_topic
from coachhub.coaching.views.pages import own_record, pages
from coachhub.platform.guards import for_client
from coachhub.platform.kept_words import keeps_words
from coachhub.platform.web import asked_next, asked_page


@pages.get("/actions")
@for_client
def my_actions() -> ResponseReturnValue:
    """What is still to do, and what is done."""
    page = asked_page()
    closed, has_more = closed_actions(own_record(), page)
    return render_template("coaching/my_actions.html", closed=closed, has_more=has_more, page=page)


@pages.post("/actions/<uuid:action_id>/done")
@for_client
def my_action_done(action_id: UUID) -> ResponseReturnValue:
    """The client has done it."""
    found = tick_action(own_record(), action_id, Party.CLIENT)
    flash(_("Done: %(text)s", text=found.text))
    return redirect(asked_next(url_for("coaching.my_actions")), 303)


@pages.post("/actions/<uuid:action_id>/open")
@for_client
def my_action_open(action_id: UUID) -> ResponseReturnValue:
    """It was not done after all."""
    found = take_up_action(own_record(), action_id, Party.CLIENT)
    flash(_("Open again: %(text)s", text=found.text))
    return redirect(asked_next(url_for("coaching.my_actions")), 303)


@pages.post("/sessions/<uuid:coaching_session_id>/topic")
@keeps_words
@for_client
def my_topic(coaching_session_id: UUID) -> ResponseReturnValue:
    """Keep what they would like to talk about."""
    found, form = coaching_session_of(own_record(), coaching_session_id), TopicForm()
    if not form.validate():
        return render_template("coaching/my_topic.html", found=found, form=form), 422
    say_topic(found, form.written())
    flash(_("Kept: %(name)s reads it before the session.", name=found.coach_name) if form.written() else _("Saved."))
    return redirect(url_for("coaching.my_session", coaching_session_id=coaching_session_id), 303)
