"""The practice page, read with each coach's calendar once, whatever they give.

As `visited_practice` of migration 0058, which the version before still asks. How many bookings a day has is told only
where somebody counts them.
"""

from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

_KEEPS_ITS_PLAN = "security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"
_PRACTICE_PAGE = """
create function practice_visited(practice_slug text, since timestamptz, until timestamptz, since_day date,
    until_day date, counted_from timestamptz, counted_until timestamptz, counted text[],
    out practice_id uuid, out answer json)
language plpgsql volatile {how} as $$
declare
    practice uuid := lookup.practice_by_slug(practice_slug);
    offered record;
    diaries record;
    begun json := '[]';
begin
    perform set_config('app.practice_id', coalesce(practice::text, ''), true), set_config('app.user_id', '', true);
    practice_id := practice;
    if practice is null then
        return;
    end if;
    select json_agg(json_build_array(
            json_build_array(o.id, o.slug, o.title, o.description, o.status, o.is_hidden, o.is_intro,
                o.minutes, o.price, o.currency, o.place_kind, o.place, o.buffer_before, o.buffer_after,
                o.notice_minutes, o.horizon_days, o.step_minutes, o.daily_limit, o.free_until_minutes,
                o.late_percent, o.move_until_minutes, o.coach_choice, o.position), g.coaches)
            order by o.position, o.created_at, o.id) as told,
        coalesce(bool_or(o.daily_limit is not null or cardinality(g.coaches) > 1), false) as counts_days
    into offered
    from offerings o
        left join lateral (
            select array_agg(c.coach_id order by c.coach_id) as coaches from offering_coaches c
            where c.practice_id = practice and c.offering_id = o.id) g on true
    where o.practice_id = practice and o.status = 'open' and not o.is_hidden;
    select json_agg(json_build_array(
            given.coach_id, p.time_zone, p.daily_limit,
            (select array_agg(array[h.weekday, h.from_minute, h.until_minute]) from weekly_hours h
                where h.practice_id = practice and h.coach_id = given.coach_id),
            (select array_agg(array[d.first_day - date '1970-01-01', d.last_day - date '1970-01-01',
                    d.from_minute, d.until_minute])
                from dated_hours d
                where d.practice_id = practice and d.coach_id = given.coach_id
                    and d.last_day >= since_day and d.first_day <= until_day),
            (select encode(string_agg(timestamptz_send(b.busy_from) || timestamptz_send(b.busy_until), ''), 'hex')
                from bookings b
                where b.practice_id = practice and b.coach_id = given.coach_id and b.status in ('held', 'confirmed')
                    and b.busy_until > since and b.busy_from < until),
            (select encode(string_agg(timestamptz_send(t.starts_at) || timestamptz_send(t.ends_at), ''), 'hex')
                from blocked_times t
                where t.practice_id = practice and t.coach_id = given.coach_id
                    and t.ends_at > since and t.starts_at < until))) as told,
        array_agg(given.coach_id) as coaches,
        coalesce(bool_or(p.daily_limit is not null), false) as counts_days
    into diaries
    from (select distinct g.coach_id from offerings o
            join offering_coaches g on g.practice_id = practice and g.offering_id = o.id
            where o.practice_id = practice and o.status = 'open' and not o.is_hidden) given
        left join coach_profiles p on p.practice_id = practice and p.coach_id = given.coach_id;
    if offered.counts_days or diaries.counts_days then
        begun := (
            select coalesce(json_agg(json_build_array(b.coach_id, extract(epoch from b.starts_at), b.offering_id)),
                '[]')
            from bookings b
            where b.practice_id = practice and b.coach_id = any (diaries.coaches)
                and b.starts_at between counted_from and counted_until and b.status = any (counted));
    end if;
    answer := (
        select json_build_array(
            json_build_array(p.id, p.slug, p.name, p.time_zone, p.currency, p.locale, p.accent,
                coalesce(page.headline, ''), coalesce(page.about, ''), coalesce(page.is_open, true)),
            (select json_build_array(l.width, l.height, l.changed_at) from practice_logos l
                where l.practice_id = practice),
            (select coalesce(json_agg(json_build_array(u.name, coalesce(c.title, ''), coalesce(c.about, ''))
                    order by u.name, u.id), '[]')
                from memberships m
                    join users u on u.id = m.user_id
                    left join coach_profiles c on c.practice_id = practice and c.coach_id = m.user_id
                where m.practice_id = practice and m.user_id = any (diaries.coaches) and m.role <> 'client'),
            (select coalesce(json_agg(json_build_array(k.id, k.offering_id, k.slug, k.title, k.description, k.status,
                    k.is_hidden, k.sessions, k.price, k.currency, k.valid_days, k.rolls_over)
                    order by k.sessions, k.created_at, k.id), '[]')
                from packages k where k.practice_id = practice and k.status = 'open' and not k.is_hidden),
            coalesce(offered.told, '[]'), coalesce(diaries.told, '[]'), begun)
        from practices p left join practice_pages page on page.practice_id = p.id
        where p.id = practice
    );
end
$$
"""
_SIGNATURE = "practice_visited(text, timestamptz, timestamptz, date, date, timestamptz, timestamptz, text[])"


def upgrade() -> None:
    """Make it, for the web role alone."""
    op.execute(_PRACTICE_PAGE.format(how=_KEEPS_ITS_PLAN))
    op.execute(f"revoke all on function {_SIGNATURE} from public")
    op.execute(f"grant execute on function {_SIGNATURE} to coachhub_web")
