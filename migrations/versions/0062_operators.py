"""Who may see how the installation stands, and hold mail back from a page.

What they see are counts over all practices. Only the command line, as the worker's role, makes an operator: whoever
gets hold of the web's role cannot make themselves one.
"""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0062"
down_revision = "0059"
branch_labels = None
depends_on = None

_OPERATES = f"(select lookup.is_operator({rls.PERSON}))"


def upgrade() -> None:
    _operators()
    rls.narrow_function("is_operator(person uuid)", "boolean", _IS_OPERATOR)
    rls.narrow_function("operators()", "table (email text, since timestamptz)", _ALL, "coachhub_worker")
    _what_they_see()
    op.execute("grant insert, delete on mail_pauses to coachhub_web")
    rls.policy("mail_pauses", "web_pauses", f"for insert to coachhub_web with check ({_OPERATES})")
    rls.policy("mail_pauses", "web_resumes", f"for delete to coachhub_web using ({_OPERATES})")


_IS_OPERATOR = "select exists (select from operators o where o.user_id = is_operator.person)"
_ALL = "select u.email, o.since from operators o join users u on u.id = o.user_id"


def _operators() -> None:
    op.create_table(
        "operators",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_operators_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_operators")),
    )
    op.execute("alter table operators enable row level security")
    op.execute("alter table operators force row level security")
    op.execute("grant select, insert, delete on operators to coachhub_worker")
    rls.policy("operators", "command_line", "to coachhub_worker using (true) with check (true)")
    rls.let_lookup_read("operators")


def _what_they_see() -> None:
    op.execute("set local role coachhub_lookup")
    op.execute("grant execute on function lookup.mail_settled(timestamptz) to coachhub_web")
    op.execute("grant execute on function lookup.suppressed_addresses() to coachhub_web")
    op.execute("grant execute on function lookup.user_by_email(text) to coachhub_worker")
    op.execute("reset role")
