"""A reminder with made-up facts: for a preview, and for a test mail to the coach who asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.language import as_reader
from coachhub.platform.links import address_of
from coachhub.platform.mailer import Mail, Mailing
from coachhub.platform.tenancy import current_practice
from coachhub.platform.wakes import mail_now
from coachhub.reminders.kinds import Claim, Letter
from coachhub.reminders.kinds.kind import Recipient, Script, Texts
from coachhub.reminders.kinds.trial import KIND, TEST_MAIL, Trial, trial_letter
from coachhub.reminders.models import Message
from coachhub.reminders.rules import Part
from coachhub.reminders.service.practice_rules import Words, script_of
from coachhub.reminders.service.scripts import Scripted, Spoken, part_of, write_scripted


@dataclass(frozen=True)
class Sample:
    """A whole mail, and what it says in the middle, as HTML in which every fact and word is escaped."""

    mail: Mail
    said: str
    button: str


@dataclass(frozen=True)
class _MadeUp:
    script: Script

    def fields(self) -> Mapping[str, Part]:
        """Read where the mail is written, so in the language of its reader."""
        return self.script.sample()


def write_sample(kind: str, to: Recipient, practice_name: str, words: Words) -> Sample:
    """A reminder in these words, written as the real ones are, greeting whoever looks at it."""
    with as_reader(to.locale, to.zone.key):
        texts = Texts(words.subject, words.words, script_of(kind).texts().button)
        letter = trial_letter(kind, to, practice_name)._replace(own_texts=texts)
        part = part_of(letter._replace(facts=_MadeUp(script_of(kind))), texts, Spoken({}).hello(to))
    (mail,) = sample_mailing(uuid4(), letter).mails()
    return Sample(mail, part["html"], part["button"])


def write_trial(delivery_id: UUID, letter: Letter) -> Mailing:
    """The test mail of a trial: the words that its practice keeps now, marked as a test for reader and provider."""
    mailing = sample_mailing(delivery_id, letter)
    with as_reader(letter.to.locale, letter.to.zone.key):
        subject = _("[Test] %(subject)s", subject=mailing.subject)
    return replace(mailing, kind=TEST_MAIL.name, subject=str(subject))


def sample_mailing(delivery_id: UUID, letter: Letter) -> Mailing:
    """The mailing of a trial, as its kind's own would be; its footer leads to the practice's messages."""
    assert isinstance(letter.facts, Trial)  # noqa: S101 (nothing else is tried)
    kind = letter.facts.kind
    claim = Claim(delivery_id, kind, None, datetime.min.replace(tzinfo=UTC), 1)
    made_up = letter._replace(facts=_MadeUp(script_of(kind)))
    mail = Scripted(delivery_id, [claim], [made_up], off=address_of("/settings/messages"))
    mailings, failed = write_scripted([mail], most_copies=1)
    for _delivery_id, error in failed:
        raise error
    return mailings[0]


def send_test(kind: str, user_id: UUID, asked: UUID) -> None:
    """Have a test mail of a kind sent to a coach; asked for twice by the same button press it is sent once."""
    script_of(kind)
    now, practice_id = clock.now(), current_practice()
    adding = insert(Message).values(
        practice_id=practice_id,
        kind=TEST_MAIL.name,
        key=f"test:{asked}",
        user_id=user_id,
        fields={KIND: kind},
        due_at=now,
        planned_at=now,
    )
    db.session.execute(adding.on_conflict_do_nothing(index_elements=["practice_id", "key"]))
    mail_now(practice_id)
