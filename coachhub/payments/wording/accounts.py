"""How a practice's account at Stripe stands, in words."""

from flask_babel import gettext as _

from coachhub.payments.service.connecting import AccountRow

_PARTS = ("bank", "documents", "address", "date_of_birth", "business_url", "id_number", "terms_of_service", "name")


def wants_words(wants: tuple[str, ...]) -> list[str]:
    """What Stripe asks for, each thing once; what has no word of ours is said as a whole."""
    words = {
        "bank": _("the bank account that you are paid into"),
        "documents": _("a document that shows who you are"),
        "address": _("your address"),
        "date_of_birth": _("your date of birth"),
        "business_url": _("your website, or what you offer"),
        "id_number": _("a tax or identity number"),
        "terms_of_service": _("your consent to Stripe's terms"),
        "name": _("your name"),
    }
    found = [next((words[part] for part in _PARTS if part in want), _("more about your business")) for want in wants]
    return list(dict.fromkeys(found))


def trouble_words(account: AccountRow | None) -> str:
    """What keeps a practice that has an account from being paid, now or soon; empty where nothing does."""
    if account is None or (account.is_ready and not account.wants):
        return ""
    if account.is_lost:
        return str(_("Your Stripe account is no longer connected, so nothing that costs money can be booked."))
    if account.is_ready:
        return str(_("Stripe wants to know more about your practice. Until it does, payments may stop at any time."))
    if account.card_payments == "pending":
        return str(_("Stripe is still looking at your account. Until then only free offerings can be booked."))
    if account.wants:
        return str(_("Stripe wants to know more before clients can pay. Until then only free offerings can be booked."))
    return str(_("Stripe takes no payments for this practice at the moment."))
