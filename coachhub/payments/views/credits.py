"""Sessions of packages: paying a booking with one, and what a coach gives a client or takes back."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.booking.service.offers import offerings
from coachhub.booking.service.reading import booking_of
from coachhub.booking.service.visitor_links import follow_booking_link
from coachhub.booking.views.visit import client_here, secret
from coachhub.clients.service.records import client_of
from coachhub.payments.forms.credits import GiveForm, TakeBackForm
from coachhub.payments.service.credits import HoldingRow, book_with_credit, credits_of, holdings_of, settle_with_credit
from coachhub.payments.service.giving_credits import grant_credits, is_taken_back, lines_of, revoke_credits
from coachhub.payments.views.pages import pages
from coachhub.payments.wording import credits as wording
from coachhub.platform import clock
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_staff, public
from coachhub.platform.identity import identity, signed_in_as
from coachhub.platform.private_pages import by_link


@pages.app_context_processor
def _for_other_pages() -> dict[str, object]:
    """The portal and a client's page say what is left; asked for by the template, so that no other page reads it."""
    return {"my_credits": my_credits, "credits_of_client": credits_of_client, "credit_words": wording}


@pages.post("/b/<token>/credit")
@public
@by_link
@secret
def use_credit(token: str) -> ResponseReturnValue:
    """Pay with a session and book: of whoever is signed in, and of nobody else."""
    booking, client = booking_of(follow_booking_link(token)), client_here()
    if client is None or not is_theirs(booking.client_id, booking.email):
        raise NotFound
    book_with_credit(booking.id)
    return redirect(url_for("payments.paid", token=token), 303)


@pages.post("/bookings/<uuid:booking_id>/credit")
@for_staff
def settle_booking(booking_id: UUID) -> ResponseReturnValue:
    """A booking that a coach made is one of the client's sessions."""
    settle_with_credit(booking_id)
    flash(_("One session of the package is used for it."))
    return redirect(url_for("booking.coach_booking", booking_id=booking_id), 303)


@pages.get("/clients/<uuid:client_id>/packages")
@for_staff
def packages_of_client(client_id: UUID) -> ResponseReturnValue:
    """What a client has, and all that came and went."""
    return _page(client_id, _give_form())


@pages.post("/clients/<uuid:client_id>/packages")
@for_staff
def give_credits(client_id: UUID) -> ResponseReturnValue:
    """Give some sessions."""
    client, form = client_of(client_id), _give_form()
    if not form.validate():
        return _page(client_id, form), 422
    grant_credits(client_id, form.gift(), signed_in_as().user_id, form.once.key)
    flash(_("Given: %(name)s can book with it from now on.", name=client.name))
    return _back(client_id)


@pages.get("/clients/<uuid:client_id>/packages/<uuid:holding_id>")
@for_staff
def take_back_page(client_id: UUID, holding_id: UUID) -> ResponseReturnValue:
    """One package, with all that came and went; and taking some of it back."""
    found = _holding(client_id, holding_id)
    return _one(client_id, found, TakeBackForm(found.left))


@pages.post("/clients/<uuid:client_id>/packages/<uuid:holding_id>")
@for_staff
def take_back(client_id: UUID, holding_id: UUID) -> ResponseReturnValue:
    """Take back what is not used."""
    found = _holding(client_id, holding_id)
    form = TakeBackForm(found.left)
    if is_taken_back(holding_id, form.once.key):
        return _back(client_id)
    if not form.validate():
        return _one(client_id, found, form), 422
    revoke_credits(holding_id, form.sessions.data, form.reason.data, form.once.key)
    flash(_("Taken back."))
    return _back(client_id)


def is_theirs(client_id: UUID | None, email: str) -> bool:
    """Whether a booking is of the client who is signed in: made so, or with their address."""
    person = client_here()
    return person is not None and (person.client_id == client_id or (client_id is None and person.email == email))


def my_credits(offering_id: UUID | None = None) -> tuple[HoldingRow, ...]:
    """What the client who is signed in can use, of one offering or of all; nothing for anybody else."""
    person = identity()
    if person is None or person.client_id is None or client_here() is None:
        return ()
    mine = credits_of(person.client_id, clock.now())
    return tuple(row for row in mine if offering_id in (None, row.offering_id))


def credits_of_client(client_id: UUID) -> tuple[HoldingRow, ...]:
    """What a client can use now."""
    return credits_of(client_id, clock.now())


def _give_form() -> GiveForm:
    return GiveForm(offerings(), ZoneInfo(signed_in_as().practice_time_zone))


def _holding(client_id: UUID, holding_id: UUID) -> HoldingRow:
    found = next((row for row in holdings_of(client_id) if row.id == holding_id), None)
    if found is None:
        raise NotFound
    return found


def _page(client_id: UUID, form: GiveForm) -> str:
    client, rows = client_of(client_id), holdings_of(client_id)
    return render_template("payments/packages_of.html", client=client, rows=rows, form=form, now=clock.now())


def _one(client_id: UUID, found: HoldingRow, form: TakeBackForm) -> str:
    client, lines = client_of(client_id), lines_of(found.id)
    return render_template("payments/holding.html", client=client, found=found, lines=lines, form=form)


def _back(client_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("payments.packages_of_client", client_id=client_id), 303)
