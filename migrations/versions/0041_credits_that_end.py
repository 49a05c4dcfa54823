"""Credits that expire once, and what coupons pay for entirely."""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_OVER = "select distinct practice_id from holdings where expires_at <= at and expired_at is null"


def upgrade() -> None:
    """When a holding's rest was written off, why a coach gave or took sessions, and a use of a coupon without money."""
    op.add_column("holdings", sa.Column("expired_at", _INSTANT, nullable=True))
    op.add_column("credit_entries", sa.Column("note", sa.Text(), server_default="", nullable=False))
    op.create_index(
        "uq_credit_entries_booking",
        "credit_entries",
        ["practice_id", "booking_id", "kind", "number"],
        unique=True,
        postgresql_where=sa.text("booking_id is not null"),
    )
    op.execute("grant select (expired_at) on holdings to coachhub_lookup")
    rls.narrow_function("practices_with_credits_over(at timestamptz)", "setof uuid", _OVER, "coachhub_worker")
    _coupon_gifts()


def _coupon_gifts() -> None:
    op.create_table(
        "coupon_gifts",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("coupon_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("holding_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_coupon_gifts_amount")),
        sa.CheckConstraint("(booking_id is null) <> (holding_id is null)", name=op.f("ck_coupon_gifts_either")),
        *(
            sa.ForeignKeyConstraint(
                ["practice_id", f"{one}_id"],
                [f"{one}s.practice_id", f"{one}s.id"],
                name=op.f(f"fk_coupon_gifts_practice_id_{one}_id"),
            )
            for one in ("coupon", "booking", "holding", "client")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_coupon_gifts")),
        sa.UniqueConstraint("practice_id", "booking_id", name=op.f("uq_coupon_gifts_practice_id_booking_id")),
        sa.UniqueConstraint("practice_id", "holding_id", name=op.f("uq_coupon_gifts_practice_id_holding_id")),
    )
    op.create_index("ix_coupon_gifts_practice_id_coupon_id", "coupon_gifts", ["practice_id", "coupon_id"])
    rls.enable_tenant_rls("coupon_gifts")
