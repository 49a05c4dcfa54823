"""How a practice's account at Stripe stands, in words."""

from flask_babel import gettext as _

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
