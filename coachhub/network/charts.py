"""The pictures of a network: its strength by months as a line, its friends in four rings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from math import floor, log10

from babel.numbers import format_decimal
from flask import url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from coachhub.network.rules import (
    MOST_DOTS,
    Facts,
    Kind,
    Network,
    Warmth,
    network_on,
    place_in_rings,
    ring_edges,
    warmth,
)
from coachhub.network.service.strength import Dot
from coachhub.network.wording import warmth_words
from coachhub.platform.language import month_words

_RADIUS = 150
_STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
_EXAMPLE_SILENCES = (12, 45, 100, 150, 230, 300, 420, 640, 1000)


@dataclass(frozen=True, slots=True)
class Point:
    """A month of the line, with the strength at its end."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class StrengthLine:
    """Strength by months; `top` is the round number at the upper end of the axis."""

    points: tuple[Point, ...]
    top: float
    words: str


@dataclass(frozen=True, slots=True)
class RingDot:
    """A friend as a dot; x and y count from the middle of the picture."""

    state: str
    x: float
    y: float
    url: str
    name: str
    state_words: str


@dataclass(frozen=True, slots=True)
class Ring:
    """One ring: its outer edge, the middle of its band (where its number stands), its count in words."""

    state: str
    state_words: str
    edge: float
    middle: float
    count: str


@dataclass(frozen=True, slots=True)
class Rings:
    """The four rings, innermost first; without dots where there are too many to tell apart."""

    rings: tuple[Ring, ...]
    dots: tuple[RingDot, ...]
    words: str


def strength_line(network: Network) -> StrengthLine:
    """The strength at the end of each month, rounded as it is shown."""
    points = tuple(Point(month_words(each.day), round(each.value, 1)) for each in network.months)
    return StrengthLine(points, axis_top(point.value for point in points), change_words(network))


def axis_top(values: Iterable[float]) -> float:
    """The smallest round number that reaches every value; at least 1."""
    most = max([1.0, *values])
    power = 10.0 ** floor(log10(most))
    return next(step * power for step in _STEPS if step * power >= most)


def change_words(network: Network) -> str:
    """What the year has changed, in a line."""
    now, change = number_words(network.strength), round(network.change, 1)
    if change > 0:
        return str(_("%(now)s now, %(more)s more than a year ago", now=now, more=number_words(change)))
    if change < 0:
        less = number_words(-change)
        return str(_("%(now)s now, %(less)s less than a year ago; each hello adds to it", now=now, less=less))
    return str(_("%(now)s now, as a year ago", now=now))


def number_words(value: float) -> str:
    """`6.4`, as the reader writes numbers."""
    return _number(round(value, 1), str(get_locale() or "en"))


@lru_cache(maxsize=4096)
def _number(value: float, locale: str) -> str:
    """Remembered: a page or a report has many small numbers, and often the same ones."""
    return str(format_decimal(value, locale=locale))


def rings_of(network: Network, dots: Sequence[Dot]) -> Rings:
    """The four rings with their counts, and the dots where everybody has one."""
    edges = ring_edges()
    rings = tuple(
        Ring(
            state.value,
            warmth_words(state),
            edge=edge * _RADIUS,
            middle=(inner + edge) / 2 * _RADIUS if inner else 0,
            count=number_words(count),
        )
        for (state, count), inner, edge in zip(network.by_warmth, (0.0, *edges), edges, strict=False)
    )
    drawn = tuple(_dot(dot) for dot in dots) if network.friends <= MOST_DOTS else ()
    return Rings(rings, drawn, _rings_words(network))


def _dot(dot: Dot) -> RingDot:
    place = dot.place
    url = url_for("network.friend", friend_id=dot.id)
    x, y = round(place.x * _RADIUS, 1), round(place.y * _RADIUS, 1)
    return RingDot(place.state.value, x, y, url, dot.name, warmth_words(place.state))


def example(today: date) -> tuple[Rings, StrengthLine]:
    """What the page will show: a made-up network of nine, for the empty page."""
    facts = [
        Facts(4, Kind.COLLEAGUE, number % 4, None, None, today - timedelta(days=700), (today - timedelta(days=days),))
        for number, days in enumerate(_EXAMPLE_SILENCES)
    ]
    network = network_on(facts, today)
    places = [place_in_rings(number, warmth(each.contacts[0], None, today)) for number, each in enumerate(facts, 1)]
    dots = [RingDot(place.state.value, place.x * _RADIUS, place.y * _RADIUS, "", "", "") for place in places]
    return replace(rings_of(network, []), dots=tuple(dots)), strength_line(network)


def _rings_words(network: Network) -> str:
    counts = dict(network.by_warmth)
    asleep = counts[Warmth.HIBERNATING] + counts[Warmth.FADING]
    friends = ngettext("%(n)s friend", "%(n)s friends", network.friends, n=number_words(network.friends))
    return str(
        _(
            "%(friends)s: %(awake)s awake, %(drowsy)s drowsy, %(asleep)s asleep and worth waking",
            friends=friends,
            awake=number_words(counts[Warmth.AWAKE]),
            drowsy=number_words(counts[Warmth.DROWSY]),
            asleep=number_words(asleep),
        )
    )
