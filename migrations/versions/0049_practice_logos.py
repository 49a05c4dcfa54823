"""Logos of practices, written by those who work there; and the facts of a network for whoever writes reports.

The worker role reads the rows of its practice anyway. Asking by the same function as the pages, it comes to the same
strength.
"""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_TABLE = "practice_logos"
_WORKS_HERE = f"(select lookup.works_in({rls.PRACTICE}, {rls.PERSON}))"
_MAY_ASK = (
    f"(exists (select from clients c where c.practice_id = {rls.PRACTICE} and c.id = client "
    f"and (c.user_id = {rls.PERSON} or session_user = 'coachhub_worker')) or exists (select from memberships s "
    f"where s.practice_id = {rls.PRACTICE} and s.user_id = {rls.PERSON} and s.role in ('owner', 'coach')))"
)
"""The client as a person, somebody who works in the practice of the running transaction, or a worker bound to it."""


def upgrade() -> None:
    """Make the table and bind it; let workers ask."""
    op.create_table(
        _TABLE,
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("media_type in ('image/png', 'image/jpeg')", name=op.f("ck_practice_logos_media_type")),
        sa.CheckConstraint("width > 0 and height > 0", name=op.f("ck_practice_logos_size")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_practice_logos_practice_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_practice_logos")),
    )
    rls.enable_tenant_rls(_TABLE)
    rls.policy(_TABLE, "adds", f"as restrictive for insert to coachhub_web with check ({_WORKS_HERE})")
    rls.policy(_TABLE, "changes", f"as restrictive for update to coachhub_web using ({_WORKS_HERE})")
    rls.policy(_TABLE, "deletes", f"as restrictive for delete to coachhub_web using ({_WORKS_HERE})")
    _let_workers_ask()


def _here(table: str) -> str:
    return f"{table}.practice_id = {rls.PRACTICE} and {table}.client_id = client"


def _let_workers_ask() -> None:
    """The body of migration 0012, with one more who may ask."""
    op.execute("set local role coachhub_lookup")
    op.execute(
        "create or replace function lookup.network_facts(client uuid) "
        "returns table (kind text, liking integer, employer integer, known_from date, known_until date, "
        "last_contact_on date, added_at timestamptz, contacts date[], held timestamptz[]) "
        "language sql stable security definer set search_path = public, pg_temp as $$ "
        "select min(x.kind), min(x.liking), min(x.employer)::integer, min(x.known_from), min(x.known_until), "
        "min(x.last_contact_on), min(x.created_at), array_agg(x.day) filter (where x.day is not null), "
        "array_agg(x.instant) filter (where x.instant is not null) from ("
        "select f.id as friend, f.kind, f.liking, case when f.company <> '' then dense_rank() over "
        "(order by hashtextextended(lower(f.company), 0)) end as employer, f.known_from, f.known_until, "
        "f.last_contact_on, f.created_at, null::date as day, null::timestamptz as instant "
        f"from friends f where {_here('f')} "
        "union all select t.friend_id, null, null, null, null, null, null, null, t.happened_on, null "
        f"from contacts t where {_here('t')} and t.how <> 'warm_up' "
        "union all select g.friend_id, null, null, null, null, null, null, null, null, g.held_at "
        f"from logs g where {_here('g')}) x where {_MAY_ASK} group by x.friend order by 1, 2, 4 $$"
    )
    op.execute("grant execute on function lookup.network_facts(uuid) to coachhub_worker")
    op.execute("reset role")
