"""What whoever books an offering is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, insert

from coachhub.booking.models import Question
from coachhub.booking.service.offers import offering_of
from coachhub.booking.service.setting_up import one_at_a_time
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice

MOST_QUESTIONS = 10


class QuestionKind(StrEnum):
    """How a question is answered."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    """A question as its coach writes it; `choices` are for a choice alone, two or more."""

    label: str
    kind: QuestionKind
    choices: tuple[str, ...]
    is_required: bool


def keep_questions(offering_id: UUID, questions: Sequence[QuestionEntry]) -> None:
    """Ask these questions from now on, in this order. Answers already given keep the question they were given to.

    Raises NotFound, and Refused for a choice among fewer than two or for too many questions.
    """
    one_at_a_time()
    offering_of(offering_id)
    _check(questions)
    here = (Question.practice_id == current_practice()) & (Question.offering_id == offering_id)
    db.session.execute(delete(Question).where(here))
    key = {"practice_id": current_practice(), "offering_id": offering_id}
    rows = [key | _columns(position, question) for position, question in enumerate(questions)]
    if rows:
        db.session.execute(insert(Question), rows)


def _check(questions: Sequence[QuestionEntry]) -> None:
    if len(questions) > MOST_QUESTIONS:
        raise Refused(422, _("Ask at most %(n)s questions: people book rather than fill in forms.", n=MOST_QUESTIONS))
    if any(each.kind is QuestionKind.CHOICE and len(each.choices) < 2 for each in questions):
        raise Refused(422, _("A choice needs at least two answers to choose from."))


def _columns(position: int, question: QuestionEntry) -> dict[str, object]:
    return {
        "position": position,
        "label": question.label,
        "kind": question.kind.value,
        "choices": list(question.choices) if question.kind is QuestionKind.CHOICE else [],
        "is_required": question.is_required,
    }
