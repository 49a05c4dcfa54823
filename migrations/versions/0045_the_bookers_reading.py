"""What the booker's page reads, as functions: a session plans them once, and the policies bind them as ever.

They run as whoever calls them. Planning so many tables through their policies takes longer than reading them, and a
plan that a function keeps needs no prepared statement. It may be made while a table is empty and used when there are
ten thousand rows: so it may not look through a table for each.
"""

from alembic import op

from migrations import rls

revision = "0045"
down_revision = "0043"
branch_labels = None
depends_on = None

_KEEPS_ITS_PLAN = "security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"

_BY_ID = """
create function offering_to_book(practice uuid, offering uuid) returns json language plpgsql stable {how} as $$
begin
    return (
        select json_build_array(
            json_build_array(p.id, p.slug, p.name, p.time_zone, p.currency, p.locale, p.accent,
                coalesce(page.headline, ''), coalesce(page.about, ''), coalesce(page.is_open, true)),
            json_build_array(o.id, o.slug, o.title, o.description, o.status, o.is_hidden, o.is_intro, o.minutes,
                o.price, o.currency, o.place_kind, o.place, o.buffer_before, o.buffer_after, o.notice_minutes,
                o.horizon_days, o.step_minutes, o.daily_limit, o.free_until_minutes, o.late_percent,
                o.move_until_minutes, o.coach_choice, o.position),
            (select coalesce(json_agg(json_build_array(u.id, u.name, coalesce(c.title, '')) order by u.name, u.id),
                    '[]')
                from offering_coaches g
                    join memberships m on m.practice_id = g.practice_id and m.user_id = g.coach_id
                    join users u on u.id = g.coach_id
                    left join coach_profiles c on c.practice_id = g.practice_id and c.coach_id = g.coach_id
                where g.practice_id = o.practice_id and g.offering_id = o.id and m.role <> 'client'))
        from offerings o
            join practices p on p.id = o.practice_id
            left join practice_pages page on page.practice_id = o.practice_id
        where o.practice_id = practice and o.id = offering
    );
end
$$
"""

_BY_SLUGS = """
create function visited_offering(practice_slug text, offering_slug text, since timestamptz, until timestamptz,
    since_day date, until_day date, out practice_id uuid, out answer json)
language plpgsql volatile {how} as $$
declare
    offering_id uuid;
begin
    practice_id := lookup.practice_by_slug(practice_slug);
    perform set_config('app.practice_id', coalesce(practice_id::text, ''), true), set_config('app.user_id', '', true);
    offering_id := (
        select o.id from offerings o where o.practice_id = visited_offering.practice_id and o.slug = offering_slug);
    if offering_id is not null then
        answer := json_build_array(
            offering_to_book(practice_id, offering_id),
            case when since is not null then
                offer_between(practice_id, offering_id, null, null, since, until, since_day, until_day)
            end);
    end if;
end
$$
"""

_TAKEN = """
create function offer_between(practice uuid, offering uuid, only_coach uuid, ignoring uuid, since timestamptz,
    until timestamptz, since_day date, until_day date) returns json
language plpgsql stable {how} as $$
begin
    return (
        select json_build_array(
            o.status,
            json_build_array(o.minutes, o.buffer_before, o.buffer_after, o.notice_minutes, o.horizon_days,
                o.step_minutes, o.daily_limit),
            json_agg(json_build_array(
                c.coach_id, p.time_zone, p.daily_limit,
                (select array_agg(array[h.weekday, h.from_minute, h.until_minute]) from weekly_hours h
                    where h.practice_id = practice and h.coach_id = c.coach_id),
                (select array_agg(array[d.first_day - date '1970-01-01', d.last_day - date '1970-01-01',
                        d.from_minute, d.until_minute])
                    from dated_hours d
                    where d.practice_id = practice and d.coach_id = c.coach_id
                        and d.last_day >= since_day and d.first_day <= until_day),
                (select encode(string_agg(timestamptz_send(b.busy_from) || timestamptz_send(b.busy_until), ''), 'hex')
                    from bookings b
                    where b.practice_id = practice and b.coach_id = c.coach_id and b.status in ('held', 'confirmed')
                        and b.busy_until > since and b.busy_from < until and b.id is distinct from ignoring),
                (select encode(string_agg(timestamptz_send(t.starts_at) || timestamptz_send(t.ends_at), ''), 'hex')
                    from blocked_times t
                    where t.practice_id = practice and t.coach_id = c.coach_id
                        and t.ends_at > since and t.starts_at < until)
            ) order by c.coach_id))
        from offerings o
            join offering_coaches c on c.practice_id = o.practice_id and c.offering_id = o.id
            left join coach_profiles p on p.practice_id = c.practice_id and p.coach_id = c.coach_id
        where o.practice_id = practice and o.id = offering and (only_coach is null or c.coach_id = only_coach)
        group by o.practice_id, o.id
    );
end
$$
"""
_CALLERS = {
    "offering_to_book(uuid, uuid)": "coachhub_web",
    "visited_offering(text, text, timestamptz, timestamptz, date, date)": "coachhub_web",
    "offer_between(uuid, uuid, uuid, uuid, timestamptz, timestamptz, date, date)": rls.APPLICATION,
}


def upgrade() -> None:
    """Make them, for the application alone."""
    for text in (_BY_ID, _BY_SLUGS, _TAKEN):
        op.execute(text.format(how=_KEEPS_ITS_PLAN))
    for signature, callers in _CALLERS.items():
        op.execute(f"revoke all on function {signature} from public")
        op.execute(f"grant execute on function {signature} to {callers}")
