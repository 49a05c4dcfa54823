"""Packages that clients have, receipts, and what a practice has of the platform."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import rls

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and bind them to the practice."""
    _holdings()
    _credit_entries()
    _sellers()
    _receipts()
    _practice_plans()
    _pretend_objects()
    _look_across_practices()


def _holdings() -> None:
    op.create_table(
        "holdings",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=True),
        sa.Column("purchase_id", sa.Uuid(), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"],
            ["clients.practice_id", "clients.id"],
            name=op.f("fk_holdings_practice_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "granted_by"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_holdings_practice_id_granted_by"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "offering_id"],
            ["offerings.practice_id", "offerings.id"],
            name=op.f("fk_holdings_practice_id_offering_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "package_id"],
            ["packages.practice_id", "packages.id"],
            name=op.f("fk_holdings_practice_id_package_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "purchase_id"],
            ["purchases.practice_id", "purchases.id"],
            name=op.f("fk_holdings_practice_id_purchase_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_holdings")),
        sa.UniqueConstraint("practice_id", "purchase_id", name=op.f("uq_holdings_practice_id_purchase_id")),
    )
    op.create_index("ix_holdings_practice_id_client_id", "holdings", ["practice_id", "client_id"])
    op.create_index("ix_holdings_practice_id_expires_at", "holdings", ["practice_id", "expires_at"])
    rls.enable_tenant_rls("holdings")


def _credit_entries() -> None:
    op.create_table(
        "credit_entries",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("holding_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.CheckConstraint(
            "(count > 0) = (kind in ('bought', 'granted', 'returned', 'rolled_in')) and count <> 0",
            name=op.f("ck_credit_entries_sign"),
        ),
        sa.CheckConstraint(
            "kind in ('bought', 'granted', 'used', 'returned', 'expired', 'rolled_out', 'rolled_in', 'revoked')",
            name=op.f("ck_credit_entries_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "booking_id"],
            ["bookings.practice_id", "bookings.id"],
            name=op.f("fk_credit_entries_practice_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "holding_id"],
            ["holdings.practice_id", "holdings.id"],
            name=op.f("fk_credit_entries_practice_id_holding_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_credit_entries")),
        sa.UniqueConstraint(
            "practice_id",
            "holding_id",
            "kind",
            "booking_id",
            "number",
            name=op.f("uq_credit_entries_practice_id_holding_id_kind_booking_id_number"),
        ),
    )
    op.create_index("ix_credit_entries_practice_id_booking_id", "credit_entries", ["practice_id", "booking_id"])
    op.create_index("ix_credit_entries_practice_id_holding_id", "credit_entries", ["practice_id", "holding_id"])
    rls.enable_tenant_rls("credit_entries")


def _sellers() -> None:
    op.create_table(
        "sellers",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("tax_number", sa.Text(), server_default="", nullable=False),
        sa.Column("tax_name", sa.Text(), server_default="", nullable=False),
        sa.Column("tax_basis_points", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("footer", sa.Text(), server_default="", nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.CheckConstraint("tax_basis_points between 0 and 10000", name=op.f("ck_sellers_tax")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_sellers_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_sellers")),
    )
    rls.enable_tenant_rls("sellers")


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", _INSTANT, nullable=False),
        sa.Column("seller_name", sa.Text(), nullable=False),
        sa.Column("seller_address", sa.Text(), nullable=False),
        sa.Column("tax_number", sa.Text(), nullable=False),
        sa.Column("tax_name", sa.Text(), nullable=False),
        sa.Column("tax_basis_points", sa.Integer(), nullable=False),
        sa.Column("net", sa.Integer(), nullable=False),
        sa.Column("tax", sa.Integer(), nullable=False),
        sa.Column("gross", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "purchase_id"],
            ["purchases.practice_id", "purchases.id"],
            name=op.f("fk_receipts_practice_id_purchase_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "number", name=op.f("pk_receipts")),
        sa.UniqueConstraint("practice_id", "purchase_id", name=op.f("uq_receipts_practice_id_purchase_id")),
    )
    rls.enable_tenant_rls("receipts")


def _practice_plans() -> None:
    op.create_table(
        "practice_plans",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default="free", nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("subscription_id", sa.Text(), nullable=True),
        sa.Column("checkout_id", sa.Text(), nullable=True),
        sa.Column("trial_ends_at", _INSTANT, nullable=True),
        sa.Column("period_ends_at", _INSTANT, nullable=True),
        sa.Column("ends_at", _INSTANT, nullable=True),
        sa.Column("grace_until", _INSTANT, nullable=True),
        sa.Column("granted_until", _INSTANT, nullable=True),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.CheckConstraint(
            "status in ('free', 'trialing', 'active', 'past_due', 'ended')", name=op.f("ck_practice_plans_status")
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_practice_plans_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_practice_plans")),
    )
    op.create_index("ix_practice_plans_customer_id", "practice_plans", ["customer_id"])
    rls.enable_tenant_rls("practice_plans")


def _pretend_objects() -> None:
    op.create_table(
        "pretend_objects",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_pretend_objects_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_pretend_objects")),
    )
    rls.enable_tenant_rls("pretend_objects")


def _look_across_practices() -> None:
    """Which practices have something to settle, and whose account or customer Stripe speaks of: ids and no more."""
    seen = {
        "bookings": "practice_id, status, held_until",
        "purchases": "practice_id, status, expires_at",
        "refunds": "practice_id, status, next_try_at",
        "stripe_events": "practice_id, handled_at, next_try_at",
        "holdings": "practice_id, expires_at",
        "stripe_accounts": "practice_id, account_id",
        "practice_plans": "practice_id, customer_id",
    }
    for table, columns in seen.items():
        op.execute(f"grant select ({columns}) on {table} to coachhub_lookup")
        rls.policy(table, "lookup", "for select to coachhub_lookup using (true)")
    rls.narrow_function("practices_to_settle(at timestamptz)", "setof uuid", _TO_SETTLE, "coachhub_worker")
    rls.narrow_function(
        "practices_with_account()",
        "setof uuid",
        "select practice_id from stripe_accounts order by 1",
        "coachhub_worker",
    )
    rls.narrow_function(
        "practice_of_account(account text)",
        "uuid",
        "select practice_id from stripe_accounts where account_id = account",
    )
    rls.narrow_function(
        "practice_of_customer(customer text)",
        "uuid",
        "select practice_id from practice_plans where customer_id = customer",
    )


_TO_SETTLE = (
    "select practice_id from bookings where status = 'held' and held_until <= at "
    "union select practice_id from purchases where status in ('open', 'waiting') and expires_at <= at "
    "union select practice_id from refunds where status in ('asked', 'pending') and next_try_at <= at "
    "union select practice_id from stripe_events where handled_at is null and coalesce(next_try_at, at) <= at"
)
