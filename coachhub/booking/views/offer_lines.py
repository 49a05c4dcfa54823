"""An offering as it stands on the practice page, written once: visitors read the same until its next time is taken."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from coachhub.booking.service.offers import PackageRow
from coachhub.booking.service.visiting import OfferingOnPage
from coachhub.booking.views.month import written_instant
from coachhub.booking.wording.visitors import good_for_words, length_words, price_words, sessions_words
from coachhub.platform.language import date_words, time_words
from coachhub.platform.markdown import as_html
from coachhub.platform.written_once import WrittenOnce


@dataclass(frozen=True, slots=True)
class PackageLine:
    """A package of the offering: `url` is where it is bought, empty where it costs nothing."""

    title: str
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class NextTime:
    """The next time that is free: where it is booked, and when it is."""

    url: str
    instant: str
    words: str


@dataclass(frozen=True, slots=True)
class OfferLine:
    """What stands in the card."""

    url: str
    title: str
    length: str
    price: str
    about: Markup | str
    packages: tuple[PackageLine, ...]
    next_free: NextTime | None
    label: str


def offer_line(offer: OfferingOnPage, slug: str, zone: str, _year: int) -> OfferLine:
    """For those who live by the clock of a zone. A day is written with its year where it is not the running one."""
    offering = offer.offering
    url = url_for("booking.book", slug=slug, offering=offering.slug)
    return OfferLine(
        url=url,
        title=offering.title,
        length=length_words(offering.minutes),
        price=price_words(offering.price, offering.currency),
        about=as_html(offering.description) if offering.description else "",
        packages=tuple(_package_line(package, slug) for package in offer.packages),
        next_free=_next_time(offer, url, zone),
        label=_("See all times: %(title)s", title=offering.title),
    )


def _package_line(package: PackageRow, slug: str) -> PackageLine:
    url = url_for("payments.package", slug=slug, package=package.slug) if package.price else ""
    words = f"{sessions_words(package.sessions)}, {price_words(package.price, package.currency)}"
    if package.valid_days:
        words += f" ({_('good for %(span)s', span=good_for_words(package.valid_days))})"
    return PackageLine(package.title, url, words)


def _next_time(offer: OfferingOnPage, url: str, zone: str) -> NextTime | None:
    if offer.next_free is None:
        return None
    at = offer.next_free.starts_at
    words = f"{date_words(at, zone)}, {time_words(at, zone)}"
    return NextTime(f"{url}?at={written_instant(at)}", at.isoformat(), words)


OFFER_LINES = WrittenOnce("booking/offer_parts.html", "card", offer_line, most=4096)
