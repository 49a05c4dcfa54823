"""What people pay for: purchases, the ledger of money that moved, refunds, disputes, and what Stripe told."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and bind them to the practice."""
    _stripe_accounts()
    _coupons()
    _purchases()
    _ledger_entries()
    _refunds()
    _disputes()
    _stripe_events()


def _stripe_accounts() -> None:
    op.create_table(
        "stripe_accounts",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("card_payments", sa.Text(), server_default="inactive", nullable=False),
        sa.Column("country", sa.Text(), server_default="", nullable=False),
        sa.Column("wants", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("checked_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_stripe_accounts_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_stripe_accounts")),
    )
    op.create_index("ix_stripe_accounts_account_id", "stripe_accounts", ["account_id"])
    rls.enable_tenant_rls("stripe_accounts")


def _coupons() -> None:
    op.create_table(
        "coupons",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("most_uses", sa.Integer(), nullable=True),
        sa.Column("is_once_a_person", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=True),
        sa.Column("package_id", sa.Uuid(), nullable=True),
        sa.Column("is_off", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.CheckConstraint("(percent is null) <> (amount is null)", name=op.f("ck_coupons_either")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_coupons_amount")),
        sa.CheckConstraint("most_uses > 0", name=op.f("ck_coupons_most_uses")),
        sa.CheckConstraint("percent between 1 and 100", name=op.f("ck_coupons_percent")),
        sa.ForeignKeyConstraint(
            ["practice_id", "offering_id"],
            ["offerings.practice_id", "offerings.id"],
            name=op.f("fk_coupons_practice_id_offering_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "package_id"],
            ["packages.practice_id", "packages.id"],
            name=op.f("fk_coupons_practice_id_package_id"),
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_coupons_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_coupons")),
        sa.UniqueConstraint("practice_id", "code", name=op.f("uq_coupons_practice_id_code")),
    )
    rls.enable_tenant_rls("coupons")


def _purchases() -> None:
    op.create_table("purchases", *_columns_of_purchases(), *_keys_of_purchases())
    _index_purchases()
    rls.enable_tenant_rls("purchases")


def _columns_of_purchases() -> list[sa.Column[Any]]:
    return [
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("package_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("list_amount", sa.Integer(), nullable=False),
        sa.Column("discount", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("fee", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("coupon_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("checkout_id", sa.Text(), nullable=True),
        sa.Column("checkout_url", sa.Text(), nullable=True),
        sa.Column("payment_id", sa.Text(), nullable=True),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("paid_at", _INSTANT, nullable=True),
        sa.Column("closed_at", _INSTANT, nullable=True),
        sa.Column("asked_at", _INSTANT, nullable=True),
    ]


def _keys_of_purchases() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "status in ('open', 'waiting', 'paid', 'failed', 'expired')", name=op.f("ck_purchases_status")
        ),
        sa.CheckConstraint("(booking_id is null) <> (package_id is null)", name=op.f("ck_purchases_either")),
        sa.CheckConstraint("0 <= fee and fee <= amount", name=op.f("ck_purchases_fee")),
        sa.CheckConstraint(
            "amount > 0 and amount = list_amount - discount and discount >= 0", name=op.f("ck_purchases_amount")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "booking_id"],
            ["bookings.practice_id", "bookings.id"],
            name=op.f("fk_purchases_practice_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"],
            ["clients.practice_id", "clients.id"],
            name=op.f("fk_purchases_practice_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "coupon_id"],
            ["coupons.practice_id", "coupons.id"],
            name=op.f("fk_purchases_practice_id_coupon_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "package_id"],
            ["packages.practice_id", "packages.id"],
            name=op.f("fk_purchases_practice_id_package_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_purchases")),
    ]


def _index_purchases() -> None:
    op.create_index("ix_purchases_practice_id_booking_id", "purchases", ["practice_id", "booking_id"])
    op.create_index("ix_purchases_practice_id_checkout_id", "purchases", ["practice_id", "checkout_id"])
    op.create_index("ix_purchases_practice_id_client_id", "purchases", ["practice_id", "client_id", "created_at"])
    op.create_index("ix_purchases_practice_id_coupon_id", "purchases", ["practice_id", "coupon_id"])
    op.create_index("ix_purchases_practice_id_created_at", "purchases", ["practice_id", "created_at"])
    op.create_index("ix_purchases_practice_id_payment_id", "purchases", ["practice_id", "payment_id"])
    op.create_index(
        "ix_purchases_practice_id_undecided",
        "purchases",
        ["practice_id", "expires_at"],
        postgresql_where=sa.text("status in ('open', 'waiting')"),
    )


def _ledger_entries() -> None:
    op.create_table(
        "ledger_entries",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("happened_at", _INSTANT, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.CheckConstraint(
            "(amount > 0) = (kind in ('payment', 'refund_failed', 'dispute_won'))", name=op.f("ck_ledger_entries_sign")
        ),
        sa.CheckConstraint(
            "kind in ('payment', 'refund', 'refund_failed', 'dispute', 'dispute_won')",
            name=op.f("ck_ledger_entries_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "purchase_id"],
            ["purchases.practice_id", "purchases.id"],
            name=op.f("fk_ledger_entries_practice_id_purchase_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint(
            "practice_id", "kind", "reference", name=op.f("uq_ledger_entries_practice_id_kind_reference")
        ),
    )
    op.create_index("ix_ledger_entries_practice_id_happened_at", "ledger_entries", ["practice_id", "happened_at"])
    op.create_index("ix_ledger_entries_practice_id_purchase_id", "ledger_entries", ["practice_id", "purchase_id"])
    rls.enable_tenant_rls("ledger_entries")


def _refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("next_try_at", _INSTANT, nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("settled_at", _INSTANT, nullable=True),
        sa.Column("trouble", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "reason in ('cancelled', 'slot_gone', 'paid_twice', 'asked_for', 'outside')", name=op.f("ck_refunds_reason")
        ),
        sa.CheckConstraint(
            "status in ('asked', 'pending', 'succeeded', 'failed', 'cancelled')", name=op.f("ck_refunds_status")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount")),
        sa.ForeignKeyConstraint(
            ["practice_id", "asked_by"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_refunds_practice_id_asked_by"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "purchase_id"],
            ["purchases.practice_id", "purchases.id"],
            name=op.f("fk_refunds_practice_id_purchase_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("practice_id", "reference", name=op.f("uq_refunds_practice_id_reference")),
    )
    op.create_index("ix_refunds_practice_id_purchase_id", "refunds", ["practice_id", "purchase_id"])
    op.create_index(
        "ix_refunds_practice_id_undecided",
        "refunds",
        ["practice_id", "next_try_at"],
        postgresql_where=sa.text("status in ('asked', 'pending')"),
    )
    rls.enable_tenant_rls("refunds")


def _disputes() -> None:
    op.create_table(
        "disputes",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("answer_by", _INSTANT, nullable=True),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "purchase_id"],
            ["purchases.practice_id", "purchases.id"],
            name=op.f("fk_disputes_practice_id_purchase_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("practice_id", "reference", name=op.f("uq_disputes_practice_id_reference")),
    )
    op.create_index("ix_disputes_practice_id_purchase_id", "disputes", ["practice_id", "purchase_id"])
    rls.enable_tenant_rls("disputes")


def _stripe_events() -> None:
    op.create_table(
        "stripe_events",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("happened_at", _INSTANT, nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("handled_at", _INSTANT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_try_at", _INSTANT, nullable=True),
        sa.Column("trouble", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("outcome in ('handled', 'ignored', 'failed')", name=op.f("ck_stripe_events_outcome")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_stripe_events_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "event_id", name=op.f("pk_stripe_events")),
    )
    op.create_index(
        "ix_stripe_events_practice_id_open",
        "stripe_events",
        ["practice_id", "received_at"],
        postgresql_where=sa.text("handled_at is null"),
    )
    op.create_index("ix_stripe_events_practice_id_received_at", "stripe_events", ["practice_id", "received_at"])
    rls.enable_tenant_rls("stripe_events")
