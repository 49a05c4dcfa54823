"""The client's word: those who are ticked become friends, the others are forgotten at once."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, TextClause, func, select, text, update

from coachhub.network.models import Friend, Import
from coachhub.network.service.changes import changed
from coachhub.network.service.imports.matching import leave_out_friends
from coachhub.network.service.imports.preview import tally_of
from coachhub.network.service.imports.records import State, mine
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by, owner_of
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.jobs import enqueue
from coachhub.platform.tenancy import as_practice, current_practice

LIKING = 3
"""How much the company of somebody from a file is liked, until the client says: "I like it"."""
LEFT_OUT_KEPT = timedelta(days=30)
"""How long the lines that were not taken can still be read."""

_ADD = text(
    "insert into friends (practice_id, client_id, user_id, shared, name, company, title, email, phone, city, profile, "
    "known_from, notes, liking, created_at, number, import_id) select :practice, :client, :user, :shared, name, "
    "company, title, email, phone, city, profile, known_since, notes, :liking, :now, "
    ":last + row_number() over (order by line), :import from import_rows "
    "where practice_id = :practice and import_id = :import "
    "and (kind = 'like' and choice = 'add' or kind in ('new', 'other') and ticked <> coalesce(jsonb_exists((select "
    "details -> 'ticked' from imports where practice_id = :practice and id = :import), kind), false))"
)
_FILL = text(
    "update friends as f set "
    "company = coalesce(nullif(f.company, ''), r.company), title = coalesce(nullif(f.title, ''), r.title), "
    "email = coalesce(nullif(f.email, ''), r.email), phone = coalesce(nullif(f.phone, ''), r.phone), "
    "city = coalesce(nullif(f.city, ''), r.city), profile = coalesce(nullif(f.profile, ''), r.profile), "
    "notes = coalesce(nullif(f.notes, ''), r.notes), known_from = coalesce(f.known_from, r.known_since) "
    "from (select distinct on (friend_id) * from import_rows where practice_id = :practice and import_id = :import "
    "and kind = 'like' and choice = 'fill' order by friend_id, line) as r "
    "where f.practice_id = :practice and f.client_id = :client and f.id = r.friend_id"
)
_FORGET = text(
    "delete from import_rows where practice_id = :practice and import_id = :import "
    "and (kind in ('new', 'other') or choice in ('add', 'fill'))"
)
_TRIM = text(
    "update import_rows set title = '', email = '', phone = '', city = '', profile = '', known_since = null, "
    "notes = '' where practice_id = :practice and import_id = :import and kind in ('like', 'same')"
)


def ask_to_take(owner: Owner, import_id: UUID) -> bool:
    """Have a worker take who is ticked. False where nobody is; after the first time there is nothing to do."""
    one_at_a_time(owner)
    previewed = (mine(owner), Import.id == import_id, Import.state == State.PREVIEW)
    if db.session.execute(select(Import.id).where(*previewed)).scalar_one_or_none() is None:
        return True
    if not tally_of(import_id).wanted:
        return False
    now = clock.machine_now()
    db.session.execute(update(Import).where(*previewed).values(state=State.ADDING, touched_at=now))
    enqueue("workers.jobs.take_import", current_practice(), import_id)
    return True


def take_import(practice_id: UUID, import_id: UUID) -> None:
    """Add who is ticked, in one transaction; an import on which the client has not given their word is left alone."""
    with as_practice(practice_id):
        query = select(Import.client_id).where(Import.practice_id == practice_id, Import.id == import_id)
        client_id = db.session.execute(query).scalar_one_or_none()
        if client_id is not None:
            _take(owner_of(client_id), import_id)


def _take(owner: Owner, import_id: UUID) -> None:
    shared = one_at_a_time(owner)
    waiting = (mine(owner), Import.id == import_id, Import.state == State.ADDING)
    if db.session.execute(select(Import.id).where(*waiting)).scalar_one_or_none() is None:
        return
    leave_out_friends(owner, import_id)
    names = {"practice": current_practice(), "client": owner.client_id, "import": import_id}
    added = _count(_ADD, names | _of_each_friend(owner, shared))
    filled = _count(_FILL, names)
    for statement in (_FORGET, _TRIM):
        _count(statement, names)
    now = clock.now()
    done = {"state": State.DONE, "added": added, "finished_at": now, "kept_until": now + LEFT_OUT_KEPT}
    db.session.execute(update(Import).where(*waiting).values(details={"filled": filled}, **done))
    changed(owner)


def _of_each_friend(owner: Owner, shared: bool) -> dict[str, object]:
    last = db.session.execute(select(func.max(Friend.number)).where(owned_by(owner, Friend))).scalar_one() or 0
    return {"user": owner.user_id, "shared": shared, "liking": LIKING, "now": clock.now(), "last": last}


def _count(statement: TextClause, names: dict[str, Any]) -> int:
    return cast("CursorResult[Any]", db.session.execute(statement, names)).rowcount
