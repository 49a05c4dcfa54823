"""What lies between a file and a network: the file itself until it is read, its people until they are taken."""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say who is at an import and how long it is kept; make the tables, then bind them."""
    _progress()
    _chunks()
    _rows()
    for table in ("import_chunks", "import_rows"):
        rls.enable_person_rls(table)
    _tending()


def _progress() -> None:
    op.add_column("imports", sa.Column("digest", sa.Text(), server_default="", nullable=False))
    op.add_column("imports", sa.Column("run_id", sa.Uuid(), nullable=True))
    for name in ("touched_at", "kept_until"):
        op.add_column("imports", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_unique_constraint(op.f("uq_imports_practice_id_id_user_id"), "imports", ["practice_id", "id", "user_id"])


def _of_import(table: str, number: str, *more: sa.Column[object] | sa.Constraint) -> None:
    op.create_table(
        table,
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column(number, sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            ["practice_id", "import_id", "user_id"],
            ["imports.practice_id", "imports.id", "imports.user_id"],
            name=op.f(f"fk_{table}_practice_id_import_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "import_id", number, name=op.f(f"pk_{table}")),
    )


def _chunks() -> None:
    _of_import("import_chunks", "number", sa.Column("content", sa.LargeBinary(), nullable=False))
    op.execute("alter table import_chunks alter column content set storage external")


def _rows() -> None:
    def word(name: str, default: str = "") -> sa.Column[object]:
        return sa.Column(name, sa.Text(), server_default=default, nullable=False)

    _of_import(
        "import_rows",
        "line",
        word("kind", "new"),
        sa.Column("ticked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        word("choice"),
        sa.Column("friend_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        *(word(name) for name in ("company", "title", "email", "phone", "city", "profile")),
        sa.Column("known_since", sa.Date(), nullable=True),
        word("notes"),
        word("reason"),
        sa.Column("earlier", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("kind in ('new', 'other', 'same', 'like', 'left')", name=op.f("ck_import_rows_kind")),
        sa.CheckConstraint("choice in ('', 'skip', 'fill', 'add')", name=op.f("ck_import_rows_choice")),
    )


def _tending() -> None:
    """What a sweep asks: which imports wait or stand still, and which have lain here for too long?"""
    op.execute("grant select (practice_id, id, state, touched_at, kept_until) on imports to coachhub_lookup")
    rls.policy("imports", "tending", "for select to coachhub_lookup using (true)")
    rls.narrow_function(
        "imports_to_tend(at timestamptz, silent_since timestamptz)",
        "table (practice_id uuid, import_id uuid)",
        "select practice_id, id from imports where kept_until <= at "
        "or (state in ('waiting', 'reading', 'adding') and touched_at <= silent_since)",
        "coachhub_worker",
    )
