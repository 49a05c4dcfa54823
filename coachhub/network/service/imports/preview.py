"""What a file would bring, and the client's ticks. Nothing of it is a friend yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, func, not_, or_, select, update

from coachhub.network.models import Friend, Import, ImportRow
from coachhub.network.service.imports.people import Reason
from coachhub.network.service.imports.records import State, mine
from coachhub.network.service.owner import Owner, one_at_a_time
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

PAGE = 50
_COMPANIES_SHOWN, _COMPANIES_FROM = 6, 30
_UNWATCHED = {"synchronize_session": False}


class Tab(StrEnum):
    """The parts of a preview. `LEFT` has the lines that are not offered, friends already in the network included."""

    NEW = "new"
    LIKE = "like"
    OTHER = "other"
    LEFT = "left"


class Choice(StrEnum):
    """What the client says of somebody who looks like a friend they have."""

    UNDECIDED = ""
    SKIP = "skip"
    FILL = "fill"
    ADD = "add"


_KINDS = {Tab.NEW: ("new",), Tab.LIKE: ("like",), Tab.OTHER: ("other",), Tab.LEFT: ("left", "same")}


@dataclass(frozen=True)
class StagedPerson:
    """Somebody of a file. `remark` says what of the line was not clear."""

    line: int
    name: str
    company: str
    title: str
    email: str
    phone: str
    city: str
    profile: str
    known_since: date | None
    is_ticked: bool
    choice: Choice
    remark: Reason | None


@dataclass(frozen=True)
class Likeness:
    """Somebody of a file beside the friend they look like."""

    person: StagedPerson
    friend: StagedPerson


@dataclass(frozen=True)
class Tally:
    """How many people each part has, and how many of them the client wants."""

    counts: dict[Tab, int]
    ticked: int
    filled: int
    undecided: int

    @property
    def wanted(self) -> int:
        """How many people taking would add or fill in."""
        return self.ticked + self.filled


@dataclass(frozen=True)
class Preview:
    """One page of one part. `companies` are the largest among the new, with how many people each has."""

    tally: Tally
    people: list[StagedPerson]
    likenesses: list[Likeness]
    companies: list[tuple[str, int]]
    has_more: bool


_PERSON = (
    ImportRow.line,
    ImportRow.name,
    ImportRow.company,
    ImportRow.title,
    ImportRow.email,
    ImportRow.phone,
    ImportRow.city,
    ImportRow.profile,
    ImportRow.known_since,
    ImportRow.choice,
    ImportRow.reason,
)
_FRIEND = (
    Friend.name.label("their_name"),
    Friend.company.label("their_company"),
    Friend.title.label("their_title"),
    Friend.email.label("their_email"),
    Friend.phone.label("their_phone"),
    Friend.city.label("their_city"),
    Friend.profile.label("their_profile"),
    Friend.known_from.label("their_known_from"),
)


def rows_of(import_id: UUID) -> ColumnElement[bool]:
    """Whether a line is of an import."""
    return and_(ImportRow.practice_id == current_practice(), ImportRow.import_id == import_id)


def _wanted(import_id: UUID) -> ColumnElement[bool]:
    """Whether a line is ticked: `ticked` says that it differs from what the client said of all of its kind.

    So ticking thirty thousand changes one row, and not each of them.
    """
    query = select(Import.details["ticked"]).where(Import.practice_id == current_practice(), Import.id == import_id)
    is_kind = func.coalesce(func.jsonb_exists(query.scalar_subquery(), ImportRow.kind), false())
    return ImportRow.ticked != is_kind


def preview_page(import_id: UUID, tab: Tab, search: str = "", page: int = 1) -> Preview:
    """One page of a part of the owner's import, in the order of the file; pages count from 1."""
    tally = tally_of(import_id)
    window = {"limit": PAGE + 1, "offset": PAGE * (page - 1)}
    likenesses = _likenesses(import_id, search, **window) if tab is Tab.LIKE else []
    people = _people(import_id, tab, search, **window) if tab in (Tab.NEW, Tab.OTHER) else []
    companies = _companies(import_id) if tab is Tab.NEW and tally.counts[Tab.NEW] > _COMPANIES_FROM else []
    has_more = len(likenesses) > PAGE or len(people) > PAGE
    return Preview(tally, people[:PAGE], likenesses[:PAGE], companies, has_more)


def tally_of(import_id: UUID) -> Tally:
    """The counts of an import."""
    added = and_(ImportRow.kind.in_(("new", "other")), _wanted(import_id))
    columns = (
        ImportRow.kind,
        func.count().label("people"),
        func.count().filter(or_(added, ImportRow.choice == Choice.ADD)).label("ticked"),
        func.count().filter(ImportRow.choice == Choice.FILL).label("filled"),
        func.count().filter(ImportRow.kind == "like", ImportRow.choice == "").label("undecided"),
    )
    rows = db.session.execute(select(*columns).where(rows_of(import_id)).group_by(ImportRow.kind)).all()
    of_kind = {row.kind: row.people for row in rows}
    counts = {tab: sum(of_kind.get(kind, 0) for kind in kinds) for tab, kinds in _KINDS.items()}
    return Tally(
        counts,
        ticked=sum(row.ticked for row in rows),
        filled=sum(row.filled for row in rows),
        undecided=sum(row.undecided for row in rows),
    )


def _people(import_id: UUID, tab: Tab, search: str, limit: int, offset: int) -> list[StagedPerson]:
    columns = (*_PERSON, _wanted(import_id).label("wanted"))
    query = select(*columns).where(_shown(import_id, tab, search)).order_by(ImportRow.line)
    return [_person(row) for row in db.session.execute(query.limit(limit).offset(offset))]


def _likenesses(import_id: UUID, search: str, limit: int, offset: int) -> list[Likeness]:
    known = and_(Friend.practice_id == ImportRow.practice_id, Friend.id == ImportRow.friend_id)
    query = (
        select(*_PERSON, *_FRIEND, false().label("wanted"))
        .outerjoin(Friend, known)
        .where(_shown(import_id, Tab.LIKE, search))
    )
    rows = db.session.execute(query.order_by(ImportRow.line).limit(limit).offset(offset))
    return [Likeness(_person(row), _friend(row)) for row in rows]


def _companies(import_id: UUID) -> list[tuple[str, int]]:
    of_new = (rows_of(import_id), ImportRow.kind == "new", ImportRow.company != "")
    query = select(ImportRow.company, func.count()).where(*of_new).group_by(ImportRow.company)
    largest = query.having(func.count() > 1).order_by(func.count().desc(), ImportRow.company).limit(_COMPANIES_SHOWN)
    return [(company, count) for company, count in db.session.execute(largest)]


def _shown(import_id: UUID, tab: Tab, search: str) -> ColumnElement[bool]:
    shown = and_(rows_of(import_id), ImportRow.kind.in_(_KINDS[tab]))
    if not search:
        return shown
    fields = (ImportRow.name, ImportRow.company, ImportRow.title, ImportRow.city)
    return and_(shown, or_(*(field.icontains(search, autoescape=True) for field in fields)))


def _person(row: Any) -> StagedPerson:
    return StagedPerson(
        line=row.line,
        name=row.name,
        company=row.company,
        title=row.title,
        email=row.email,
        phone=row.phone,
        city=row.city,
        profile=row.profile,
        known_since=row.known_since,
        is_ticked=row.wanted,
        choice=Choice(row.choice),
        remark=Reason(row.reason) if row.reason else None,
    )


def _friend(row: Any) -> StagedPerson:
    """A friend who was erased meanwhile is told by the name in the file alone."""
    return StagedPerson(
        line=0,
        name=row.their_name or row.name,
        company=row.their_company or "",
        title=row.their_title or "",
        email=row.their_email or "",
        phone=row.their_phone or "",
        city=row.their_city or "",
        profile=row.their_profile or "",
        known_since=row.their_known_from,
        is_ticked=False,
        choice=Choice.UNDECIDED,
        remark=None,
    )


def _is_previewed(owner: Owner, import_id: UUID) -> bool:
    one_at_a_time(owner)
    query = select(Import.id).where(mine(owner), Import.id == import_id, Import.state == State.PREVIEW)
    return db.session.execute(query).scalar_one_or_none() is not None


def tick(owner: Owner, import_id: UUID, shown: Collection[int], ticked: Collection[int]) -> None:
    """Of the lines shown, want the ticked ones and not the others. What is not previewed any more stays as it is."""
    if not shown or not _is_previewed(owner, import_id):
        return
    offered = (rows_of(import_id), ImportRow.line.in_(shown), ImportRow.kind.in_(("new", "other")))
    differs = _wanted(import_id) != ImportRow.line.in_(ticked)
    db.session.execute(
        update(ImportRow).where(*offered, differs).values(ticked=not_(ImportRow.ticked)), execution_options=_UNWATCHED
    )


def tick_all(owner: Owner, import_id: UUID, tab: Tab, flag: bool, search: str = "") -> None:
    """Want all who are found in a part, or none of them. For those who look like friends see `choose`."""
    if tab not in (Tab.NEW, Tab.OTHER) or not _is_previewed(owner, import_id):
        return
    shown = _shown(import_id, tab, search)
    if search:
        other = (shown, _wanted(import_id) != flag)
        change = update(ImportRow).where(*other).values(ticked=not_(ImportRow.ticked))
    else:
        _say_of_all(owner, import_id, tab, flag)
        change = update(ImportRow).where(shown, ImportRow.ticked).values(ticked=False)
    db.session.execute(change, execution_options=_UNWATCHED)


def _say_of_all(owner: Owner, import_id: UUID, tab: Tab, flag: bool) -> None:
    this = (mine(owner), Import.id == import_id)
    details = db.session.execute(select(Import.details).where(*this)).scalar_one()
    kinds = {*details.get("ticked", []), tab.value} if flag else {*details.get("ticked", [])} - {tab.value}
    db.session.execute(update(Import).where(*this).values(details={**details, "ticked": sorted(kinds)}))


def choose(owner: Owner, import_id: UUID, choices: dict[int, Choice]) -> None:
    """Say of people who look like friends what they are, by line."""
    if not choices or not _is_previewed(owner, import_id):
        return
    alike = (rows_of(import_id), ImportRow.kind == "like", ImportRow.line.in_(choices))
    chosen = case({line: choice.value for line, choice in choices.items()}, value=ImportRow.line)
    db.session.execute(update(ImportRow).where(*alike).values(choice=chosen), execution_options=_UNWATCHED)
