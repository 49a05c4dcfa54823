"""Pictures that people upload: what is taken, what is not, and what is kept of it."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from coachhub.platform.pictures import MOST_BYTES, Unfit, UnfitPicture, clean_picture
from tests.platform.drawn import drawn

SECRET = b"taken at home"


def _opened(content: bytes) -> Any:
    return Image.open(BytesIO(content))


def _why(content: bytes) -> Unfit:
    with pytest.raises(UnfitPicture) as refused:
        clean_picture(content)
    return refused.value.why


def _bomb(side: int) -> bytes:
    """A PNG that says it is enormous, in a few bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("JPEG", "L")]
)
def test_it_takes_png_and_jpeg(kind: str, mode: str) -> None:
    kept = clean_picture(drawn(kind, (300, 100), mode))
    assert (kept.width, kept.height) == (300, 100)
    assert _opened(kept.content).size == (300, 100)
    assert Image.MIME[_opened(kept.content).format] == kept.media_type


def test_it_makes_a_large_one_smaller_and_keeps_its_shape() -> None:
    kept = clean_picture(drawn("PNG", (3000, 1000)))
    assert (kept.width, kept.height) == (1000, 333)


def test_it_keeps_what_shows_through() -> None:
    assert _opened(clean_picture(drawn("PNG", (300, 100), "RGBA")).content).mode == "RGBA"


def test_it_keeps_nothing_but_the_picture() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    found = drawn("JPEG", (300, 100), exif=exif, comment=SECRET) + SECRET
    assert found.count(SECRET) == 3
    assert SECRET not in clean_picture(found).content


def test_it_turns_a_picture_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = clean_picture(drawn("JPEG", (300, 100), exif=exif))
    assert (kept.width, kept.height) == (100, 300)


def test_it_says_why_it_takes_no_other_file() -> None:
    assert _why(b"<svg xmlns='http://www.w3.org/2000/svg'/>") is Unfit.NO_PICTURE
    assert _why(drawn("GIF", (300, 100), "P")) is Unfit.NO_PICTURE
    assert _why(drawn("PNG", (300, 100))[:200]) is Unfit.NO_PICTURE
    assert _why(drawn("PNG", (300, 10))) is Unfit.TOO_SMALL
    assert _why(b"x" * (MOST_BYTES + 1)) is Unfit.TOO_BIG


@pytest.mark.parametrize("side", [7_000, 60_000])
def test_it_unpacks_no_picture_of_many_pixels(side: int) -> None:
    assert _why(_bomb(side)) is Unfit.TOO_MANY_PIXELS


@given(st.binary(max_size=300), st.integers(0, 250))
def test_it_refuses_a_broken_file_calmly(rubbish: bytes, at: int) -> None:
    whole = drawn("PNG", (60, 60))
    with suppress(UnfitPicture):
        clean_picture(whole[:at] + rubbish + whole[at + len(rubbish) :])
