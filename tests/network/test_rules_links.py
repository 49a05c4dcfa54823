"""Links that open the client's own mail, messages or WhatsApp with the message in it."""

from urllib.parse import parse_qs, unquote, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from coachhub.network.rules import mailto_link, sms_link, whatsapp_link

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=60)
lines = st.lists(texts, min_size=1, max_size=4)


@given(subject=texts, body=lines)
def test_it_carries_subject_and_body_whole_into_a_mail(subject: str, body: list[str]) -> None:
    link = mailto_link("dan@example.org", subject, "\n".join([*body, "Ben"]))
    fields = parse_qs(urlsplit(link).query, keep_blank_values=True)
    assert link.isascii()
    assert fields == {"subject": [" ".join(subject.split())], "body": ["\r\n".join([*body, "Ben"])]}


def test_it_writes_a_mail_link_as_rfc_6068_says() -> None:
    link = mailto_link("dan@example.org", "A coffee?", "Dan & I\nlunch + walk")
    assert link == "mailto:dan@example.org?subject=A%20coffee%3F&body=Dan%20%26%20I%0D%0Alunch%20%2B%20walk"


def test_it_does_not_let_an_address_or_a_subject_add_fields() -> None:
    link = mailto_link("dan?cc=eve&x@example.org", "Hi\r\nBcc: eve@example.org", "")
    assert link == ("mailto:dan%3Fcc%3Deve%26x@example.org?subject=Hi%20Bcc%3A%20eve%40example.org&body=")


def test_it_keeps_a_plus_in_an_address() -> None:
    address = mailto_link("dan+work@example.org", "", "").removeprefix("mailto:").partition("?")[0]
    assert unquote(address) == "dan+work@example.org"


@given(body=texts)
def test_it_carries_the_text_whole_into_messages(body: str) -> None:
    link = sms_link("+44 7700 900-123", body)
    assert link.startswith("sms:+447700900123?")
    assert parse_qs(urlsplit(link).query, keep_blank_values=True)["body"] == [body]


def test_it_keeps_a_local_number_local() -> None:
    assert sms_link("07700 900123", "Hi Dan") == "sms:07700900123?&body=Hi%20Dan"


@given(body=texts)
def test_it_carries_the_text_whole_into_whatsapp(body: str) -> None:
    link = whatsapp_link("+447700900123", body)
    assert link.startswith("https://wa.me/447700900123?text=")
    assert parse_qs(urlsplit(link).query, keep_blank_values=True)["text"] == [body]


def test_it_keeps_lines_apart_in_whatsapp() -> None:
    assert whatsapp_link("+447700900123", "Hi Dan\nLunch?").endswith("?text=Hi%20Dan%0ALunch%3F")
