"""The practice page, of which only what is taken of the coaches' time is read anew for each visitor.

All else that it shows is settled: who they are, what they offer, when they work. A stamp stands beside the practice,
another one with each change of any of that, in the same transaction. It is drawn by lot, so that no database that was
put back comes to one a second time. A web process that names the stamp it has read by is told only what has been taken
since. `practice_visited` of migration 0069 stays for the version before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0078"
down_revision = "0076"
branch_labels = None
depends_on = None

_SETTLED_IN = (
    *("practice_pages", "practice_logos", "coach_profiles", "offerings", "offering_coaches", "packages"),
    *("weekly_hours", "dated_hours"),
)
_TRIGGER = "returns trigger language plpgsql security definer set search_path = public, pg_temp as"
_NEW_STAMP = "update practices set page_stamp = gen_random_uuid() where id"
_FUNCTIONS = {
    "stamp_practice": "new.page_stamp := gen_random_uuid(); return new;",
    "stamp_page": f"{_NEW_STAMP} = coalesce(new.practice_id, old.practice_id); return null;",
    "stamp_page_of_staff": (
        "if new.role <> 'client' or old.role <> 'client' then "
        f"{_NEW_STAMP} = coalesce(new.practice_id, old.practice_id); end if; return null;"
    ),
    "stamp_page_of_person": (
        f"{_NEW_STAMP} in (select m.practice_id from memberships m where m.user_id = new.id and m.role <> 'client'); "
        "return null;"
    ),
}
_KEEPS_ITS_PLAN = "security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"
_SETTLED = f"""
create function page_settled(practice uuid, since_day date, until_day date) returns json
language plpgsql stable {_KEEPS_ITS_PLAN} as $$
declare
    offered record;
    diaries record;
begin
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
                    and d.last_day >= since_day and d.first_day <= until_day))) as told,
        array_agg(given.coach_id) as coaches,
        coalesce(bool_or(p.daily_limit is not null), false) as counts_days
    into diaries
    from (select distinct g.coach_id from offerings o
            join offering_coaches g on g.practice_id = practice and g.offering_id = o.id
            where o.practice_id = practice and o.status = 'open' and not o.is_hidden) given
        left join coach_profiles p on p.practice_id = practice and p.coach_id = given.coach_id;
    return (
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
            coalesce(offered.told, '[]'), coalesce(diaries.told, '[]'),
            coalesce(diaries.coaches, '{{}}'), offered.counts_days or diaries.counts_days)
        from practices p left join practice_pages page on page.practice_id = p.id
        where p.id = practice
    );
end
$$
"""
# The stamp is read first: what is read after it is as new as it says, or newer.
_VISITED = f"""
create function page_visited(practice_slug text, known uuid, coaches uuid[], counted text[],
    since timestamptz, until timestamptz, since_day date, until_day date,
    out practice_id uuid, out stamp uuid, out settled text, out taken text, out begun text)
language plpgsql volatile {_KEEPS_ITS_PLAN} as $$
declare
    found record := lookup.page_by_slug(practice_slug);
    practice uuid;
    told json;
begin
    if found is null then
        perform set_config('app.practice_id', '', true), set_config('app.user_id', '', true);
        return;
    end if;
    practice := found.practice_id;
    practice_id := practice;
    stamp := found.stamp;
    perform set_config('app.practice_id', practice::text, true), set_config('app.user_id', '', true);
    if known is distinct from stamp then
        told := page_settled(practice, since_day, until_day);
        settled := told;
        coaches := array(select json_array_elements_text(told -> 6)::uuid);
        if not (told ->> 7)::boolean then
            counted := null;
        end if;
    end if;
    taken := (
        select json_agg(json_build_array(coach, (
            select encode(string_agg(timestamptz_send(x.since) || timestamptz_send(x.until), ''), 'hex')
            from (
                select b.busy_from, b.busy_until from bookings b
                where b.practice_id = practice and b.coach_id = coach and b.status in ('held', 'confirmed')
                    and b.busy_until > page_visited.since and b.busy_from < page_visited.until
                union all
                select t.starts_at, t.ends_at from blocked_times t
                where t.practice_id = practice and t.coach_id = coach
                    and t.ends_at > page_visited.since and t.starts_at < page_visited.until) x (since, until))))
        from unnest(coaches) coach);
    if counted is not null then
        begun := (
            select json_agg(json_build_array(b.coach_id, extract(epoch from b.starts_at), b.offering_id))
            from bookings b
            where b.practice_id = practice and b.coach_id = any (coaches) and b.status = any (counted)
                and b.starts_at between since - interval '2 days' and until + interval '2 days');
    end if;
end
$$
"""
_CALLERS = (
    "page_settled(uuid, date, date)",
    "page_visited(text, uuid, uuid[], text[], timestamptz, timestamptz, date, date)",
)


def upgrade() -> None:
    """Stamp each practice, have its stamp renewed by whatever settles its page, and make what reads it."""
    stamp = sa.Column("page_stamp", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    op.add_column("practices", stamp)
    _renew()
    rls.narrow_function(
        "page_by_slug(wanted text, out practice_id uuid, out stamp uuid)",
        "record",
        "select id, page_stamp from practices where slug = wanted",
        "coachhub_web",
    )
    for text in (_SETTLED, _VISITED):
        op.execute(text)
    for signature in _CALLERS:
        op.execute(f"revoke all on function {signature} from public")
        op.execute(f"grant execute on function {signature} to coachhub_web")


def _renew() -> None:
    op.execute("grant update (page_stamp) on practices to coachhub_lookup")
    rls.policy("practices", "stamping", "for update to coachhub_lookup using (true) with check (true)")
    for name, body in _FUNCTIONS.items():
        op.execute(f"create function lookup.{name}() {_TRIGGER} $$ begin {body} end $$")
    _trigger("before update on practices", "stamp_practice")
    for table in _SETTLED_IN:
        _trigger(f"after insert or update or delete on {table}", "stamp_page")
    _trigger("after insert or update or delete on memberships", "stamp_page_of_staff")
    _trigger("after update of name on users", "stamp_page_of_person")
    for name in _FUNCTIONS:
        op.execute(f"revoke all on function lookup.{name}() from public")
        op.execute(f"alter function lookup.{name}() owner to coachhub_lookup")


def _trigger(when: str, name: str) -> None:
    op.execute(f"create trigger page_stamped {when} for each row execute function lookup.{name}()")
