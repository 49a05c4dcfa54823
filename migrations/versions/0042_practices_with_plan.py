"""Which practices have something of the platform's plan, for the operator and for the nightly look."""

from migrations import rls

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_WITH_PLAN = "select practice_id from practice_plans order by 1"


def upgrade() -> None:
    """A function that answers with practices and nothing else."""
    rls.narrow_function("practices_with_plan()", "setof uuid", _WITH_PLAN, "coachhub_worker")
