"""A practice's habits: the default one, the coach's own, and their message templates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from coachhub.habits.models import Assignment, Habit, HabitTemplate
from coachhub.habits.service.starter import starter_name, starter_notes, starter_steps, starter_templates
from coachhub.network.service.drafts import Purpose, TemplateText, Tone
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class HabitEntry:
    """What a coach writes of a habit: five steps, 1 to 8 meetups a month of 15 to 480 minutes.

    `templates` are the invitation's tones; `notes` the short messages around it: without one, ours stands in.
    """

    name: str
    steps: tuple[str, ...]
    meetups_a_month: int
    minutes_a_meetup: int
    templates: Mapping[Tone, TemplateText]
    notes: Mapping[Purpose, TemplateText] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HabitRow:
    """A habit in a list. `clients` counts those who have it now or from a later month on."""

    id: UUID
    name: str
    steps: tuple[str, ...]
    meetups_a_month: int
    minutes_a_meetup: int
    is_default: bool
    is_retired: bool
    clients: int


def ensure_default_habit() -> UUID:
    """The practice's default habit; "One hour a month" is made the first time it is needed.

    Its id comes from the practice's, so two requests at once make one.
    """
    practice_id = current_practice()
    found = db.session.scalar(select(Habit.id).where(Habit.is_default, Habit.practice_id == practice_id).limit(1))
    if found is not None:
        return found
    habit_id = uuid5(practice_id, "one hour a month")
    entry = HabitEntry(starter_name(), starter_steps(), 1, 60, starter_templates())
    values = {"practice_id": practice_id, "id": habit_id, "is_default": True, "created_at": clock.now()}
    row = insert(Habit).values(**values, **_columns(entry)).on_conflict_do_nothing()
    if db.session.execute(row.returning(Habit.id)).one_or_none() is not None:
        _write_templates(habit_id, entry)
    return habit_id


def list_habits(*, with_retired: bool = False) -> list[HabitRow]:
    """The practice's habits, the default one first, then by name."""
    ensure_default_habit()
    chosen = _rows().order_by(Habit.is_default.desc(), Habit.name)
    if not with_retired:
        chosen = chosen.where(Habit.retired_at.is_(None))
    return [_row(*columns) for columns in db.session.execute(chosen)]


def habit_of(habit_id: UUID) -> HabitRow:
    """One habit. Raises NotFound."""
    columns = db.session.execute(_rows().where(Habit.id == habit_id)).one_or_none()
    if columns is None:
        raise NotFound
    return _row(*columns)


def templates_of(habit_id: UUID) -> dict[Tone, TemplateText]:
    """The habit's invitation by tone: warm, light, plain."""
    chosen = select(HabitTemplate.tone, HabitTemplate.subject, HabitTemplate.body).where(
        _of_habit(habit_id), HabitTemplate.purpose == Purpose.INVITE
    )
    found = {tone: TemplateText(subject, body) for tone, subject, body in db.session.execute(chosen)}
    return {tone: found[tone] for tone in Tone if tone in found}


def notes_of(habit_id: UUID | None) -> dict[Purpose, TemplateText]:
    """The habit's short messages by purpose; ours where the coach has written none, or there is no habit."""
    chosen = select(HabitTemplate.purpose, HabitTemplate.subject, HabitTemplate.body).where(
        _of_habit(habit_id), HabitTemplate.purpose != Purpose.INVITE
    )
    found = db.session.execute(chosen) if habit_id else ()
    return starter_notes() | {Purpose(purpose): TemplateText(subject, body) for purpose, subject, body in found}


def _of_habit(habit_id: UUID | None) -> ColumnElement[bool]:
    return (HabitTemplate.practice_id == current_practice()) & (HabitTemplate.habit_id == habit_id)


def add_habit(entry: HabitEntry) -> UUID:
    """A further habit of the practice. Returns its id."""
    habit_id = uuid4()
    values = {"practice_id": current_practice(), "id": habit_id, "created_at": clock.now()}
    db.session.execute(insert(Habit).values(**values, **_columns(entry)))
    _write_templates(habit_id, entry)
    return habit_id


def edit_habit(habit_id: UUID, entry: HabitEntry) -> None:
    """Change a habit's words, numbers and templates. Raises NotFound.

    Clients who have it keep the number of meetups and minutes they were given: what a past month asked does
    not change afterwards. Assigning it again takes the new numbers over.
    """
    changed = update(Habit).where(Habit.practice_id == current_practice(), Habit.id == habit_id)
    if db.session.execute(changed.values(**_columns(entry)).returning(Habit.id)).one_or_none() is None:
        raise NotFound
    _write_templates(habit_id, entry)


def retire_habit(habit_id: UUID) -> None:
    """Offer a habit no longer; who has it keeps it. Raises NotFound, and Refused for the default habit."""
    if habit_of(habit_id).is_default:
        raise Refused(409, _("The default habit stays: a new client always has one to begin with."))
    _set_retired(habit_id, is_retired=True)


def bring_back_habit(habit_id: UUID) -> None:
    """Offer a retired habit again. Raises NotFound."""
    habit_of(habit_id)
    _set_retired(habit_id, is_retired=False)


def _set_retired(habit_id: UUID, *, is_retired: bool) -> None:
    changed = update(Habit).where(Habit.practice_id == current_practice(), Habit.id == habit_id)
    db.session.execute(changed.values(retired_at=clock.now() if is_retired else None))


def _columns(entry: HabitEntry) -> dict[str, object]:
    return {
        "name": entry.name,
        "steps": list(entry.steps),
        "meetups_a_month": entry.meetups_a_month,
        "minutes_a_meetup": entry.minutes_a_meetup,
    }


def _write_templates(habit_id: UUID, entry: HabitEntry) -> None:
    """Write the invitation over; of the notes keep those that are given, each under one tone."""
    key = {"practice_id": current_practice(), "habit_id": habit_id}
    texts = {(Purpose.INVITE, tone): words for tone, words in entry.templates.items()}
    texts |= {(purpose, Tone.LIGHT): words for purpose, words in entry.notes.items()}
    rows = [
        {**key, "purpose": purpose, "tone": tone, "subject": words.subject, "body": words.body}
        for (purpose, tone), words in texts.items()
    ]
    notes = HabitTemplate.purpose != Purpose.INVITE
    db.session.execute(delete(HabitTemplate).where(_of_habit(habit_id), notes))
    written = insert(HabitTemplate).values(rows)
    changed = {"subject": written.excluded.subject, "body": written.excluded.body}
    key_columns = ["practice_id", "habit_id", "purpose", "tone"]
    db.session.execute(written.on_conflict_do_update(index_elements=key_columns, set_=changed))


def _rows() -> Select[Any]:
    open_ones = (
        select(func.count())
        .select_from(Assignment)
        .where(Assignment.practice_id == Habit.practice_id, Assignment.habit_id == Habit.id)
        .where(Assignment.ended_from.is_(None))
        .correlate(Habit)
        .scalar_subquery()
    )
    return select(
        Habit.id,
        Habit.name,
        Habit.steps,
        Habit.meetups_a_month,
        Habit.minutes_a_meetup,
        Habit.is_default,
        Habit.retired_at.is_not(None),
        open_ones,
    ).where(Habit.practice_id == current_practice())


def _row(
    habit_id: UUID, name: str, steps: list[str], meetups: int, minutes: int, default: bool, retired: bool, clients: int
) -> HabitRow:
    return HabitRow(habit_id, name, tuple(steps), meetups, minutes, default, retired, clients)
