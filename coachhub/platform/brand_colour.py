"""A practice's brand colour on our pages: made darker or lighter until it can be read in both themes.

Pure: the standard library. Colours are text such as `#0b6b5d`; contrast is that of WCAG 2.2 (1.4.3).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

OWN_COLOUR = "#0b6b5d"
LEAST_CONTRAST = 4.5
_STEPS = 64
_HOVER, _SOFT_LIGHT, _SOFT_DARK = 0.22, 0.12, 0.2
_WRITTEN = re.compile(r"#?[0-9a-fA-F]{6}")
# What a colour lies on in each theme, as app.css has it: page, card, sunken part, and the blue of a note.
_LIGHT = ("#f7f6f3", "#ffffff", "#eeece6", "#e3ecfa")
_DARK = ("#12171a", "#1a2125", "#0e1215", "#1a2a44")
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)

Channels = tuple[int, int, int]


@dataclass(frozen=True)
class Shades:
    """The colours that stand in for the accent in one theme; `on` is for words on it."""

    accent: str
    hover: str
    on: str
    soft: str


def is_colour(text: str) -> bool:
    """Whether it is a colour as we keep it: six hexadecimal digits, with # or without."""
    return _WRITTEN.fullmatch(text) is not None


def shades_of(colour: str) -> tuple[Shades, Shades]:
    """The colour for the light and for the dark theme, at least 4.5 to 1 against all that it lies on.

    One that can be read already stays as it is.
    """
    wanted = _channels(colour)
    return _shades(wanted, _BLACK, _LIGHT, _SOFT_LIGHT), _shades(wanted, _WHITE, _DARK, _SOFT_DARK)


@lru_cache(maxsize=256)
def ink_of(colour: str | None) -> str:
    """The colour on white paper; ours where a practice has none."""
    return shades_of(colour if colour and is_colour(colour) else OWN_COLOUR)[0].accent


def style_sheet(colour: str) -> str:
    """The rule that puts the colour in the place of the accent; outside of any layer, so that it wins."""
    light, dark = shades_of(colour)
    pairs = {
        "accent": (light.accent, dark.accent),
        "accent-hover": (light.hover, dark.hover),
        "on-accent": (light.on, dark.on),
        "accent-soft": (light.soft, dark.soft),
    }
    lines = (f"--{name}: light-dark({one}, {other});" for name, (one, other) in pairs.items())
    return f":root {{ {' '.join(lines)} }}\n"


def contrast(one: str, other: str) -> float:
    """How well one colour can be told from the other: from 1 to 21."""
    dim, bright = sorted((_luminance(_channels(one)), _luminance(_channels(other))))
    return (bright + 0.05) / (dim + 0.05)


def _shades(wanted: Channels, towards: Channels, grounds: tuple[str, ...], share: float) -> Shades:
    surface, sunken = _channels(grounds[1]), grounds[2]
    for step in range(_STEPS + 1):
        accent = _mixed(wanted, towards, step / _STEPS)
        soft = _written(_mixed(surface, accent, share))
        if _is_readable(_written(accent), (*grounds, soft)):
            break
    hover = _written(_mixed(accent, towards, _HOVER))
    return Shades(_written(accent), hover, "#ffffff" if towards == _BLACK else sunken, soft)


def _is_readable(colour: str, grounds: Iterable[str]) -> bool:
    return all(contrast(colour, ground) >= LEAST_CONTRAST for ground in grounds)


def _mixed(one: Channels, other: Channels, share: float) -> Channels:
    """The first colour with so much of the other in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _channels(colour: str) -> Channels:
    digits = colour.removeprefix("#")
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _written(channels: Channels) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def _luminance(channels: Channels) -> float:
    red, green, blue = (_linear(channel / 255) for channel in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)
