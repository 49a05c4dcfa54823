"""What lets a page be read along with who asks for it: Today, and how a login that was seen is noted.

`day_around` is as `day_read`, but for the day, because nobody knows yet in which time zone the reader is: it answers
when the coaching sessions around this instant begin, the last before it and the first after it, and when the first
promise of a coach is due. Whether these are of the reader's day is found out by the newest rules of time zones, which
the database need not know. `login_seen` binds the transaction that it begins.
"""

from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

_KEEPS_ITS_PLAN = "language plpgsql security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"
_AROUND = f"""
create function day_around(practice uuid, now_is timestamptz, made json, reader uuid, coach uuid, since timestamptz,
    most_needy integer, most_lately integer)
    returns json {_KEEPS_ITS_PLAN} as $$
declare
    stale json;
    team json;
    is_all boolean;
    whose uuid;
    needy uuid[];
    newest uuid[];
begin
    if made is not null then
        perform keep_standings(practice, made);
    else
        select json_agg(x.client_id) into stale from (
            select s.client_id from standings s where s.practice_id = practice and s.fresh_until <= now_is
            order by s.client_id for update) x;
        if stale is not null then
            return json_build_array(stale);
        end if;
    end if;
    team := (select json_agg(json_build_array(u.id, u.name) order by u.name, u.id)
        from memberships m join users u on u.id = m.user_id where m.practice_id = practice and m.role <> 'client');
    is_all := coach is null or coach = reader and json_array_length(team) = 1;
    whose := case when not is_all then coach end;
    needy := needy_first(practice, whose, most_needy, 0);
    newest := newest_first(practice, whose, since, most_lately, 0);
    return (
        select json_build_array(
            null,
            (select json_agg(json_build_array(s.client_id, s.name, s.standing, s.need, s.need_cause, s.need_since,
                s.need_about, s.address, s.is_booster_due, s.status, s.reason, s.next_step, s.day, s.days_left,
                s.missed) order by x.place)
                from unnest(needy) with ordinality x(client_id, place)
                    join standings s on s.practice_id = practice and s.client_id = x.client_id),
            (select json_agg(json_build_array(s.client_id, s.name, s.time_zone, s.steps))
                from standings s where s.practice_id = practice and s.client_id = any (newest)),
            team,
            is_all,
            (select json_build_array(max(x.starts_at) filter (where x.starts_at <= now_is),
                    min(x.starts_at) filter (where x.starts_at > now_is))
                from coaching_sessions x where x.practice_id = practice
                    and x.starts_at between now_is - interval '2 days' and now_is + interval '2 days'),
            (select min(a.due_on) from actions a where a.practice_id = practice and a.owner = 'coach'
                and a.due_on is not null and a.done_at is null and a.dropped_at is null),
            (select json_build_array(p.status, p.trial_ends_at, p.ends_at, p.grace_until, p.granted_until)
                from practice_plans p where p.practice_id = practice),
            day_counted(practice, whose))
    );
end
$$
"""
_SEEN = f"""
create function login_seen(practice uuid, person uuid, login uuid, at timestamptz) returns void {_KEEPS_ITS_PLAN} as $$
begin
    perform set_config('app.practice_id', practice::text, true), set_config('app.user_id', person::text, true);
    update logins l set last_seen_at = at where l.id = login;
end
$$
"""
_SIGNATURES = (
    "day_around(uuid, timestamptz, json, uuid, uuid, timestamptz, integer, integer)",
    "login_seen(uuid, uuid, uuid, timestamptz)",
)


def upgrade() -> None:
    """Make them, for the web role alone."""
    for text in (_AROUND, _SEEN):
        op.execute(text)
    for signature in _SIGNATURES:
        op.execute(f"revoke all on function {signature} from public")
        op.execute(f"grant execute on function {signature} to coachhub_web")
