"""Who holds a sign-in token, by one narrow function: what `signed_in` of migration 0052 found by two steps.

It reads a few rows by their keys, and the token is what proves whose they may be. So no policy has to be asked about
each of them, and nothing is put together a second time: half of what PostgreSQL took. One row and no set of them, since
a set is laid down before it is read; its columns are empty where nobody holds the token.
"""

from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

# A type with a name: columns that stand with a function are read from text each time, which took a tenth of it.
_HOLDING = """
create type lookup.holding as (
    login_id uuid, last_seen_at timestamptz, user_id uuid, name text, email text, email_verified boolean, locale text,
    time_zone text, practice_id uuid, practice_name text, practice_time_zone text, currency text, role text,
    is_elsewhere boolean, client_id uuid)
"""
# It binds the transaction, so it is `volatile`. Only a client has a row among the clients.
_HOLDER = """
create function lookup.holder(token bytea, at timestamptz) returns lookup.holding
language sql volatile security definer set search_path = public, pg_temp as $$
    select l.id, l.last_seen_at, set_config('app.user_id', l.user_id::text, true)::uuid, u.name, u.email,
        u.email_verified_at is not null, u.locale, u.time_zone,
        set_config('app.practice_id', l.practice_id::text, true)::uuid, p.name, p.time_zone, p.currency, m.role,
        exists (select from memberships x where x.user_id = l.user_id and x.practice_id <> l.practice_id),
        case when m.role = 'client' then
            (select c.id from clients c where c.practice_id = l.practice_id and c.user_id = l.user_id) end
    from logins l
        join users u on u.id = l.user_id
        join practices p on p.id = l.practice_id
        join memberships m on m.practice_id = l.practice_id and m.user_id = l.user_id
    where l.token_hash = token and l.expires_at > at
$$
"""
_SIGNATURE = "lookup.holder(bytea, timestamptz)"


def upgrade() -> None:
    """Make it, for the web role alone."""
    op.execute(_HOLDING)
    op.execute(_HOLDER)
    op.execute(f"revoke all on function {_SIGNATURE} from public")
    op.execute(f"grant execute on function {_SIGNATURE} to coachhub_web")
    # Last: only its owner can say who may call a function, and after this that is no longer who migrates.
    op.execute(f"alter function {_SIGNATURE} owner to coachhub_lookup")
