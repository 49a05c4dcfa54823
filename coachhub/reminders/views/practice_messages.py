"""The messages of a practice: which reminders go out, in whose words, and when nobody is disturbed."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.platform.guards import for_owner, for_staff
from coachhub.reminders.captions import Caption, caption_of, hours_words, in_reading_order
from coachhub.reminders.forms.quiet_hours import QuietHoursForm
from coachhub.reminders.kinds import KINDS
from coachhub.reminders.service.practice_rules import Rule, rules, switch_kind
from coachhub.reminders.service.quiet_hours import keep_practice_quiet, practice_quiet
from coachhub.reminders.views.pages import pages


@dataclass(frozen=True)
class _Line:
    rule: Rule
    words: Caption


@pages.get("/settings/messages")
@for_staff
def messages() -> str:
    return _page()


@pages.post("/settings/messages/quiet")
@for_owner
def save_practice_quiet_hours() -> ResponseReturnValue:
    form = QuietHoursForm()
    if not form.validate():
        return _page(form), 422
    keep_practice_quiet(form.quiet())
    flash(_("The quiet hours are saved."))
    return redirect(url_for("reminders.messages"), 303)


@pages.post("/settings/messages/<kind>/switch")
@for_owner
def switch_message(kind: str) -> ResponseReturnValue:
    """The form says which way, so that a second click does nothing."""
    is_on = request.form.get("on") == "yes"
    switch_kind(kind, on=is_on)
    title = caption_of(kind).title
    flash(
        _("“%(title)s” goes out again, from now on.", title=title)
        if is_on
        else _("“%(title)s” goes out no more.", title=title)
    )
    return redirect(url_for("reminders.messages"), 303)


def _page(quiet: QuietHoursForm | None = None) -> str:
    kept, hours = {rule.kind: rule for rule in rules()}, practice_quiet()
    lines = [_Line(kept[kind], caption_of(kind)) for kind in in_reading_order(kept)]
    return render_template(
        "reminders/practice_messages.html",
        to_clients=[line for line in lines if not KINDS[line.rule.kind].to_staff],
        to_staff=[line for line in lines if KINDS[line.rule.kind].to_staff],
        quiet=quiet or QuietHoursForm(formdata=None).fill(hours),
        hours=hours_words(hours.start, hours.end),
    )
