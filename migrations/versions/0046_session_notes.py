"""Notes of coaching sessions at three levels, their versions, templates for them, and what a session counts as."""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_WORKS_HERE = f"(select lookup.works_in({rls.PRACTICE}, {rls.PERSON}))"
_AUTHOR = f"author_id = {rls.PERSON}"
_OWN_CLIENT = (
    "exists (select from clients c where c.practice_id = session_notes.practice_id and c.id = session_notes.client_id "
    f"and c.user_id = {rls.PERSON})"
)
_MAY_READ = f"({_WORKS_HERE} and (level <> 'me' or {_AUTHOR})) or (level = 'client' and {_OWN_CLIENT})"
_OWN_NOTE = (
    "exists (select from session_notes n where n.practice_id = session_note_versions.practice_id "
    f"and n.id = session_note_versions.note_id and n.author_id = {rls.PERSON})"
)

# The same as a new practice begins with; whoever works in another language changes or deletes them.
_FIRST = """
insert into note_templates (practice_id, kind, name, text, created_at, changed_at)
select p.id, first.kind, first.name, first.text, now(), now()
from practices p cross join (values
    ('agenda', 'A first conversation', E'- What brings you here, and why now\\n- What would be different in a year\\n'
        '- Who already helps you\\n- The hour a month: what it is, and how we begin'),
    ('agenda', 'A usual conversation', E'- What has happened since we last spoke\\n- What you want to talk about\\n'
        '- One step until next time'),
    ('notes', 'Notes of a conversation', E'# What we spoke about\\n\\n# What became clear\\n\\n'
        '# What comes next'),
    ('notes', 'Looking back on a quarter', E'# What moved\\n\\n# What was hard\\n\\n# Whom it brought back\\n\\n'
        '# What we keep, and what we change')
) as first (kind, name, text)
"""


def upgrade() -> None:
    """Make the tables, bind them, and give each practice its first templates."""
    table = "coaching_sessions"
    op.add_column(table, sa.Column("is_paid", sa.Boolean(), nullable=True))
    op.create_unique_constraint(
        op.f("uq_coaching_sessions_practice_id_id_client_id"), table, ["practice_id", "id", "client_id"]
    )
    _notes()
    _versions()
    _templates()


def _notes() -> None:
    op.create_table(
        "session_notes",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        *_keys_of_notes(),
    )
    op.create_index(
        "ix_session_notes_practice_id_client_id", "session_notes", ["practice_id", "client_id", "changed_at"]
    )
    _bind_notes()


def _keys_of_notes() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint("level in ('me', 'coaches', 'client')", name=op.f("ck_session_notes_level")),
        sa.ForeignKeyConstraint(
            ["practice_id", "session_id", "client_id"],
            ["coaching_sessions.practice_id", "coaching_sessions.id", "coaching_sessions.client_id"],
            name=op.f("fk_session_notes_practice_id_session_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "author_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_session_notes_practice_id_author_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_session_notes")),
        sa.UniqueConstraint(
            "practice_id",
            "session_id",
            "author_id",
            "level",
            name=op.f("uq_session_notes_practice_id_session_id_author_id_level"),
        ),
    ]


def _bind_notes() -> None:
    """By level for the web. A worker reads what the client reads and writes nothing: so no mail or report says more."""
    table, may_write = "session_notes", f"{_AUTHOR} and {_WORKS_HERE}"
    rls.enable_tenant_rls(table)
    rls.policy(table, "level_reads", f"as restrictive for select to coachhub_web using ({_MAY_READ})")
    rls.policy(table, "author_adds", f"as restrictive for insert to coachhub_web with check ({may_write})")
    change = f"as restrictive for update to coachhub_web using ({may_write}) with check ({may_write})"
    rls.policy(table, "author_changes", change)
    rls.policy(table, "author_deletes", f"as restrictive for delete to coachhub_web using ({may_write})")
    rls.policy(table, "workers_read", "as restrictive for select to coachhub_worker using (level = 'client')")
    op.execute(f"revoke insert, update, delete on {table} from coachhub_worker")


def _versions() -> None:
    """For the author alone: others read a note as it stands, and never what was taken out of it."""
    table = "session_note_versions"
    op.create_table(
        table,
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("began_at", _INSTANT, nullable=False),
        sa.Column("written_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "note_id"],
            ["session_notes.practice_id", "session_notes.id"],
            name=op.f("fk_session_note_versions_practice_id_note_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "note_id", "version", name=op.f("pk_session_note_versions")),
    )
    rls.enable_tenant_rls(table)
    whole = f"as restrictive for all to coachhub_web using ({_OWN_NOTE}) with check ({_OWN_NOTE})"
    rls.policy(table, "of_author", whole)
    op.execute(f"revoke all on {table} from coachhub_worker")


def _templates() -> None:
    op.create_table(
        "note_templates",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.CheckConstraint("kind in ('agenda', 'notes')", name=op.f("ck_note_templates_kind")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_note_templates_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_note_templates")),
        sa.UniqueConstraint("practice_id", "kind", "name", name=op.f("uq_note_templates_practice_id_kind_name")),
    )
    rls.enable_tenant_rls("note_templates")
    with rls.seeing_all("practices", "note_templates"):
        op.execute(_FIRST)
