"""Being in touch without a meetup: one tap for today, a form for the rest, and taking it back."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.network.forms import ContactForm
from coachhub.network.service.contacts import forget_contact, note_contact
from coachhub.network.service.friends import friend_of
from coachhub.network.views.pages import back_to, owner, pages
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_client


@pages.post("/friends/<uuid:friend_id>/spoke")
@for_client
def spoke(friend_id: UUID) -> ResponseReturnValue:
    """They spoke today."""
    mine = owner()
    note_contact(mine, friend_id, mine.today())
    flash(_("Good. The friendship is awake."))
    return redirect(back_to("network.friend", friend_id=friend_id), 303)


@pages.get("/friends/<uuid:friend_id>/contacts/add")
@for_client
def contact_page(friend_id: UUID) -> ResponseReturnValue:
    """When and how were they in touch?"""
    mine = owner()
    return render_template("network/contact.html", form=ContactForm(mine), friend=friend_of(mine, friend_id))


@pages.post("/friends/<uuid:friend_id>/contacts/add")
@for_client
def add_contact(friend_id: UUID) -> ResponseReturnValue:
    """Write down a contact that was no meetup."""
    mine = owner()
    form, friend = ContactForm(mine), friend_of(mine, friend_id)
    if not form.validate():
        return render_template("network/contact.html", form=form, friend=friend), 422
    note_contact(mine, friend_id, form.day.data, form.way(), form.note.data or "")
    flash(_("Written down. It counts as a contact with %(name)s.", name=friend.first_name))
    return redirect(back_to("network.friend", friend_id=friend_id), 303)


@pages.post("/contacts/<uuid:contact_id>/delete")
@for_client
def delete_contact(contact_id: UUID) -> ResponseReturnValue:
    """That was a mistake. A second click leads to where the first one did, by the friend in the form."""
    mine = owner()
    friend_id = forget_contact(mine, contact_id)
    if friend_id is not None:
        flash(_("Deleted. The last contact is counted anew."))
        return redirect(url_for("network.friend", friend_id=friend_id), 303)
    friend = request.form.get("friend_id", type=UUID)
    if friend is None:
        raise NotFound
    return redirect(url_for("network.friend", friend_id=friend_of(mine, friend).id), 303)
