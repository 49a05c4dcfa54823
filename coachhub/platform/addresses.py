"""Which e-mail addresses we take, and the one way we write them down."""

import re

_LONGEST = 254
_IN_TEXT = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")


def good_address(text: str) -> str | None:
    """The address in lower case, as people type it when they sign in; None where it is no address.

    Nothing is asked of the network: whether a mailbox exists shows when somebody is written to. Only the plain
    letters before the @ that every mail provider carries; a domain needs a dot, but may be one of a company's own.
    """
    from email_validator import EmailNotValidError, validate_email

    if len(text.strip()) > _LONGEST:  # composing a longer one takes time by the square of its length
        return None
    try:
        found = validate_email(
            text.strip(), check_deliverability=False, globally_deliverable=False, allow_smtputf8=False
        )
    except EmailNotValidError:
        return None
    return found.normalized.lower() if "." in found.domain else None


def in_ascii(address: str) -> str:
    """An address of ours with its domain in the letters that every server reads."""
    if address.isascii():
        return address
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(address, check_deliverability=False, globally_deliverable=False).ascii_email or address
    except EmailNotValidError:
        return address


def as_we_write_it(address: str) -> str:
    """An address that somebody else wrote, as `good_address` would have it; in lower case at least."""
    return (good_address(address) if "xn--" in address.lower() else None) or address.strip().lower()


def without_addresses(text: str) -> str:
    """What another system says of a mail, without the address that it likes to repeat."""
    return _IN_TEXT.sub("…", text)
