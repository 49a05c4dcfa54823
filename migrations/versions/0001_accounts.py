"""Practices, users, memberships, sign-in, team invitations, audit."""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then bind them."""
    _practices()
    _users()
    _memberships()
    _logins()
    _email_proofs()
    _team_invites()
    _audit_entries()
    _policies()


def _practices() -> None:
    op.create_table(
        "practices",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("accent", sa.Text(), nullable=True),
        sa.Column("half_life_days", sa.Integer(), server_default=sa.text("270"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("half_life_days between 30 and 3650", name=op.f("ck_practices_half_life")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practices")),
        sa.UniqueConstraint("slug", name=op.f("uq_practices_slug")),
    )


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )


def _memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role in ('owner', 'coach', 'client')", name=op.f("ck_memberships_role")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_memberships_practice_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id")),
        sa.PrimaryKeyConstraint("practice_id", "user_id", name=op.f("pk_memberships")),
    )
    op.create_index("ix_memberships_user_id", "memberships", ["user_id", "practice_id"], unique=False)


def _logins() -> None:
    op.create_table(
        "logins",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_logins_practice_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_logins_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_logins_token_hash")),
    )
    op.create_index("ix_logins_user_id", "logins", ["user_id"], unique=False)


def _email_proofs() -> None:
    op.create_table(
        "email_proofs",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('sign_in', 'verify', 'reset')", name=op.f("ck_email_proofs_kind")),
        sa.ForeignKeyConstraint(
            ["practice_id", "user_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_email_proofs_practice_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_email_proofs")),
    )
    op.create_index(
        "ix_email_proofs_practice_id_created_at", "email_proofs", ["practice_id", "created_at"], unique=False
    )
    op.create_index(
        "ix_email_proofs_practice_id_user_id",
        "email_proofs",
        ["practice_id", "user_id", "kind"],
        unique=False,
    )


def _team_invites() -> None:
    op.create_table(
        "team_invites",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role in ('owner', 'coach')", name=op.f("ck_team_invites_role")),
        sa.ForeignKeyConstraint(
            ["practice_id", "invited_by"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_team_invites_practice_id_invited_by"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_team_invites")),
    )
    op.create_index(
        "ix_team_invites_practice_id_created_at", "team_invites", ["practice_id", "created_at"], unique=False
    )


def _audit_entries() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_audit_entries_actor_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_audit_entries_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_practice_id_at", "audit_entries", ["practice_id", "at"], unique=False)


def _policies() -> None:
    own = f"user_id = {rls.PERSON}"
    here = f"practice_id = {rls.PRACTICE}"
    op.execute(f"grant select on alembic_version to {rls.APPLICATION}")
    op.execute("create schema lookup")
    op.execute("grant usage, create on schema lookup to coachhub_lookup")
    op.execute(f"grant usage on schema lookup to {rls.APPLICATION}")
    for table in ("practices", "users", "memberships", "logins"):
        rls.force_rls(table)
        rls.let_lookup_read(table)
    for table in ("email_proofs", "team_invites", "audit_entries"):
        rls.enable_tenant_rls(table)
    rls.policy("email_proofs", "person", f"as restrictive to coachhub_web using ({own}) with check ({own})")
    rls.policy("logins", "person", f"to coachhub_web using ({own}) with check ({own})")
    rls.policy("memberships", "tenant", f"to {rls.APPLICATION} using ({here}) with check ({here})")
    rls.policy("memberships", "own", f"for select to coachhub_web using ({own})")
    _practice_policies()
    _user_policies(here)
    _narrow_functions()


def _practice_policies() -> None:
    here = f"id = {rls.PRACTICE}"
    rls.policy("practices", "tenant", f"to {rls.APPLICATION} using ({here}) with check ({here})")
    mine = f"exists (select from memberships m where m.practice_id = id and m.user_id = {rls.PERSON})"
    rls.policy("practices", "mine", f"for select to coachhub_web using ({mine})")


def _user_policies(here: str) -> None:
    """Users are global: a person's own row, and (reading) those of the practice's members."""
    own = f"id = {rls.PERSON}"
    rls.policy("users", "own", f"to coachhub_web using ({own}) with check ({own})")
    members = f"exists (select from memberships m where m.user_id = users.id and m.{here})"
    rls.policy("users", "members", f"for select to {rls.APPLICATION} using ({members})")


def _narrow_functions() -> None:
    rls.narrow_function(
        "login(token bytea, at timestamptz)",
        "table (login_id uuid, user_id uuid, practice_id uuid)",
        "select id, user_id, practice_id from logins where token_hash = token and expires_at > at",
        "coachhub_web",
    )
    rls.narrow_function(
        "user_by_email(address text)",
        "table (user_id uuid, practice_id uuid)",
        "select u.id, (select m.practice_id from memberships m where m.user_id = u.id "
        "order by m.created_at limit 1) from users u where u.email = address",
        "coachhub_web",
    )
    rls.narrow_function(
        "practice_by_slug(wanted text)",
        "uuid",
        "select id from practices where slug = wanted",
        "coachhub_web",
    )
    rls.narrow_function("practice_ids()", "setof uuid", "select id from practices order by id")
