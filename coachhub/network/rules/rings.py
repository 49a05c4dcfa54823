"""Where a friend stands in the four rings of a network: the warmer, the nearer to the middle.

The angle comes from the friend's own number by the golden angle, as seeds stand in a sunflower (Vogel 1979): numbers
that follow each other stand far apart, and nobody's place depends on who else is there, comes, goes or is filtered.
"""

from dataclasses import dataclass
from math import cos, radians, sin, sqrt

from coachhub.network.rules.friendship import AWAKE_FROM, DROWSY_FROM, HIBERNATING_FROM, Warmth, warmth_state

GOLDEN_ANGLE = 137.507764
MOST_DOTS = 150
_GOLDEN_SHARE = 0.6180339887498949
_BOUNDS = (1.0, AWAKE_FROM, DROWSY_FROM, HIBERNATING_FROM, 0.0)
_MIDDLE, _MARGIN = 0.10, 0.10


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the rings; x and y run from -1 to 1 with the middle at 0, y downwards."""

    state: Warmth
    x: float
    y: float


def ring_edges() -> tuple[float, ...]:
    """The outer edge of each ring as a share of the whole, innermost first: the four rings have equal areas."""
    return tuple(sqrt((number + 1) / len(Warmth)) for number in range(len(Warmth)))


def place_in_rings(number: int, value: float, is_known: bool = True) -> Place:
    """Where the friend with this number stands at this warmth.

    The angle is number x 137.507764 degrees. The ring is that of the state; inside it the radius runs with the warmth
    between the ring's bounds, in equal areas, with a margin so that no dot touches an edge. Where nobody knows the
    last contact the warmth is a supposition, the same for all: there the radius comes from the number, too.
    """
    state = warmth_state(value)
    at = list(Warmth).index(state)
    warm, cold = _BOUNDS[at], _BOUNDS[at + 1]
    share = (warm - value) / (warm - cold) if is_known else number * _GOLDEN_SHARE % 1
    share = _MARGIN + (1 - 2 * _MARGIN) * min(max(share, 0.0), 1.0)
    inner, outer = (0.0, *ring_edges())[at], ring_edges()[at]
    radius = max(_MIDDLE, sqrt(inner**2 + share * (outer**2 - inner**2)))
    turn = radians(number * GOLDEN_ANGLE % 360)
    return Place(state, radius * cos(turn), radius * sin(turn))
