"""The words and the look of a mail: three templates, rendered for one reader."""

import re
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _

from coachhub.platform.language import as_reader
from coachhub.platform.texts import one_line

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Written:
    """A mail's subject (one line), its text and its HTML."""

    subject: str
    text: str
    html: str


def write_mail(name: str, locale: str, time_zone: str, **context: object) -> Written:
    """Render `email/<name>/` in the reader's language and zone. Raises where a template cannot be rendered."""
    from mjml import mjml2html

    with as_reader(locale, time_zone):
        subject = _rendered(f"email/{name}/subject.txt", context)
        text = _rendered(f"email/{name}/body.txt", context)
        mjml = _rendered(f"email/{name}/body.mjml", context | {"subject": one_line(subject)})
    return Written(one_line(subject), _tidy(text), mjml2html(_NOT_IN_XML.sub("", mjml), fonts={}))


def sender_name(coach: str | None, practice: str, locale: str) -> str:
    """From whom a mail comes, as the reader's mailbox shows it: the coach, by way of the practice."""
    if not coach or "@" in coach:
        return one_line(practice)
    with as_reader(locale, "UTC"):
        return one_line(_("%(coach)s via %(practice)s", coach=coach, practice=practice))


def _rendered(name: str, context: dict[str, object]) -> str:
    return current_app.jinja_env.get_template(name).render(context)


def _tidy(text: str) -> str:
    """One empty line at most between paragraphs, whatever the template left out."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"
