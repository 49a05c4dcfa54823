"""Links that open the client's own programs with a message in them."""

from urllib.parse import quote


def mailto_link(email: str, subject: str, body: str) -> str:
    """A link that opens the client's own mail program with the message in it (RFC 6068: %20, CRLF line ends).

    Without an address the program asks for one; so do the messages below without a number.
    """
    mailbox, at, host = email.rpartition("@")
    address = f"{_encoded(mailbox)}{at}{_encoded(host)}"
    return f"mailto:{address}?subject={_encoded(' '.join(subject.split()))}&body={_encoded(_crlf(body))}"


def sms_link(phone: str, body: str) -> str:
    """A link that opens the client's own messages with the text in it."""
    # The empty field after "?" is deliberate: iPhones want "&body", everything else "?body"; both take this.
    return f"sms:{'+' if phone.strip().startswith('+') else ''}{_digits(phone)}?&body={_encoded(body)}"


def whatsapp_link(phone_e164: str, body: str) -> str:
    """A link that opens WhatsApp with the text in it; the number is international, its digits only."""
    return f"https://wa.me/{_digits(phone_e164)}?text={_encoded(body)}"


def _encoded(text: str) -> str:
    return quote(text, safe="")


def _crlf(text: str) -> str:
    return "\r\n".join(text.splitlines())


def _digits(phone: str) -> str:
    return "".join(character for character in phone if character in "0123456789")
