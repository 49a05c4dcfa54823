"""Pages behind the links in a client's mails: what they agreed to do, and what they would like to talk about.

No sign-in and no cookie: the address is the key. Looking at a page changes nothing.
"""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from coachhub.booking.service.profiles import practice_page
from coachhub.coaching.forms.actions import MailedTopicForm
from coachhub.coaching.models import Party
from coachhub.coaching.service.acting import take_up_action, tick_action
from coachhub.coaching.service.action_links import follow_actions_link
from coachhub.coaching.service.actions import actions_lately
from coachhub.coaching.service.reading import CoachingSessionRow
from coachhub.coaching.service.topics import follow_topic_link, say_topic
from coachhub.coaching.views.pages import takes_topic
from coachhub.platform import clock
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.forgery import csrf
from coachhub.platform.guards import public
from coachhub.platform.private_pages import by_link, keep_private

mailed = Blueprint("mailed", __name__)
csrf.exempt(mailed)
mailed.after_request(keep_private)
LATELY = timedelta(days=7)


@mailed.errorhandler(NotFound)
def over(error: NotFound) -> ResponseReturnValue:
    """A link that leads nowhere says so in the same words, whatever the reason."""
    return render_template("coaching/link_over.html"), 404


@mailed.get("/todo/<token>")
@public
@by_link
def todo(token: str) -> ResponseReturnValue:
    """What is still to do, each with a button, and what was done in the last seven days."""
    doer = follow_actions_link(token)
    lately = actions_lately({doer.client_id: clock.now() - LATELY}).get(doer.client_id, ())
    actions, done = [each for each in lately if each.is_open], [each for each in lately if each.done_at]
    return render_template("coaching/todo.html", practice=practice_page(), actions=actions, done=done, token=token)


@mailed.post("/todo/<token>")
@public
@by_link
def todo_changed(token: str) -> ResponseReturnValue:
    """The client ticks one, or takes it up again."""
    doer = follow_actions_link(token)
    for name, change in (("done", tick_action), ("open", take_up_action)):
        if name in request.form:
            change(doer.client_id, _id(request.form[name]), Party.CLIENT)
    return redirect(url_for("mailed.todo", token=token), 303)


@mailed.get("/topic/<token>")
@public
@by_link
def topic(token: str) -> ResponseReturnValue:
    """One field: what would you like to talk about?"""
    found = follow_topic_link(token)
    return _topic(found, MailedTopicForm(formdata=None, data={"topic": found.topic}), token)


@mailed.post("/topic/<token>")
@public
@by_link
def topic_said(token: str) -> Response | tuple[str, int]:
    """Keep it."""
    found, form = follow_topic_link(token), MailedTopicForm()
    if not form.validate():
        return _topic(found, form, token), 422
    try:
        say_topic(found, form.written())
    except Refused as refused:
        return _topic(found, form, token), refused.status
    return redirect(url_for("mailed.topic", token=token, said="kept"), 303)


def _topic(found: CoachingSessionRow, form: MailedTopicForm, token: str) -> str:
    said = request.args.get("said", "")
    is_open = takes_topic(found)
    return render_template(
        "coaching/topic.html", practice=practice_page(), found=found, form=form, token=token, said=said, is_open=is_open
    )


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise NotFound from None
