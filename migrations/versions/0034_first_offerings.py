"""What a new practice begins with, for the practices that exist: a page, two offerings, and a week for each coach."""

from alembic import op

from migrations import rls

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

PAGES = """
insert into practice_pages (practice_id, changed_at) select id, now() from practices on conflict do nothing
"""

# A practice that has an offering already has thought about it.
OFFERINGS = """
with first (slug, title, description, status, minutes, is_intro, position) as (values
    ('intro', 'Free intro call', 'Half an hour to get to know each other and to see whether coaching can help.',
     'open', 30, true, 0),
    ('session', 'Coaching session', 'An hour for what matters to you now.', 'draft', 60, false, 1)
), added as (
    insert into offerings (practice_id, slug, title, description, status, minutes, is_intro, position, price, currency,
        place_kind, created_at, changed_at)
    select p.id, first.slug, first.title, first.description, first.status, first.minutes, first.is_intro,
        first.position, 0, p.currency, 'video', now(), now()
    from practices p cross join first
    where not exists (select from offerings o where o.practice_id = p.id)
    returning practice_id, id
)
insert into offering_coaches (practice_id, offering_id, coach_id)
select added.practice_id, added.id, m.user_id
from added join memberships m on m.practice_id = added.practice_id and m.role = 'owner'
"""

WEEKS = """
with added as (
    insert into coach_profiles (practice_id, coach_id, time_zone)
    select m.practice_id, m.user_id, u.time_zone
    from memberships m join users u on u.id = m.user_id
    where m.role in ('owner', 'coach')
    on conflict do nothing
    returning practice_id, coach_id
)
insert into weekly_hours (practice_id, coach_id, weekday, from_minute, until_minute)
select practice_id, coach_id, weekday, 540, 1020 from added cross join generate_series(0, 4) as weekday
"""

_TOUCHED = (
    "practices",
    "users",
    "memberships",
    "practice_pages",
    "offerings",
    "offering_coaches",
    "coach_profiles",
    "weekly_hours",
)


def upgrade() -> None:
    """Fill in what is missing; whoever has set something up keeps it."""
    with rls.seeing_all(*_TOUCHED):
        for statement in (PAGES, OFFERINGS, WEEKS):
            op.execute(statement)
