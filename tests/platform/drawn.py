"""Pictures drawn for tests."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw


def drawn(kind: str, size: tuple[int, int], mode: str = "RGB", **how: Any) -> bytes:
    """A file with a disc on a coloured ground."""
    image = Image.new(mode, size, (11, 107, 93) if mode == "RGB" else 0)
    ImageDraw.Draw(image).ellipse((0, 0, size[1], size[1]), fill=(168, 75, 11) if mode == "RGB" else 200)
    kept = BytesIO()
    image.save(kept, kind, **how)
    return kept.getvalue()
