"""Who holds a sign-in token, as one statement: it finds them, binds the transaction to them, and reads who they are.

It runs as the web role. Only the first step passes the policies by, as it always has, and answers with ids; the rest is
read under the policies of the person who was found. A session plans it once.
"""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_SIGNED_IN = """
create function signed_in(token bytea, at timestamptz) returns table (
    login_id uuid, last_seen_at timestamptz, user_id uuid, name text, email text, email_verified_at timestamptz,
    locale text, time_zone text, practice_id uuid, practice_name text, practice_time_zone text, currency text,
    role text, practices bigint, client_id uuid)
language plpgsql volatile security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
    holder record;
begin
    select h.login_id, h.user_id, h.practice_id into holder from lookup.login(token, at) h;
    perform set_config('app.practice_id', coalesce(holder.practice_id::text, ''), true),
        set_config('app.user_id', coalesce(holder.user_id::text, ''), true);
    if holder.login_id is null then
        return;
    end if;
    return query
        select l.id, l.last_seen_at, u.id, u.name, u.email, u.email_verified_at, u.locale, u.time_zone,
            p.id, p.name, p.time_zone, p.currency, m.role,
            (select count(*) from memberships x where x.user_id = u.id),
            (select c.id from clients c where c.practice_id = p.id and c.user_id = u.id)
        from logins l
            join users u on u.id = l.user_id
            join practices p on p.id = l.practice_id
            join memberships m on m.practice_id = p.id and m.user_id = u.id
        where l.id = holder.login_id;
    if not found then
        perform set_config('app.practice_id', '', true), set_config('app.user_id', '', true);
    end if;
end
$$
"""


def upgrade() -> None:
    """Make it, for the web role alone."""
    op.execute(_SIGNED_IN)
    op.execute("revoke all on function signed_in(bytea, timestamptz) from public")
    op.execute("grant execute on function signed_in(bytea, timestamptz) to coachhub_web")
