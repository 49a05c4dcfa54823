"""What the reports of a coach count: networks and answers by month, in numbers; and what a month of hours came to."""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_HERE = (
    "here as (select c.id, c.time_zone, (until at time zone c.time_zone)::date as today from clients c "
    f"join unnest(who) asked(id) on asked.id = c.id where c.practice_id = {rls.PRACTICE} and c.user_id is not null "
    f"and (select lookup.works_in({rls.PRACTICE}, {rls.PERSON})))"
)
"""The clients asked for, and their local day; nobody where who asks does not work in the practice."""


def upgrade() -> None:
    """Make the narrow functions, for pages alone, and the table."""
    op.execute("grant select (time_zone) on clients to coachhub_lookup")
    _networks()
    _replies()
    _hours()


def _networks() -> None:
    """A row a client and month: the network's strength at the month's end, or today, and how many friends it counts.

    Each friend is a few turns and not a value a month. Before the first turn they stand at a constant, the sum
    `flat`. From a turn on they fade, all by the same half-life; so what fades is a sum, too, each part of it measured
    as if it were the first day asked for, and a month's end brings the whole of it to its day at once.
    """
    rls.narrow_function(
        "network_by_month(who uuid[], firsts date[], until timestamptz, half_life integer, unknown float8)",
        "table (client_id uuid, month date, strength float8, friends integer)",
        f"with {_HERE}, "
        "people as (select f.id, f.client_id, f.liking / 5.0::float8 as share, f.known_until, f.known_from, "
        "(f.created_at at time zone h.time_zone)::date as added_on, f.last_contact_on from friends f "
        f"join here h on h.id = f.client_id where f.practice_id = {rls.PRACTICE}), "
        "days as (select p.id as friend, p.known_until as day from people p where p.known_until is not null "
        "union select p.id, p.last_contact_on from people p where p.last_contact_on is not null "
        "union select t.friend_id, t.happened_on from contacts t join here h on h.id = t.client_id "
        f"where t.practice_id = {rls.PRACTICE} and t.how <> 'warm_up' "
        "union select g.friend_id, (g.held_at at time zone h.time_zone)::date from logs g "
        f"join here h on h.id = g.client_id where g.practice_id = {rls.PRACTICE}), "
        "turns as (select p.id as friend, p.client_id, p.share, d.day, "
        "lag(d.day) over (partition by p.id order by d.day) as before from people p join days d on d.friend = p.id "
        "where p.known_until is null or d.day >= p.known_until), "
        "starts as (select p.client_id, least(p.known_from, p.added_on, min(d.day)) as day, "
        "p.share * case when p.known_until is null then unknown else 1 end as flat, "
        "min(d.day) filter (where p.known_until is null or d.day >= p.known_until) as first_turn from people p "
        "left join days d on d.friend = p.id group by p.id, p.client_id, p.share, p.known_until, p.known_from, "
        "p.added_on), "
        "changes as (select s.client_id, s.day, s.flat, 0 as fading, 1 as friends from starts s "
        "union all select s.client_id, s.first_turn, -s.flat, 0, 0 from starts s where s.first_turn is not null "
        "union all select t.client_id, t.day, 0, t.share * (power(2::float8, greatest((t.day - firsts[1]) "
        "/ half_life::float8, -1000)) - coalesce(power(2::float8, greatest((t.before - firsts[1]) "
        "/ half_life::float8, -1000)), 0)), 0 from turns t), "
        "of_month as (select x.client_id, greatest(width_bucket(x.day, firsts), 1) as number, sum(x.flat) as flat, "
        "sum(x.fading) as fading, sum(x.friends)::integer as friends from changes x "
        "join here h on h.id = x.client_id where x.day <= h.today "
        "and x.day < firsts[cardinality(firsts)] + interval '1 month' group by 1, 2), "
        "ends as (select h.id as client_id, m.number, m.month, "
        "least((m.month + interval '1 month')::date - 1, h.today) as day from here h "
        "cross join unnest(firsts) with ordinality m(month, number) where m.month <= h.today), "
        "sums as (select e.client_id, e.month, e.day, sum(o.flat) over so_far as flat, "
        "sum(o.fading) over so_far as fading, sum(o.friends) over so_far as friends from ends e "
        "left join of_month o on o.client_id = e.client_id and o.number = e.number "
        "window so_far as (partition by e.client_id order by e.number)) "
        "select s.client_id, s.month, s.flat + s.fading * power(2::float8, (firsts[1] - s.day) / half_life::float8), "
        "s.friends::integer from sums s where s.friends > 0",
        "coachhub_web",
    )


def _replies() -> None:
    """A row a client and month with messages: how many friends were written to in it, how many of them answered, and
    how many were met after that. Months are the client's own.

    Messages and meetups lie in one heap, grouped by friend: a plan that is kept joins nothing large to anything.
    """
    rls.narrow_function(
        "replies_by_month(who uuid[], since date, until timestamptz)",
        "table (client_id uuid, month date, written integer, answered integer, met_again integer)",
        f"with {_HERE}, "
        "happened as (select n.client_id, n.friend_id, "
        "date_trunc('month', n.sent_at at time zone h.time_zone)::date as month, n.sent_at, "
        "n.answer is not null as answered, null::timestamptz as met_at from invitations n "
        f"join here h on h.id = n.client_id where n.practice_id = {rls.PRACTICE} "
        "and n.sent_at between since - interval '1 day' and until "
        "union all select u.client_id, u.friend_id, null, null, null, coalesce(g.held_at, u.starts_at) from meetups u "
        "join here h on h.id = u.client_id left join logs g on g.practice_id = u.practice_id and g.meetup_id = u.id "
        f"where u.practice_id = {rls.PRACTICE} and u.status = 'held'), "
        "of_friend as (select x.client_id, x.month, min(x.sent_at) as sent_at, bool_or(x.answered) as answered, "
        "max(max(x.met_at)) over (partition by x.friend_id) as met_at from happened x "
        "group by x.client_id, x.friend_id, x.month) "
        "select f.client_id, f.month, count(*)::integer, (count(*) filter (where f.answered))::integer, "
        "(count(*) filter (where f.met_at >= f.sent_at))::integer from of_friend f where f.month >= since "
        "group by 1, 2",
        "coachhub_web",
    )


def _hours() -> None:
    """Weekly hours are only what they are now: what a month of them came to is kept when the month is over."""
    op.create_table(
        "coach_months",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_coach_months_month_first")),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_coach_months_minutes")),
        sa.ForeignKeyConstraint(
            ["practice_id", "coach_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_coach_months_practice_id_coach_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "coach_id", "month", name=op.f("pk_coach_months")),
    )
    rls.enable_tenant_rls("coach_months")
