"""Which e-mail addresses we take, and the one way we write them down."""

from email_validator import EmailNotValidError, validate_email

LONGEST = 254


def good_address(text: str) -> str | None:
    """The address in lower case, as people type it when they sign in; None where it is no address.

    Nothing is asked of the network: whether a mailbox exists shows when somebody accepts.
    """
    if len(text.strip()) > LONGEST:
        return None
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return found.normalized.lower()
