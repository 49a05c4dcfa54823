"""A receipt in the buyer's language: all of it text, for the template to set."""

from babel import Locale
from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _

from coachhub.payments.rules.taxes import tax_in
from coachhub.payments.service.receipts import ReceiptRow
from coachhub.platform.language import as_reader, date_short, direction, lang, money_words, time_words
from coachhub.platform.typeset import paper_in

_ISOLATE, _END = "\u2068", "\u2069"


def receipt_words(row: ReceiptRow) -> dict[str, object]:
    """What the receipt says, as its template wants it."""
    with as_reader(row.locale, row.time_zone):
        locale = Locale.parse(str(get_locale() or "en"))
        return {
            "lang": lang().partition("-")[0],
            "dir": direction(),
            "paper": paper_in(locale.territory),
            "title": str(_("Receipt")),
            "number": str(_("No. %(number)s", number=row.number)),
            "date": date_short(row.issued_at),
            "seller": [_typed(row.seller_name), *_lines(row.seller_address)],
            "tax_number": str(_("Tax number: %(number)s", number=_typed(row.tax_number))) if row.tax_number else "",
            "for": str(_("For")),
            "buyer": [_typed(row.name), _typed(row.email)],
            "heads": [str(_("What")), str(_("Amount"))],
            "lines": _bought(row),
            "sums": _sums(row),
            "back": _back(row),
            "footer": _lines(row.footer),
        }


def _bought(row: ReceiptRow) -> list[list[str]]:
    when = f"{date_short(row.starts_at)}, {time_words(row.starts_at)}" if row.starts_at else ""
    lines = [[_typed(row.title), when, _money(row, row.list_amount)]]
    if row.discount:
        lines.append([str(_("Off by %(code)s", code=row.code)), "", _money(row, -row.discount)])
    return lines


def _sums(row: ReceiptRow) -> list[list[str]]:
    """Net and tax where there is a tax; the total always, last."""
    paid = [str(_("Paid")), _money(row, row.gross)]
    if not row.tax_basis_points:
        return [paid]
    rate = format_decimal(row.tax_basis_points / 100, "#,##0.##", locale=get_locale())
    name = row.tax_name or str(_("Tax"))
    taxed = str(_("%(tax)s, %(rate)s%%", tax=name, rate=rate))
    return [[str(_("Without tax")), _money(row, row.net)], [taxed, _money(row, row.tax)], paid]


def _back(row: ReceiptRow) -> list[list[str]]:
    """What has gone back since, with what of it is tax, and what is left of the payment."""
    if not row.given_back:
        return []
    lines = []
    for each in row.given_back:
        day = date_short(each.happened_at)
        words = _("Given back on %(day)s", day=day) if each.amount < 0 else _("Returned on %(day)s", day=day)
        lines.append([str(words), _money(row, each.amount)])
    gone = -sum(each.amount for each in row.given_back)
    if row.tax_basis_points and gone:
        name = row.tax_name or str(_("Tax"))
        lines.append([str(_("of which %(tax)s", tax=name)), _money(row, -tax_in(gone, row.tax_basis_points))])
    return [*lines, [str(_("Left of what was paid")), _money(row, row.gross - gone)]]


def _money(row: ReceiptRow, minor: int) -> str:
    return money_words(minor, row.currency)


def _lines(written: str) -> list[str]:
    return [_typed(line.strip()) for line in written.splitlines() if line.strip()]


def _typed(words: str) -> str:
    """What somebody typed keeps its own direction in a document that is read from right to left."""
    return f"{_ISOLATE}{words}{_END}" if words and direction() == "rtl" else words
