"""What a coach may know of a network: facts and counts without names, texts or ids."""

from alembic import op

from migrations import rls

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# What the owner of the functions may read, column by column: no name, no address, no note.
_COLUMNS = {
    "clients": "practice_id, id, user_id",
    "friends": "practice_id, id, client_id, company, kind, liking, known_from, known_until, last_contact_on, "
    "created_at",
    "contacts": "practice_id, client_id, friend_id, happened_on, how",
    "invitations": "practice_id, client_id, friend_id, sent_at, answer",
    "meetups": "practice_id, id, client_id, friend_id, starts_at, minutes, status",
    "meetup_moves": "practice_id, client_id, meetup_id, moved_at",
    "logs": "practice_id, client_id, meetup_id, friend_id, held_at, minutes, help_given, help_received",
}
_MAY_ASK = (
    f"(exists (select from clients c where c.practice_id = {rls.PRACTICE} and c.id = client "
    f"and c.user_id = {rls.PERSON}) or exists (select from memberships s where s.practice_id = {rls.PRACTICE} "
    f"and s.user_id = {rls.PERSON} and s.role in ('owner', 'coach')))"
)
"""Only the client as a person, or somebody who works in the practice of the running transaction."""


def upgrade() -> None:
    """Make the narrow functions, for pages alone."""
    for table, columns in _COLUMNS.items():
        op.execute(f"grant select ({columns}) on {table} to coachhub_lookup")
        rls.policy(table, "network_facts", "for select to coachhub_lookup using (true)")
    _facts()
    _tally()


def _here(table: str) -> str:
    return f"{table}.practice_id = {rls.PRACTICE} and {table}.client_id = client"


def _facts() -> None:
    """A row a friend. `employer` tells companies apart, in no order; days are local, instants are not yet.

    Rows of three tables in one heap, grouped by friend: quick even before anything is known of the tables' sizes,
    where joins of what was just imported are not.
    """
    rls.narrow_function(
        "network_facts(client uuid)",
        "table (kind text, liking integer, employer integer, known_from date, known_until date, "
        "last_contact_on date, added_at timestamptz, contacts date[], held timestamptz[])",
        "select min(x.kind), min(x.liking), min(x.employer)::integer, min(x.known_from), min(x.known_until), "
        "min(x.last_contact_on), min(x.created_at), array_agg(x.day) filter (where x.day is not null), "
        "array_agg(x.instant) filter (where x.instant is not null) from ("
        "select f.id as friend, f.kind, f.liking, case when f.company <> '' then dense_rank() over "
        "(order by hashtextextended(lower(f.company), 0)) end as employer, f.known_from, f.known_until, "
        "f.last_contact_on, f.created_at, null::date as day, null::timestamptz as instant "
        f"from friends f where {_here('f')} "
        "union all select t.friend_id, null, null, null, null, null, null, null, t.happened_on, null "
        f"from contacts t where {_here('t')} and t.how <> 'warm_up' "
        "union all select g.friend_id, null, null, null, null, null, null, null, null, g.held_at "
        f"from logs g where {_here('g')}) x where {_MAY_ASK} group by x.friend order by 1, 2, 4",
        "coachhub_web",
    )


def _tally() -> None:
    """A row a kind of tie: what happened from an instant on. `met_again`: written to, and met after that."""
    rls.narrow_function(
        "network_tally(client uuid, since timestamptz)",
        "table (kind text, written integer, answered integer, met_again integer, met integer, meetups integer, "
        "minutes integer, moved integer, help_given integer, help_received integer)",
        "select y.kind, count(y.sent)::integer, (count(*) filter (where y.answered))::integer, "
        "(count(*) filter (where y.last_met >= y.sent))::integer, count(y.last_met)::integer, "
        "sum(y.meetups)::integer, coalesce(sum(y.minutes), 0)::integer, sum(y.moves)::integer, "
        "sum(y.given)::integer, sum(y.received)::integer from ("
        "select min(x.kind) as kind, min(x.sent) as sent, bool_or(x.answered) as answered, max(x.met) as last_met, "
        "count(x.met) as meetups, sum(x.minutes) as minutes, count(x.moved) as moves, "
        "count(*) filter (where x.given) as given, count(*) filter (where x.received) as received from ("
        "select f.id as friend, f.kind, null::timestamptz as sent, null::boolean as answered, "
        "null::timestamptz as met, null::integer as minutes, null::boolean as given, null::boolean as received, "
        f"null::timestamptz as moved from friends f where {_here('f')} "
        "union all select n.friend_id, null, n.sent_at, n.answer is not null, null, null, null, null, null "
        f"from invitations n where {_here('n')} and n.sent_at >= since "
        "union all select u.friend_id, null, null, null, coalesce(g.held_at, u.starts_at), "
        "coalesce(g.minutes, u.minutes), g.help_given <> '', g.help_received <> '', null from meetups u "
        "left join logs g on g.practice_id = u.practice_id and g.meetup_id = u.id "
        f"where {_here('u')} and u.status = 'held' and coalesce(g.held_at, u.starts_at) >= since "
        "union all select u.friend_id, null, null, null, null, null, null, null, w.moved_at from meetup_moves w "
        "join meetups u on u.practice_id = w.practice_id and u.id = w.meetup_id "
        f"where {_here('w')} and w.moved_at >= since) x group by x.friend) y "
        f"where {_MAY_ASK} group by y.kind order by y.kind",
        "coachhub_web",
    )
