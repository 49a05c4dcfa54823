"""Reminders whose words are a script: one letter for many readers, each with their own fields.

What is the same for all (layout, sender, practice) is rendered once a mailing; what is a reader's own is put together
from their facts without any template, so that a million of them is a matter of a minute.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from coachhub.platform.db import db
from coachhub.platform.language import as_reader
from coachhub.platform.mail_templates import sender_name, write_mail
from coachhub.platform.mailer import Copy, Mailing, tag
from coachhub.platform.tenancy import current_practice
from coachhub.platform.texts import one_line
from coachhub.reminders.kinds import KINDS, Claim, Letter
from coachhub.reminders.kinds.kind import Recipient, Texts
from coachhub.reminders.models import ReminderRule
from coachhub.reminders.rules import compose, one_line_of
from coachhub.reminders.service.unsubscribing import unsubscribe_address

TOGETHER = "together"
"""What a mail is called that is for several reminders."""
_MOST_BYTES = 9_000
"""SendGrid takes 10,000 bytes of fields a copy; who has more gets a letter of their own."""


class Scripted(NamedTuple):
    """One mail to be written: its delivery id, what it is for, and a letter for each of these.

    `off` is where its footer leads; without one it is the page on which this reader stops what they get.
    """

    delivery_id: UUID
    claims: Sequence[Claim]
    letters: Sequence[Letter]
    off: str = ""


class _Envelope(NamedTuple):
    """What readers of one mailing have in common."""

    kind: str
    coach_name: str | None
    reply_to: str | None
    practice_name: str
    locale: str
    parts: int
    to_staff: bool


Failed = list[tuple[UUID, Exception]]


def write_scripted(mails: Sequence[Scripted], most_copies: int) -> tuple[list[Mailing], Failed]:
    """The mailings of these mails, of at most so many copies each; and those that could not be written, and why."""
    copies: dict[_Envelope, list[Copy]] = defaultdict(list)
    failed: Failed = []
    own_words = _own_words()
    for (locale, zone), readers in _by_reader(mails).items():
        try:
            with as_reader(locale, zone):
                _write_copies(readers, Spoken(own_words), copies, failed)
        except Exception as error:  # a language that there is not concerns those who read it, and nobody else
            failed += [(mail.delivery_id, error) for mail in readers]
    mailings = [_mailings(envelope, found, most_copies) for envelope, found in copies.items()]
    return [mailing for of_envelope in mailings for mailing in of_envelope], failed


def _write_copies(
    mails: Sequence[Scripted], spoken: "Spoken", copies: dict[_Envelope, list[Copy]], failed: Failed
) -> None:
    for mail in mails:
        try:
            copies[_envelope(mail)].append(_copy(mail, spoken))
        except Exception as error:
            failed.append((mail.delivery_id, error))


def _own_words() -> dict[str, tuple[str | None, str | None]]:
    rules = select(ReminderRule.kind, ReminderRule.subject, ReminderRule.words)
    here = rules.where(ReminderRule.practice_id == current_practice(), ReminderRule.words.is_not(None))
    return {kind: (subject, words) for kind, subject, words in db.session.execute(here)}


def _by_reader(mails: Sequence[Scripted]) -> Mapping[tuple[str, str], list[Scripted]]:
    found: dict[tuple[str, str], list[Scripted]] = defaultdict(list)
    for mail in mails:
        to = mail.letters[0].to
        found[to.locale, to.zone.key].append(mail)
    return found


class Spoken:
    """The texts of the kinds in the language of the reader for whom they are asked for, the practice's own first."""

    def __init__(self, own_words: Mapping[str, tuple[str | None, str | None]]) -> None:
        self._own_words = own_words
        self._known: dict[str, Texts] = {}
        self._hello = str(_("Hello %(name)s,", name="{name}"))

    def hello(self, to: Recipient) -> str:
        """How a mail begins; empty where nobody has told the name."""
        name = to.greeting_name
        return self._hello.format(name=name) if name else ""

    def of(self, kind: str) -> Texts:
        """Subject, words and button of a kind."""
        if kind not in self._known:
            script = KINDS[kind].script
            assert script is not None  # noqa: S101 (only scripted kinds come here)
            ours = script.texts()
            subject, words = self._own_words.get(kind, (None, None))
            self._known[kind] = Texts(subject or ours.subject, words or ours.words, ours.button)
        return self._known[kind]


def _envelope(mail: Scripted) -> _Envelope:
    letter, kind = mail.letters[0], mail.claims[0].kind
    return _Envelope(
        kind=kind if len(mail.letters) == 1 else TOGETHER,
        coach_name=letter.coach_name,
        reply_to=letter.reply_to,
        practice_name=letter.practice_name,
        locale=letter.to.locale,
        parts=len(mail.letters),
        to_staff=KINDS[kind].to_staff,
    )


def _copy(mail: Scripted, spoken: Spoken) -> Copy:
    to, first = mail.letters[0].to, mail.claims[0]
    off = mail.off or unsubscribe_address(client_id=first.client_id, user_id=first.user_id)
    fields = {"off": off}
    for n, (claim, letter) in enumerate(zip(mail.claims, mail.letters, strict=True)):
        part = part_of(letter, letter.own_texts or spoken.of(claim.kind), "" if n else spoken.hello(to))
        fields |= {f"{name}_{n}": _harmless(value) for name, value in part.items()}
    return Copy(mail.delivery_id, to.address, to.full_name, fields, None if mail.off else off)


def part_of(letter: Letter, texts: Texts, hello: str = "") -> dict[str, str]:
    """What a reminder says to its reader, by the names that the template gives it.

    A subject of which nothing is known is the practice's name: a mail without one is refused, or taken for spam.
    """
    facts = letter.facts.fields()  # type: ignore[attr-defined]
    subject = one_line(one_line_of(texts.subject, facts)) or one_line(letter.practice_name)
    text, html = compose(texts.words, facts)
    if hello:
        text, html = f"{hello}\n\n{text}", f"<p>{escape(hello)}</p>{html}"
    part = {"title": subject, "title_html": escape(subject), "text": text, "html": html}
    return part | {"button": texts.button, "link": letter.leads_to}


def _harmless(value: str) -> str:
    """No fact can look like a field of the letter: the provider replaces whatever does."""
    return value.replace("%{", "% {")


def _mailings(envelope: _Envelope, copies: Sequence[Copy], most_copies: int) -> list[Mailing]:
    letter = _letter(envelope)
    small = [copy for copy in copies if _bytes_of(copy) <= _MOST_BYTES]
    alone = [copy for copy in copies if _bytes_of(copy) > _MOST_BYTES]
    starts = range(0, len(small), most_copies)
    mailings = [replace(letter, copies=tuple(small[start : start + most_copies])) for start in starts]
    return mailings + [replace(letter, copies=(copy,)).filled() for copy in alone]


def _bytes_of(copy: Copy) -> int:
    return len("".join(copy.fields.values()).encode())


def letter_for_nobody() -> None:
    """Render what all scripted mails share, for the templates' sake."""
    _letter(_Envelope("", None, None, "CoachHub", "en", 1, to_staff=False))


def _letter(envelope: _Envelope) -> Mailing:
    names = ("title", "title_html", "text", "html", "button", "link")
    parts = [{name: tag(f"{name}_{n}") for name in names} for n in range(envelope.parts)]
    written = write_mail(
        "reminder", envelope.locale, "UTC", parts=parts, off=tag("off"), letter=envelope, to_staff=envelope.to_staff
    )
    return Mailing(
        practice_id=current_practice(),
        kind=envelope.kind,
        from_name=sender_name(envelope.coach_name, envelope.practice_name, envelope.locale),
        reply_to=envelope.reply_to,
        subject=written.subject,
        text=written.text,
        html=written.html,
        copies=(),
    )
