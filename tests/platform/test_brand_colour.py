"""A practice's colour can be read in both themes, whichever it is."""

import re
from string import hexdigits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.platform.brand_colour import Shades, contrast, is_colour, shades_of, style_sheet
from coachhub.platform.config import ROOT

CSS = (ROOT / "coachhub/static/app.css").read_text()
COLOURS = st.text(hexdigits, min_size=6, max_size=6).map("#{}".format)
LIES_ON = ("bg", "surface", "sunken", "info-soft")


def _tokens(theme: int) -> dict[str, str]:
    return {name: pair[theme] for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", CSS)}


def _weak(shades: Shades, theme: int) -> list[str]:
    """The pairs that cannot be read well enough."""
    tokens = _tokens(theme)
    pairs = {f"accent on {name}": (shades.accent, tokens[name]) for name in LIES_ON}
    pairs |= {"accent on soft": (shades.accent, shades.soft), "hover on surface": (shades.hover, tokens["surface"])}
    pairs |= {"on accent": (shades.on, shades.accent), "on hover": (shades.on, shades.hover)}
    pairs |= {"text on soft": (tokens["text"], shades.soft)}
    return [name for name, pair in pairs.items() if contrast(*pair) < 4.5]


@given(COLOURS)
def test_it_reaches_the_contrast_in_both_themes(colour: str) -> None:
    light, dark = shades_of(colour)
    assert _weak(light, 0) == []
    assert _weak(dark, 1) == []


def test_it_leaves_a_colour_that_can_be_read_as_it_is() -> None:
    light, _ = shades_of("#0b6b5d")
    assert light.accent == "#0b6b5d"


@given(COLOURS)
def test_it_writes_a_style_sheet_of_colours_and_nothing_else(colour: str) -> None:
    assert re.fullmatch(r":root \{( --[\w-]+: light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\);){4} \}\n", style_sheet(colour))


@pytest.mark.parametrize("text", ["", "red", "#12345", "#1234567", "#12345g", "12345\n", "#123456;"])
def test_it_takes_nothing_else_for_a_colour(text: str) -> None:
    assert not is_colour(text)
