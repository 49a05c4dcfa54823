"""The page of a month for visitors. Two who would see the same see the same page: it is written once."""

from dataclasses import dataclass
from functools import lru_cache

from flask import render_template, request, session
from flask_babel import get_locale

from coachhub.booking.views.asked import Visit
from coachhub.booking.views.free_times import FreeTimes
from coachhub.booking.views.visit import client_here, kept_in_zone_form, zone_options
from coachhub.platform import clock
from coachhub.platform.identity import identity
from coachhub.platform.links import address_of


@dataclass(frozen=True)
class MonthPage:
    """What the page of a month depends on, and nothing else does. Its free times are found anew for each visitor.

    `kept` is what the form that changes the zone carries on, `month` the month as the address has it. `introduces`:
    the offering is described, too. `root` is where the application is; `locale` and `this_year` decide how it is
    written.
    """

    visit: Visit
    times: FreeTimes
    address: str
    kept: tuple[tuple[str, str], ...]
    month: str | None
    introduces: bool
    root: str
    locale: str
    this_year: int


def month_page(visit: Visit, times: FreeTimes) -> str:
    """The page. Whoever is signed in, or is to be told something once, has one of their own."""
    page = MonthPage(
        visit=visit,
        times=times,
        address=address_of(f"/p/{visit.found.practice.slug}/{visit.found.offering.slug}"),
        kept=tuple(kept_in_zone_form()),
        month=request.args.get("month"),
        introduces=not request.args,
        root=request.root_path,
        locale=str(get_locale() or "en"),
        this_year=clock.now().year,
    )
    is_like_others = identity() is None and "_flashes" not in session
    return _written(page) if is_like_others else _write(page)


def _write(page: MonthPage) -> str:
    visit = page.visit
    return render_template(
        "booking/month.html",
        page=page,
        visit=visit,
        times=page.times,
        practice=visit.found.practice,
        offering=visit.found.offering,
        reader=visit.reader,
        way=visit.way,
        zone_options=zone_options(visit.reader.zone),
        address=page.address,
        client=client_here(),
    )


_written = lru_cache(maxsize=128)(_write)
"""A page takes some 40 kB."""
