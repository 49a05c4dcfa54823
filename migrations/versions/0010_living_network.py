"""What a living network needs: contacts, free hours, imports, answers that offer another time."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import rls

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TIMES = postgresql.ARRAY(postgresql.TIMESTAMP(timezone=True))


def upgrade() -> None:
    """Make the tables, add the columns, bind what is new, and fill in what is known already."""
    _contacts()
    _free_hours()
    _imports()
    for table in ("contacts", "free_hours", "imports"):
        rls.enable_person_rls(table)
    _friends()
    _invitations()
    _meetups()
    _logs()
    _templates()
    with rls.seeing_all("friends", "contacts", "logs", "clients"):
        _count_friends()
        _remember_contacts()


def _of_person(*more: sa.Column[object] | sa.Constraint, table: str) -> None:
    op.create_table(
        table,
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id", "user_id"],
            ["clients.practice_id", "clients.id", "clients.user_id"],
            name=op.f(f"fk_{table}_practice_id_client_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}")),
    )


def _contacts() -> None:
    hows = "'call', 'message', 'in_person', 'other', 'remembered', 'warm_up'"
    _of_person(
        sa.Column("friend_id", sa.Uuid(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"how in ({hows})", name=op.f("ck_contacts_how")),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id", "friend_id"],
            ["friends.practice_id", "friends.client_id", "friends.id"],
            name=op.f("fk_contacts_practice_id_client_id_friend_id"),
            ondelete="CASCADE",
        ),
        table="contacts",
    )
    op.create_index("ix_contacts_practice_id_friend_id", "contacts", ["practice_id", "friend_id", "happened_on"])
    op.create_index("ix_contacts_practice_id_client_id", "contacts", ["practice_id", "client_id", "happened_on"])


def _free_hours() -> None:
    _of_person(
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_free_hours_weekday")),
        sa.UniqueConstraint(
            "practice_id", "client_id", "weekday", "at", name=op.f("uq_free_hours_practice_id_client_id_weekday_at")
        ),
        table="free_hours",
    )


def _imports() -> None:
    states = "'waiting', 'reading', 'columns', 'preview', 'adding', 'done', 'failed', 'undone'"
    _of_person(
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("size", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("done", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("added", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("details", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"state in ({states})", name=op.f("ck_imports_state")),
        table="imports",
    )
    op.create_index("ix_imports_practice_id_client_id", "imports", ["practice_id", "client_id", "created_at"])


def _friends() -> None:
    op.add_column("friends", sa.Column("number", sa.Integer(), server_default=sa.text("0"), nullable=False))
    for name in ("title", "profile"):
        op.add_column("friends", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("friends", sa.Column("time_zone", sa.Text(), nullable=True))
    op.add_column("friends", sa.Column("import_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_friends_practice_id_import_id"),
        "friends",
        "imports",
        ["practice_id", "import_id"],
        ["practice_id", "id"],
        ondelete="SET NULL (import_id)",
    )
    op.create_index(
        "ix_friends_practice_id_import_id",
        "friends",
        ["practice_id", "import_id"],
        postgresql_where=sa.text("import_id is not null"),
    )


def _invitations() -> None:
    for name in ("ask", "reply_note"):
        op.add_column("invitations", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("invitations", sa.Column("answered_by", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_invitations_answered_by"), "invitations", "answered_by in ('client', 'friend')")
    op.add_column("invitations", sa.Column("counter_times", _TIMES, server_default="{}", nullable=False))
    op.add_column("invitations", sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("invitations", sa.Column("followed_up_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f("ck_invitations_answer"), "invitations")
    op.create_check_constraint(
        op.f("ck_invitations_answer"), "invitations", "answer in ('yes', 'no', 'later', 'other')"
    )


def _meetups() -> None:
    op.add_column("meetups", sa.Column("invitation_id", sa.Uuid(), nullable=True))
    op.add_column("meetups", sa.Column("cancelled_by", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_meetups_cancelled_by"), "meetups", "cancelled_by in ('client', 'friend')")
    op.create_foreign_key(
        op.f("fk_meetups_practice_id_invitation_id"),
        "meetups",
        "invitations",
        ["practice_id", "invitation_id"],
        ["practice_id", "id"],
        ondelete="SET NULL (invitation_id)",
    )
    op.create_index(
        "ix_meetups_practice_id_invitation_id",
        "meetups",
        ["practice_id", "invitation_id"],
        postgresql_where=sa.text("invitation_id is not null"),
    )
    op.add_column("meetup_moves", sa.Column("moved_by", sa.Text(), server_default="client", nullable=False))
    op.create_check_constraint(op.f("ck_meetup_moves_moved_by"), "meetup_moves", "moved_by in ('client', 'friend')")


def _logs() -> None:
    for name in ("follow_up_done_at", "thanked_at"):
        op.add_column("logs", sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def _templates() -> None:
    op.add_column("habit_templates", sa.Column("purpose", sa.Text(), server_default="invite", nullable=False))
    op.create_check_constraint(
        op.f("ck_habit_templates_purpose"),
        "habit_templates",
        "purpose in ('invite', 'follow_up', 'thanks', 'warm_up')",
    )
    op.drop_constraint(op.f("pk_habit_templates"), "habit_templates")
    op.create_primary_key(op.f("pk_habit_templates"), "habit_templates", ["practice_id", "habit_id", "purpose", "tone"])


def _count_friends() -> None:
    op.execute(
        "update friends set number = counted.number from (select practice_id, id, row_number() over "
        "(partition by practice_id, client_id order by created_at, id) as number from friends) as counted "
        "where friends.practice_id = counted.practice_id and friends.id = counted.id"
    )


def _remember_contacts() -> None:
    """A last contact that is not the day of a meetup is what the client remembered."""
    op.execute(
        "insert into contacts (practice_id, client_id, user_id, shared, friend_id, happened_on, how, created_at) "
        "select f.practice_id, f.client_id, f.user_id, f.shared, f.id, f.last_contact_on, 'remembered', f.created_at "
        "from friends f join clients c on c.practice_id = f.practice_id and c.id = f.client_id "
        "where f.last_contact_on is not null and not exists (select from logs l where l.practice_id = f.practice_id "
        "and l.friend_id = f.id and (l.held_at at time zone c.time_zone)::date = f.last_contact_on)"
    )
