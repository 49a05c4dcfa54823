"""What the templates of a coach's set-up may say and ask."""

from collections.abc import Callable
from functools import cache

from flask import url_for

from coachhub.booking.views.pages import pages
from coachhub.booking.wording import hours, office
from coachhub.platform.links import address_of


@pages.context_processor
@cache
def _words() -> dict[str, Callable[..., object]]:
    found = {name: getattr(hours, name) for name in vars(hours) if name.endswith("_words")}
    found |= {name: getattr(office, name) for name in ("status_words", "offering_words", "package_words")}
    return {**found, "link_of": link_of, "package_link_of": package_link_of}


def link_of(practice_slug: str, offering_slug: str) -> str:
    """The address of an offering's booker, for links that are sent by hand."""
    return address_of(url_for("booking.book", slug=practice_slug, offering=offering_slug))


def package_link_of(practice_slug: str, package_slug: str) -> str:
    """The address at which a package is bought, for links that are sent by hand."""
    return address_of(url_for("payments.package", slug=practice_slug, package=package_slug))
