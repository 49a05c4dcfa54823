"""Who of a file is a friend already? Set by set, in SQL.

The key is the profile, then the e-mail address. Name and company only suggest: they are shown side by side, and the
client decides. A friend who was written down by hand, without address and profile, is suggested by name alone: the
company that a client writes is where they worked together, and a file has where the friend works now.
"""

from uuid import UUID

from sqlalchemy import TextClause, exists, select, text

from coachhub.network.models import Friend
from coachhub.network.service.owner import Owner, owned_by
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

# Fresh rows have no statistics: the planner takes them for a handful and would look at every friend for each of them.
_PLAN = text("set local enable_nestloop = off")
_FRIENDS = (
    "theirs as materialized (select id, profile, lower(email) as email, lower(name) as name, lower(company) as company,"
    " profile = '' and email = '' as by_hand from friends where practice_id = :practice and client_id = :client), "
    "lines as materialized (select line, profile, lower(email) as email, lower(name) as name,"
    " lower(company) as company from import_rows where practice_id = :practice and import_id = :import"
    " and kind in ({kinds}){more}), "
)
_SET = (
    "update import_rows as r set kind = '{kind}', friend_id = best.id, ticked = false, choice = '' "
    "from (select distinct on (line) line, id from found order by line, rank, id) as best "
    "where r.practice_id = :practice and r.import_id = :import and r.line = best.line"
)
_FOUND_SAME = (
    "found as (select line, id, 1 as rank from lines join theirs using (profile) where profile <> '' "
    "union all select line, id, 2 from lines join theirs using (email) where email <> '') "
)
_FOUND_LIKE = (
    "found as (select line, id, case when t.company = l.company then 1 else 2 end as rank "
    "from lines as l join theirs as t using (name) where t.company in (l.company, '') or t.by_hand) "
)
_ALL = {"kinds": "'new', 'other'", "more": ""}
_TAKEN = {"kinds": "'new', 'other', 'like'", "more": " and (kind <> 'like' or choice = 'add')"}
_MARK_SAME = text("with " + _FRIENDS.format(**_ALL) + _FOUND_SAME + _SET.format(kind="same"))
_MARK_LIKE = text("with " + _FRIENDS.format(**_ALL) + _FOUND_LIKE + _SET.format(kind="like"))
_MARK_SAME_OF_TAKEN = text("with " + _FRIENDS.format(**_TAKEN) + _FOUND_SAME + _SET.format(kind="same"))


def match_friends(owner: Owner, import_id: UUID) -> None:
    """Mark who of a freshly read file is a friend already, and who looks like one."""
    _mark(owner, import_id, _MARK_SAME, _MARK_LIKE)


def leave_out_friends(owner: Owner, import_id: UUID) -> None:
    """Of those who are about to be taken, leave out who has become a friend since: by another file, or by hand."""
    _mark(owner, import_id, _MARK_SAME_OF_TAKEN)


def _mark(owner: Owner, import_id: UUID, *statements: TextClause) -> None:
    """A first file meets no friends: then there is nothing to compare thirty thousand lines with."""
    if not db.session.execute(select(exists().where(owned_by(owner, Friend)))).scalar_one():
        return
    names = {"practice": current_practice(), "client": owner.client_id, "import": import_id}
    for statement in (_PLAN, *statements):
        db.session.execute(statement, names)
