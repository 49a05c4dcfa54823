"""What an owner reads of a coupon."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.payments.service.coupon_book import CouponRow
from coachhub.platform.language import date_short, money_words


def off_words(row: CouponRow) -> str:
    """What it takes off: `20% off`, `£10.00 off`."""
    if row.percent is not None:
        return str(_("%(percent)s%% off", percent=row.percent))
    return str(_("%(amount)s off", amount=money_words(row.amount or 0, row.currency or "")))


def coupon_words(row: CouponRow, for_what: str) -> str:
    """What it takes off, of what, and when; `for_what` is the title of the one offering or package, or empty."""
    parts = [off_words(row), for_what or str(_("everything"))]
    if row.first_day or row.last_day:
        parts.append(_days(row.first_day, row.last_day))
    if row.is_once_a_person:
        parts.append(str(_("once for each person")))
    return " · ".join(parts)


def uses_words(row: CouponRow) -> str:
    """How often it was used: `3 of 20 used`, `used once`."""
    if row.most_uses:
        return str(_("%(uses)s of %(most)s used", uses=row.uses, most=row.most_uses))
    if row.uses == 0:
        return str(_("not used yet"))
    return str(ngettext("used once", "used %(num)s times", row.uses))


def coupon_status(row: CouponRow, today: date) -> tuple[str, str]:
    """A key for the chip, and a word: on, off, used up, over, or from when."""
    if row.is_off:
        return "ended", str(_("off"))
    if row.most_uses is not None and row.uses >= row.most_uses:
        return "ended", str(_("used up"))
    if row.last_day and row.last_day < today:
        return "ended", str(_("over"))
    if row.first_day and row.first_day > today:
        return "scheduled", str(_("not yet"))
    return "active", str(_("on"))


def _days(first: date | None, last: date | None) -> str:
    if first and last:
        return f"{date_short(first)} – {date_short(last)}"
    if first:
        return str(_("from %(day)s on", day=date_short(first)))
    return str(_("until %(day)s", day=date_short(last))) if last else ""
