"""The demo practice's logo, drawn: two people whose circles overlap."""

from datetime import datetime
from io import BytesIO
from uuid import UUID

from coachhub.accounts.models import PracticeLogo
from coachhub.demo.sheets import Sheets

_HIGH, _SMOOTH = 180, 4
_TEAL, _EMBER, _BOTH = (11, 107, 93, 255), (168, 75, 11, 255), (28, 35, 33, 255)


def write_emblem(sheets: Sheets, practice_id: UUID, now: datetime) -> None:
    """Keep it among the rows of the practice."""
    picture, width = _drawn()
    size = {"width": width, "height": _HIGH}
    sheets.add(PracticeLogo, practice_id=practice_id, image=picture, media_type="image/png", changed_at=now, **size)


def _drawn() -> tuple[bytes, int]:
    """Drawn larger than it is kept, so that its edges are smooth. Returns the file and its width in pixels."""
    from PIL import Image, ImageChops, ImageDraw

    high, width = _HIGH * _SMOOTH, _HIGH * 8 // 5
    discs = []
    for begin in (0, width * _SMOOTH - high):
        disc = Image.new("L", (width * _SMOOTH, high))
        ImageDraw.Draw(disc).ellipse((begin, 0, begin + high - 1, high - 1), fill=255)
        discs.append(disc)
    image = Image.new("RGBA", discs[0].size)
    for colour, disc in zip((_TEAL, _EMBER, _BOTH), (*discs, ImageChops.darker(*discs)), strict=True):
        image.paste(colour, mask=disc)
    kept = BytesIO()
    image.resize((width, _HIGH), Image.Resampling.LANCZOS).save(kept, "PNG", optimize=True)
    return kept.getvalue(), width
