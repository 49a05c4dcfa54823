"""The friend's page: no account, no cookie, nothing that a search engine may keep. The address itself is the key."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from coachhub.network.forms.replies import NoteForm, OtherTimesForm
from coachhub.network.rules import Standing
from coachhub.network.service.calendars import FILE_NAME, meetup_content_type, meetup_file
from coachhub.network.service.owner import Owner
from coachhub.network.service.replies import Outcome, call_off, choose_time, decline, offer_times
from coachhub.network.service.reply_links import follow_reply_link, open_reply, reply_address
from coachhub.network.service.reply_pages import ReplyPage, reply_page, times_at_once
from coachhub.network.views.reply_alike import choices, page_alike
from coachhub.platform import clock
from coachhub.platform.errors import NotFound
from coachhub.platform.forgery import csrf
from coachhub.platform.guards import public
from coachhub.platform.identity import identity
from coachhub.platform.private_pages import by_link, keep_private
from coachhub.platform.web import as_download

letters = Blueprint("replies", __name__)
csrf.exempt(letters)  # who knows the address needs nothing else, and who does not can do nothing
letters.after_request(keep_private)


@letters.errorhandler(NotFound)
def over(error: NotFound) -> ResponseReturnValue:
    """A link that leads nowhere says so in the same words, whatever the reason."""
    return render_template("network/reply/over.html"), 404


@letters.get("/r/<token>")
@public
@by_link
def reply(token: str) -> ResponseReturnValue:
    """How the invitation stands, and what may be answered."""
    user_id, page, at_once = open_reply(token)
    context = _context(page, user_id, token)
    alike = None if context["is_own"] or context["said"] else page_alike(page, token, at_once)
    return alike or render_template("network/reply/page.html", **context, at_once=at_once)


@letters.post("/r/<token>")
@public
@by_link
def choose(token: str) -> ResponseReturnValue:
    """The friend takes a time that is on offer."""
    owner, invitation_id = follow_reply_link(token)
    at = asked_instant()
    return back(token, choose_time(owner, invitation_id, asked_version(), at) if at else Outcome.TAKEN)


@letters.get("/r/<token>/other")
@public
@by_link
def other_page(token: str) -> ResponseReturnValue:
    """Which other time?"""
    owner, invitation_id = follow_reply_link(token)
    page = reply_page(owner, invitation_id)
    if not page.standing.may_change:
        return back(token)
    form = OtherTimesForm(page.zone)
    form.version.data = page.version
    return _other(page, owner, token, form)


@letters.post("/r/<token>/other")
@public
@by_link
def other(token: str) -> ResponseReturnValue:
    """The friend offers up to three other times."""
    owner, invitation_id = follow_reply_link(token)
    page = reply_page(owner, invitation_id)
    form, agreed = OtherTimesForm(page.zone), page.starts_at if page.standing is Standing.AGREED else None
    if not form.validate() or form.is_without_time(form.written_zone(), clock.now(), agreed):
        return _other(page, owner, token, form), 422
    times = form.instants(form.written_zone())
    return back(token, offer_times(owner, invitation_id, form.version.data or 0, times, form.note.data or ""))


def _other(page: ReplyPage, owner: Owner, token: str, form: OtherTimesForm) -> str:
    at_once = times_at_once(owner, page)
    return render_template(
        "network/reply/other.html", **_context(page, owner.user_id, token), form=form, at_once=at_once
    )


@letters.get("/r/<token>/no")
@public
@by_link
def decline_page(token: str) -> ResponseReturnValue:
    """Not this time? Asked once."""
    owner, invitation_id = follow_reply_link(token)
    page = reply_page(owner, invitation_id)
    is_sure = page.standing in (Standing.DECLINED, Standing.AGREED) or not page.standing.may_change
    return back(token) if is_sure else _no(page, owner, token)


@letters.post("/r/<token>/no")
@public
@by_link
def no(token: str) -> ResponseReturnValue:
    """Not this time."""
    owner, invitation_id = follow_reply_link(token)
    form = NoteForm()
    if not form.validate():
        return _no(reply_page(owner, invitation_id), owner, token, form), 422
    return back(token, decline(owner, invitation_id, form.version.data or 0, form.note.data or ""))


def _no(page: ReplyPage, owner: Owner, token: str, form: NoteForm | None = None) -> str:
    return _with_note("network/reply/no.html", page, owner, token, form)


@letters.get("/r/<token>/off")
@public
@by_link
def off_page(token: str) -> ResponseReturnValue:
    """Is it off, or does it only move?"""
    owner, invitation_id = follow_reply_link(token)
    page = reply_page(owner, invitation_id)
    return _off(page, owner, token) if page.standing is Standing.AGREED else back(token)


@letters.post("/r/<token>/off")
@public
@by_link
def off(token: str) -> ResponseReturnValue:
    """The friend cannot come after all."""
    owner, invitation_id = follow_reply_link(token)
    form = NoteForm()
    if not form.validate():
        page = reply_page(owner, invitation_id)
        return (_off(page, owner, token, form), 422) if page.standing is Standing.AGREED else back(token, Outcome.STALE)
    return back(token, call_off(owner, invitation_id, form.version.data or 0, form.note.data or ""))


def _off(page: ReplyPage, owner: Owner, token: str, form: NoteForm | None = None) -> str:
    return _with_note("network/reply/off.html", page, owner, token, form)


def _with_note(template: str, page: ReplyPage, owner: Owner, token: str, form: NoteForm | None) -> str:
    if form is None:
        form = NoteForm()
        form.version.data = page.version
    return render_template(template, **_context(page, owner.user_id, token), form=form)


@letters.get("/r/<token>/calendar.ics")
@public
@by_link
def calendar(token: str) -> ResponseReturnValue:
    """The date for the friend's calendar, as it stands; called off, it takes itself out again."""
    owner, invitation_id = follow_reply_link(token)
    page = reply_page(owner, invitation_id)
    if page.meetup is None:
        raise NotFound
    # Without the friend's name: what the client calls them is the client's own.
    file = meetup_file(page.meetup, "", page.who, reply_address(invitation_id))
    return as_download(file, FILE_NAME, meetup_content_type(page.meetup))


def _context(page: ReplyPage, user_id: UUID, token: str) -> dict[str, object]:
    person = identity()
    is_own = person is not None and person.user_id == user_id
    asked = request_ctx.request
    said = asked.args.get("said", "") if asked.query_string else ""  # without one nothing is taken apart
    return {"page": page, "token": token, "said": said, "is_own": is_own, "choices": choices}


def asked_instant() -> datetime | None:
    """The UTC instant that was tapped; None where it is nothing that we ever wrote."""
    try:
        at = datetime.fromisoformat(request.form.get("at", "")[:40])
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def asked_version() -> int:
    """The version of the page that was tapped on."""
    return request.form.get("version", -1, type=int)


def back(token: str, outcome: Outcome = Outcome.DONE) -> Response:
    """To the page that says how it stands; and why, where it is not as was tapped."""
    said = None if outcome is Outcome.DONE else outcome.value
    return redirect(url_for("replies.reply", token=token, said=said), 303)
