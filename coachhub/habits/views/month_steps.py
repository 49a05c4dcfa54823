"""The steps of the client's month: each form does one thing and leads back to the month."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.habits.forms import MessageForm, PlanForm, TimesForm, moments_in
from coachhub.habits.rules import Month, Question
from coachhub.habits.service.month import month_page
from coachhub.habits.service.steps import choose_friend, commit_plan, drop_choice
from coachhub.habits.service.writing import keep_tone, keep_words, note_answer, propose, send_words
from coachhub.habits.views.month import owner, show
from coachhub.habits.views.pages import pages
from coachhub.network.service.drafts import Channel, Tone
from coachhub.network.service.friends import friend_of, never_suggest, put_off
from coachhub.platform import clock
from coachhub.platform.guards import for_client


@pages.post("/month/plan")
@for_client
def plan() -> ResponseReturnValue:
    mine = owner()
    form = PlanForm(mine)
    if not form.validate():
        return show(mine, Question.PLAN, form=form), 422
    commit_plan(mine, form.day.data, form.at.data, form.doing.data, form.place.data or "")
    flash(_("That is your plan. It stands here in your own words."))
    return _on()


@pages.post("/month/choose/<uuid:friend_id>")
@for_client
def choose(friend_id: UUID) -> ResponseReturnValue:
    choose_friend(owner(), friend_id)
    return _on(ask=Question.WRITE)


@pages.post("/month/not-now/<uuid:friend_id>")
@for_client
def not_now(friend_id: UUID) -> ResponseReturnValue:
    mine = owner()
    name = friend_of(mine, friend_id).first_name
    put_off(mine, friend_id, _in_two_months(mine.today()))
    drop_choice(mine)
    flash(_("%(name)s can wait. We will not suggest them for two months.", name=name))
    return _on(ask=Question.CHOOSE)


@pages.post("/month/never/<uuid:friend_id>")
@for_client
def never(friend_id: UUID) -> ResponseReturnValue:
    mine = owner()
    name = friend_of(mine, friend_id).first_name
    never_suggest(mine, friend_id)
    drop_choice(mine)
    flash(_("We will not suggest %(name)s again. You can change that on their page.", name=name))
    return _on(ask=Question.CHOOSE)


@pages.post("/month/message/<uuid:friend_id>")
@for_client
def message(friend_id: UUID) -> ResponseReturnValue:
    mine, form = owner(), MessageForm()
    friend_of(mine, friend_id)
    if not form.validate():
        return show(mine, Question.WRITE, form=form), 422
    keep_words(mine, friend_id, Tone(form.tone.data), form.subject.data or "", form.body.data)
    flash(_("Kept as you wrote it."))
    return _on(ask=Question.WRITE)


@pages.post("/month/anew/<uuid:friend_id>")
@for_client
def anew(friend_id: UUID) -> ResponseReturnValue:
    mine, tone = owner(), request.form.get("tone", "")
    keep_tone(mine, friend_id, Tone(tone) if tone in set(Tone) else Tone.WARM)
    flash(_("The message is written anew."))
    return _on(ask=Question.WRITE)


@pages.post("/month/times/<uuid:friend_id>")
@for_client
def times(friend_id: UUID) -> ResponseReturnValue:
    mine, form = owner(), TimesForm()
    friend_of(mine, friend_id)
    if not form.validate() or form.is_past(mine.zone, clock.now()):
        return show(mine, Question.WRITE, times=form), 422
    page = month_page(mine, clock.now(), Question.WRITE)
    has_own = propose(mine, page, form.proposal(mine.zone))
    flash(_("Kept. Your own words stay as they are.") if has_own else _("It stands in the message now."))
    return _on(ask=Question.WRITE, **({} if has_own else {"tone": form.tone.data}))


@pages.post("/month/sent/<uuid:friend_id>")
@for_client
def sent(friend_id: UUID) -> ResponseReturnValue:
    mine, form = owner(), MessageForm()
    name = friend_of(mine, friend_id).first_name
    if not form.validate():
        return show(mine, Question.WRITE, form=form), 422
    choose_friend(mine, friend_id)
    moments = moments_in(form.offered.data)
    send_words(mine, friend_id, Tone(form.tone.data), form.text, channel_used(), moments)
    flash(_("Your message to %(name)s is on its way. That was the hard part.", name=name))
    return _on()


def channel_used() -> Channel:
    """The way the message went, as the form says; copied where it says nothing we know."""
    channel = request.form.get("channel", "")
    return Channel(channel) if channel in set(Channel) else Channel.COPY


@pages.post("/month/answer")
@for_client
def answer() -> ResponseReturnValue:
    mine = owner()
    said, page = request.form.get("answer", ""), month_page(mine, clock.now())
    if page.sent is None or said not in ("yes", "no"):  # a second click, or a page that has grown old
        return _on()
    note_answer(mine, page, is_yes=said == "yes")
    if said == "yes":
        return _on(ask=Question.AGREE)
    drop_choice(mine)
    flash(_("It happens, and it was good to write. Here is somebody else."))
    return _on(ask=Question.CHOOSE)


def _on(**values: Any) -> ResponseReturnValue:
    return redirect(url_for("habits.month", **values), 303)


def _in_two_months(today: date) -> date:
    return Month.of(today).plus(2).first_day()
