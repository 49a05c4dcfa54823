"""The messages of a client and of the practice, and sending one again of which nobody knows."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.clients.service.records import client_of
from coachhub.platform.guards import for_staff
from coachhub.platform.language import zone_words
from coachhub.platform.web import asked_page
from coachhub.reminders import wording
from coachhub.reminders.kinds import KINDS
from coachhub.reminders.kinds.zones import zone_named
from coachhub.reminders.service.messages import Outbox, Pile, message_of, messages_of
from coachhub.reminders.service.messages import outbox as outbox_of
from coachhub.reminders.service.resending import send_again as send_message_again
from coachhub.reminders.service.suppressions import count_suppressed
from coachhub.reminders.views.message_pages import asked_id, pages


@pages.get("/clients/<uuid:client_id>/messages")
@for_staff
def of_client(client_id: UUID) -> ResponseReturnValue:
    """What was written to a client, what became of it, and what waits."""
    record, page = client_of(client_id), asked_page()
    lines, has_more = messages_of(client_id, page)
    place = zone_words(zone_named(record.time_zone))
    return render_template(
        "reminders/messages.html", client=record, lines=lines, page=page, has_more=has_more, place=place
    )


@pages.get("/settings/outbox")
@for_staff
def outbox() -> ResponseReturnValue:
    """Every message of the practice, with an address for each filter."""
    state, kind, before = request.args.get("state", ""), request.args.get("kind", ""), asked_id("before")
    pile = Pile(state) if state in set(Pile) else None
    kind = kind if kind in KINDS else ""
    found = outbox_of(pile, kind or None, before)
    return render_template(
        "reminders/outbox.html",
        found=found,
        filters=_filters(found, pile, kind),
        pile=pile,
        kind=kind,
        kinds=sorted((wording.title_of(name), name) for name in KINDS),
        before=before,
        stopped=count_suppressed(),
    )


def _filters(found: Outbox, pile: Pile | None, kind: str) -> list[tuple[str, str, bool, str | None]]:
    """All, then trouble, then what waits, then each state."""
    counts = {Pile.TROUBLE: wording.count_words(found.trouble), Pile.WAITING: wording.count_words(found.waiting)}
    everything = (url_for("messages.outbox", kind=kind or None), _("All"), pile is None, None)
    each = [
        (
            url_for("messages.outbox", state=one.value, kind=kind or None),
            wording.pile_words(one),
            pile is one,
            counts.get(one),
        )
        for one in Pile
    ]
    return [everything, *each]


@pages.get("/settings/outbox/<uuid:message_id>")
@for_staff
def message(message_id: UUID) -> ResponseReturnValue:
    """One message with all that is known of it; where nothing is known for an hour, it can be sent again."""
    found = message_of(message_id)
    return render_template("reminders/message.html", found=found, line=found.line)


@pages.post("/settings/outbox/<uuid:message_id>/again")
@for_staff
def send_again(message_id: UUID) -> ResponseReturnValue:
    """Send a message again; a second click finds it on its way."""
    if send_message_again(message_id):
        flash(_("It is on its way again."))
    else:
        flash(_("It was not sent again: it is on its way already, or we know by now what became of it."), "info")
    return redirect(url_for("messages.message", message_id=message_id), 303)
