"""A friend's page of an invitation that nothing has come of yet: what it shows, and when the client is free.

As `reply_followed` of migration 0058, which the version before still asks. Each table is named once; nothing is read
of a meetup where there is none, and of the client's free hours only where no time that was proposed is still ahead.
"""

from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

_KEEPS_ITS_PLAN = "security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"
_SHOWN = f"""
create function reply_shown(practice uuid, invitation uuid, now_is timestamptz,
    out practice_id uuid, out user_id uuid, out client_id uuid, out time_zone text, out answer text, out agreed text,
    out grid text)
language plpgsql volatile {_KEEPS_ITS_PLAN} as $$
declare
    whose record;
    found record;
begin
    select r.client_id, r.user_id into whose from lookup.reply_link(practice, invitation) r;
    perform set_config('app.practice_id', case when whose.client_id is null then '' else practice::text end, true),
        set_config('app.user_id', coalesce(whose.user_id::text, ''), true);
    if whose.client_id is null then
        return;
    end if;
    select c.time_zone, i.proposed_times, met.agreed, met.is_own, json_build_array(i.friend_id, i.place, i.answer,
            i.version, i.sent_at, i.proposed_times, i.counter_times, c.name, friend.time_zone) as told
        into found
        from invitations i
            join clients c on c.practice_id = i.practice_id and c.id = i.client_id
            join friends friend on friend.practice_id = i.practice_id and friend.id = i.friend_id
            cross join lateral (
                select bool_or(m.invitation_id = invitation) as is_own,
                    coalesce(json_agg(json_build_array(m.id, m.starts_at, m.minutes))
                        filter (where m.status = 'scheduled'), '[]') as agreed
                from meetups m
                where m.practice_id = practice and m.client_id = whose.client_id
                    and (m.status = 'scheduled' or m.invitation_id = invitation)) met
        where i.practice_id = practice and i.client_id = whose.client_id and i.id = invitation
            and i.withdrawn_at is null;
    if found.told is null then  -- taken back a moment ago
        perform set_config('app.practice_id', '', true), set_config('app.user_id', '', true);
        return;
    end if;
    practice_id := practice;
    user_id := whose.user_id;
    client_id := whose.client_id;
    time_zone := found.time_zone;
    agreed := found.agreed;
    if found.is_own then
        answer := reply_read(practice, whose.client_id, invitation);
    else
        answer := json_build_array(found.told, null, found.agreed);
    end if;
    if now_is >= all (found.proposed_times) then
        grid := (
            select coalesce(json_agg(json_build_array(h.weekday, h.at) order by h.weekday, h.at), '[]')
            from free_hours h
            where h.practice_id = practice and h.client_id = whose.client_id);
    end if;
end
$$
"""
_SIGNATURE = "reply_shown(uuid, uuid, timestamptz)"


def upgrade() -> None:
    """Make it, for the web role alone."""
    op.execute(_SHOWN)
    op.execute(f"revoke all on function {_SIGNATURE} from public")
    op.execute(f"grant execute on function {_SIGNATURE} to coachhub_web")
