"""The templates that a practice begins with, in the words of its language."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from coachhub.coaching.models import NoteTemplate, TemplateKind
from coachhub.platform import clock
from coachhub.platform.db import db


def set_up_templates(practice_id: UUID, _owner_id: UUID) -> None:
    """Give a practice its first templates; a second time changes nothing."""
    now = clock.now()
    dated = {"practice_id": practice_id, "created_at": now, "changed_at": now}
    rows = [dated | {"kind": kind.value, "name": name, "text": text} for kind, name, text in first_templates()]
    db.session.execute(insert(NoteTemplate).values(rows).on_conflict_do_nothing())


def first_templates() -> list[tuple[TemplateKind, str, str]]:
    """Their kinds, names and texts, in the language of whoever asks."""
    return [
        (TemplateKind.AGENDA, _("A first conversation"), _of_first_agenda()),
        (TemplateKind.AGENDA, _("A usual conversation"), _of_usual_agenda()),
        (
            TemplateKind.NOTES,
            _("Notes of a conversation"),
            _headed(_("What we spoke about"), _("What became clear"), _("What comes next")),
        ),
        (
            TemplateKind.NOTES,
            _("Looking back on a quarter"),
            _headed(
                _("What moved"), _("What was hard"), _("Whom it brought back"), _("What we keep, and what we change")
            ),
        ),
    ]


def _of_first_agenda() -> str:
    return _listed(
        _("What brings you here, and why now"),
        _("What would be different in a year"),
        _("Who already helps you"),
        _("The hour a month: what it is, and how we begin"),
    )


def _of_usual_agenda() -> str:
    return _listed(
        _("What has happened since we last spoke"), _("What you want to talk about"), _("One step until next time")
    )


def _listed(*items: str) -> str:
    return "\n".join(f"- {item}" for item in items)


def _headed(*headings: str) -> str:
    """Headings with room between them."""
    return "\n\n".join(f"# {heading}" for heading in headings)
