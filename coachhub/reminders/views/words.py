"""The words of one reminder: read, tried, changed, and put back."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.platform.guards import for_owner, for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.limits import browser_signed_in, limiter
from coachhub.reminders.captions import caption_of
from coachhub.reminders.forms.words import WordsForm
from coachhub.reminders.kinds.kind import Recipient
from coachhub.reminders.service.practice_rules import (
    Words,
    forget_words,
    keep_words,
    our_words,
    rule_of,
    script_of,
)
from coachhub.reminders.service.samples import Sample, send_test, write_sample
from coachhub.reminders.views.dev_outbox import A_MAIL_ALONE
from coachhub.reminders.views.pages import pages

_few_tests = limiter.limit("30 per hour", key_func=browser_signed_in, methods=["POST"])


@pages.get("/settings/messages/<kind>")
@for_staff
def message(kind: str) -> str:
    words = _words_now(kind)
    return _page(kind, _form(kind, formdata=None).fill(words), _sample(kind, words))


@pages.post("/settings/messages/<kind>")
@for_owner
def save_message(kind: str) -> ResponseReturnValue:
    form = _form(kind)
    if not form.validate():
        return _page(kind, form, None), 422
    keep_words(kind, form.written())
    flash(_("Saved. The next mails say it so."))
    return redirect(url_for("reminders.message", kind=kind), 303)


@pages.post("/settings/messages/<kind>/preview")
@for_owner
def preview_message(kind: str) -> ResponseReturnValue:
    """How it would read; nothing is saved. Half-written words are no fault while somebody types."""
    form = _form(kind)
    if not form.validate():
        return _page(kind, form, None), 200 if "HX-Request" in request.headers else 422
    return _page(kind, form, _sample(kind, form.written()))


@pages.get("/settings/messages/<kind>/mail")
@for_staff
def whole_mail(kind: str) -> Response:
    """The mail as a mailbox shows it, in the words as they are."""
    return _alone(_sample(kind, _words_now(kind)))


@pages.post("/settings/messages/<kind>/mail")
@for_owner
def whole_mail_as_written(kind: str) -> ResponseReturnValue:
    """The mail as a mailbox shows it, in words that are not saved."""
    form = _form(kind)
    return _alone(_sample(kind, form.written())) if form.validate() else (_page(kind, form, None), 422)


@pages.post("/settings/messages/<kind>/test")
@_few_tests
@for_owner
def try_message(kind: str) -> ResponseReturnValue:
    """Save, and send one with made-up facts to whoever pressed the button: a row of the outbox holds no words."""
    form = _form(kind)
    if not form.validate():
        return _page(kind, form, None), 422
    keep_words(kind, form.written())
    person = signed_in_as()
    send_test(kind, person.user_id, form.asked_id())
    flash(_("Saved, and a test is on its way to %(address)s.", address=person.email))
    return redirect(url_for("reminders.message", kind=kind), 303)


@pages.post("/settings/messages/<kind>/ours")
@for_owner
def forget_message(kind: str) -> ResponseReturnValue:
    """Back to our words."""
    forget_words(kind)
    flash(_("These are our words again."))
    return redirect(url_for("reminders.message", kind=kind), 303)


def _form(kind: str, **given: object) -> WordsForm:
    return WordsForm(script_of(kind).sample(), **given)


def _words_now(kind: str) -> Words:
    return rule_of(kind).own or our_words(kind)


def _sample(kind: str, words: Words) -> Sample:
    person = signed_in_as()
    to = Recipient(person.email, person.name, person.locale, person.zone)
    return write_sample(kind, to, person.practice_name, words)


def _alone(sample: Sample) -> Response:
    """A mail's own styles stand in it, so it is shown alone, where nothing may run and nothing be sent."""
    page = make_response(sample.mail.html)
    page.headers["Content-Security-Policy"] = A_MAIL_ALONE
    return page


def _page(kind: str, form: WordsForm, sample: Sample | None) -> str:
    return render_template(
        "reminders/words.html",
        kind=kind,
        words=caption_of(kind),
        rule=rule_of(kind),
        ours=our_words(kind),
        form=form,
        sample=sample,
    )
