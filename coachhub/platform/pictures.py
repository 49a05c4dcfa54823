"""Pictures that people upload: read with care, and written anew as nothing but a picture.

What a file says of itself is not believed. Only PNG and JPEG are read; its size in pixels is looked at before any of
them is unpacked; and what we keep has no place, camera, comment or hidden end of the file in it.
"""

from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 4 * 1024 * 1024
MOST_PIXELS = 40_000_000
LEAST_SIDE = 24
FITS = (1000, 500)
_JPEG_QUALITY = 90


class Unfit(StrEnum):
    """Why a file is not taken."""

    TOO_BIG = "too_big"
    NO_PICTURE = "no_picture"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"


class UnfitPicture(Exception):
    """A file that is not taken as a picture, and why."""

    def __init__(self, why: Unfit) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as we wrote it. `width` and `height` are pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def clean_picture(content: bytes) -> Picture:
    """The picture in a file, upright, in sRGB, at most 1,000 by 500 pixels. Raises UnfitPicture."""
    if len(content) > MOST_BYTES:
        raise UnfitPicture(Unfit.TOO_BIG)
    image = _upright(_opened(content))
    if min(image.size) < LEAST_SIDE:
        raise UnfitPicture(Unfit.TOO_SMALL)
    image.thumbnail(FITS)
    return _written(image)


def _opened(content: bytes) -> "Image":
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(BytesIO(content), formats=("PNG", "JPEG"))
        if image.width * image.height > MOST_PIXELS:
            raise UnfitPicture(Unfit.TOO_MANY_PIXELS)
        image.load()
    except Image.DecompressionBombError as error:
        raise UnfitPicture(Unfit.TOO_MANY_PIXELS) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:  # all that a broken file brings about
        raise UnfitPicture(Unfit.NO_PICTURE) from error
    return image


def _upright(image: "Image") -> "Image":
    """As it is meant to be looked at: turned as a camera noted it, and in the colours of a screen."""
    from PIL import ImageOps

    profile = image.info.get("icc_profile")
    turned = ImageOps.exif_transpose(image)
    has_holes = turned.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in turned.info
    return _in_srgb(turned, profile).convert("RGBA" if has_holes else "RGB")


def _in_srgb(image: "Image", profile: bytes | None) -> "Image":
    """A profile that cannot be read is left out of account."""
    from PIL import ImageCms

    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    try:
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        own, screen = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, own, screen, outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _written(image: "Image") -> Picture:
    """As PNG where something shows through or few colours make it small, else whichever file is smaller."""
    as_png = _saved(image, "PNG", optimize=True)
    if image.mode == "RGBA":
        return Picture(as_png, "image/png", *image.size)
    as_jpeg = _saved(image, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    if len(as_png) <= len(as_jpeg):
        return Picture(as_png, "image/png", *image.size)
    return Picture(as_jpeg, "image/jpeg", *image.size)


def _saved(image: "Image", kind: str, **how: object) -> bytes:
    kept = BytesIO()
    plain = image.copy()
    plain.info.clear()  # else a profile or a comment would be written along
    plain.save(kept, kind, **how)
    return kept.getvalue()
