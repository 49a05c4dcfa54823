"""What all pages for visitors share: whose they are, by whose clock times are told, and how often one may try."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, make_response, request
from markupsafe import Markup, escape

from coachhub.accounts.service.places import guess_place, names_territory
from coachhub.booking.service.taken import Ahead
from coachhub.booking.service.visiting import (
    Bookable,
    PublicPage,
    Span,
    enter_offering,
    enter_practice,
    visit_practice,
)
from coachhub.booking.views.month import written_instant
from coachhub.booking.views.pages import pages
from coachhub.booking.wording import visitors
from coachhub.booking.wording.terms import booking_terms_words, terms_words
from coachhub.platform import clock
from coachhub.platform.identity import Identity, identity
from coachhub.platform.limits import account_named, limiter
from coachhub.platform.links import address_of
from coachhub.platform.private_pages import keep_private
from coachhub.platform.tenancy import current_practice
from coachhub.platform.zones import is_zone, present_name, zone_choices, zone_or

View = TypeVar("View", bound=Callable[..., Any])
_COOKIE = "zone"


@pages.context_processor
def _words() -> dict[str, Callable[..., object]]:
    return {
        "address_of": address_of,
        "length_words": visitors.length_words,
        "good_for_words": visitors.good_for_words,
        "price_words": visitors.price_words,
        "sessions_words": visitors.sessions_words,
        "place_words": visitors.place_words,
        "place_of": visitors.place_of,
        "comes_back_words": visitors.comes_back_words,
        "terms_words": terms_words,
        "booking_terms_words": booking_terms_words,
        "written_instant": written_instant,
        "kept_in_zone_form": kept_in_zone_form,
    }


@dataclass(frozen=True)
class Clock:
    """By whose clock a page tells times. `asked`: as the address says; `is_guess`: nobody has said so yet."""

    zone: ZoneInfo
    asked: str | None
    is_guess: bool


def enter(slug: str) -> None:
    """Bind this request to the practice at the address, and to the signed-in person where it is theirs."""
    enter_practice(slug, *_whose())


def visit(slug: str) -> PublicPage:
    """As `enter`, and the practice page. Raises NotFound where the practice has closed it."""
    return visit_practice(slug, *_whose(), clock.now())


def enter_booker(slug: str, offering: str, looks: Span | None = None) -> tuple[Bookable, Ahead | None]:
    """As `enter`, and what can be booked at the address, with the times that the visitor looks at. Raises NotFound."""
    return enter_offering(slug, offering, *_whose(), looks)


def _whose() -> tuple[UUID | None, UUID | None]:
    """The signed-in person, and their practice."""
    person = identity()
    return (person.user_id, person.practice_id) if person else (None, None)


def client_here() -> Identity | None:
    """The signed-in client of the practice that this request is bound to; None for anybody else."""
    person = identity()
    is_here = person is not None and person.client_id is not None and person.practice_id == current_practice()
    return person if is_here else None


def clock_of_reader(otherwise: str) -> Clock:
    """By whose clock to tell times: as asked for, the signed-in person's, the browser's, or a guess.

    A browser that names no country is taken to be in the zone `otherwise`.
    """
    asked = asked_zone()
    if asked is not None:
        return Clock(ZoneInfo(asked), asked, is_guess=False)
    person = identity()
    if person is not None:
        return Clock(person.zone, None, is_guess=False)
    told = request.cookies.get(_COOKIE, "").replace("%2F", "/")
    return Clock(ZoneInfo(zone_or(told, _guessed(otherwise))), None, is_guess=not is_zone(told))


def asked_zone() -> str | None:
    """The zone in the address or the form, as it is called today; None where there is none, or nonsense."""
    asked = request.values.get("zone", "")
    return present_name(asked) if is_zone(asked) else None


def _guessed(otherwise: str) -> str:
    languages = [tag for tag, _quality in request.accept_languages]
    if not names_territory(languages):
        return otherwise
    return guess_place(languages, None, clock.now().date()).time_zone


@lru_cache(maxsize=128)
def zone_options(zone: ZoneInfo) -> Markup:
    """The choices of a select of zones, one of them chosen. They are many, so they are written once."""
    chosen = _option(zone.key)
    known = _options() if chosen in _options() else f"{chosen}{escape(zone.key)}</option>{_options()}"
    return Markup(known.replace(chosen, chosen[:-1] + " selected>"))  # noqa: S704 (escaped where it was written)


@cache
def _options() -> str:
    return "".join(f"{_option(key)}{escape(label)}</option>" for key, label in zone_choices())


def _option(key: str) -> str:
    return f'<option value="{escape(key)}">'


def kept_in_zone_form() -> list[tuple[str, str]]:
    """What the form that changes the zone carries on."""
    return [(name, request.args[name]) for name in ("coach", "month", "day", "at") if request.args.get(name)]


def asked_id(name: str) -> UUID | None:
    """An id in the address or the form; None where there is none, or nothing that could be one."""
    try:
        return UUID(request.values.get(name, "")[:40])
    except ValueError:
        return None


def secret(view: View) -> View:
    """A page behind a secret address: no search engine keeps it, and no other site hears of it."""

    @wraps(view)
    def kept(*arguments: Any, **named: Any) -> Response:
        return keep_private(make_response(view(*arguments, **named)))

    return kept  # type: ignore[return-value]


def few_bookings(view: View) -> View:
    """Sixty tries an hour from one address, which a company may share, and twenty for one e-mail address."""
    by_account = limiter.limit("20 per hour", key_func=account_named, methods=["POST"])
    return limiter.limit("60 per hour", methods=["POST"])(by_account(view))  # type: ignore[return-value]
