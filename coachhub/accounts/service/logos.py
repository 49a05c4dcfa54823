"""The logo of a practice: on its page, and at the top of its documents."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from coachhub.accounts.models import PracticeLogo
from coachhub.accounts.service import audit
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.pictures import Picture, clean_picture
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class LogoMark:
    """That there is a logo, how large it is in pixels, and since when it is this one: enough for a page to show it."""

    width: int
    height: int
    changed_at: datetime

    @property
    def version(self) -> str:
        """Another one after each change: part of its address, so that browsers may keep it."""
        return f"{round(self.changed_at.timestamp() * 1000):x}"


def keep_logo(content: bytes) -> None:
    """Take the picture in a file as the logo of the bound practice. Raises UnfitPicture."""
    picture = clean_picture(content)
    values = {
        "image": picture.content,
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "changed_at": clock.now(),
    }
    written = insert(PracticeLogo).values(practice_id=current_practice(), **values)
    db.session.execute(written.on_conflict_do_update(index_elements=["practice_id"], set_=values))
    audit.note("logo_changed", current_practice())


def remove_logo() -> None:
    """Go without a logo; again it changes nothing."""
    db.session.execute(delete(PracticeLogo).where(PracticeLogo.practice_id == current_practice()))
    audit.note("logo_removed", current_practice())


def logo_mark() -> LogoMark | None:
    """How the bound practice's logo is shown; None where there is none."""
    columns = (PracticeLogo.width, PracticeLogo.height, PracticeLogo.changed_at)
    row = db.session.execute(select(*columns).where(PracticeLogo.practice_id == current_practice())).one_or_none()
    return LogoMark(*row) if row else None


def logo_picture() -> Picture | None:
    """The bound practice's logo; None where there is none."""
    columns = (PracticeLogo.image, PracticeLogo.media_type, PracticeLogo.width, PracticeLogo.height)
    row = db.session.execute(select(*columns).where(PracticeLogo.practice_id == current_practice())).one_or_none()
    return Picture(*row) if row else None
