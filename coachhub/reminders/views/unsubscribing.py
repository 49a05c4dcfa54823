"""The page behind the link of each reminder: no account, no cookie. Looking at it changes nothing, as scanners look.

Mailbox providers send its one-click form themselves (RFC 8058), without a cookie and without a token of ours.
"""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from coachhub.platform.errors import NotFound
from coachhub.platform.forgery import csrf
from coachhub.platform.guards import public
from coachhub.platform.private_pages import by_machines_too, keep_private
from coachhub.reminders.forms.my_reminders import MailedRemindersForm
from coachhub.reminders.service.switches import kinds_on_offer, stop_all, switched_off, want_only
from coachhub.reminders.service.unsubscribing import Subscriber, follow_client_link, follow_coach_link

stopping = Blueprint("unsubscribing", __name__)
csrf.exempt(stopping)  # who knows the address needs nothing else, and who does not can do nothing
stopping.after_request(keep_private)
_ONE_CLICK = ("List-Unsubscribe", "One-Click")


@stopping.errorhandler(NotFound)
def over(error: NotFound) -> ResponseReturnValue:
    """A link that leads nowhere says so in the same words, whatever the reason."""
    return render_template("reminders/unsubscribe_over.html"), 404


@stopping.get("/u/c/<token>")
@public
@by_machines_too
def client(token: str) -> str:
    """What a client gets."""
    return _page(follow_client_link(token))


@stopping.post("/u/c/<token>")
@public
@by_machines_too
def client_chooses(token: str) -> AnyResponse:
    """The client ticks, stops all, or has the mailbox say so."""
    return _change(follow_client_link(token))


@stopping.get("/u/s/<token>")
@public
@by_machines_too
def coach(token: str) -> str:
    """What an owner or a coach gets."""
    return _page(follow_coach_link(token))


@stopping.post("/u/s/<token>")
@public
@by_machines_too
def coach_chooses(token: str) -> AnyResponse:
    """The owner or the coach ticks, stops all, or has the mailbox say so."""
    return _change(follow_coach_link(token))


def _page(subscriber: Subscriber) -> str:
    off, offered = switched_off(subscriber.reader), kinds_on_offer(staff=subscriber.reader.is_staff)
    form = MailedRemindersForm.of(offered, formdata=None).fill(off)
    said = request.args.get("said", "")
    return render_template("reminders/unsubscribe.html", subscriber=subscriber, form=form, said=said)


def _change(subscriber: Subscriber) -> AnyResponse:
    """A form that is none of ours changes nothing: some scanners send one, too."""
    if _is_one_click():
        stop_all(subscriber.reader)
        return _stopped(subscriber)
    asked = request.form.get("do", "")
    if asked == "stop":
        stop_all(subscriber.reader)
    elif asked == "save":
        form = MailedRemindersForm.of(kinds_on_offer(staff=subscriber.reader.is_staff))
        want_only(subscriber.reader, form.wanted(), form.kinds)
    return _back(asked)


def _back(asked: str) -> AnyResponse:
    said = asked if asked in ("stop", "save") else None
    return redirect(url_for(_page_of_this(), said=said, **(request.view_args or {})), 303)


def _page_of_this() -> str:
    return (request.endpoint or "").removesuffix("_chooses")


def _is_one_click() -> bool:
    """By whatever kind of form: some providers send the line without saying what it is."""
    name, value = _ONE_CLICK
    return request.form.get(name) == value or request.get_data().strip() == f"{name}={value}".encode()


def _stopped(subscriber: Subscriber) -> Response:
    page = render_template("reminders/unsubscribed.html", subscriber=subscriber, page=_page_of_this())
    return make_response(page, 200)
