"""What the pages of visitors, friends and clients read, as functions: a session plans them once.

They run as whoever calls them, so the policies bind them as ever. The two that follow an address find whose it is,
bind the transaction to it and read, in one statement. Months begin by the newest rules of time zones, which the
database need not know: of what belongs to a month, all is read that may belong to the running one.
"""

from alembic import op

from migrations import rls

revision = "0058"
down_revision = "0056"
branch_labels = None
depends_on = None

_KEEPS_ITS_PLAN = "security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"

_PRACTICE_PAGE = """
create function visited_practice(practice_slug text, since timestamptz, until timestamptz, since_day date,
    until_day date, counted_from timestamptz, counted_until timestamptz, counted text[],
    out practice_id uuid, out answer json)
language plpgsql volatile {how} as $$
begin
    practice_id := lookup.practice_by_slug(practice_slug);
    perform set_config('app.practice_id', coalesce(practice_id::text, ''), true), set_config('app.user_id', '', true);
    answer := (
        with listed as materialized (
            select o.* from offerings o
            where o.practice_id = visited_practice.practice_id and o.status = 'open' and not o.is_hidden
        ), giving as materialized (
            select distinct g.coach_id from listed o
                join offering_coaches g on g.practice_id = o.practice_id and g.offering_id = o.id
        )
        select json_build_array(
            json_build_array(p.id, p.slug, p.name, p.time_zone, p.currency, p.locale, p.accent,
                coalesce(page.headline, ''), coalesce(page.about, ''), coalesce(page.is_open, true)),
            (select json_build_array(l.width, l.height, l.changed_at) from practice_logos l
                where l.practice_id = p.id),
            (select coalesce(json_agg(json_build_array(u.name, coalesce(c.title, ''), coalesce(c.about, ''))
                    order by u.name, u.id), '[]')
                from giving
                    join memberships m on m.practice_id = p.id and m.user_id = giving.coach_id
                    join users u on u.id = giving.coach_id
                    left join coach_profiles c on c.practice_id = p.id and c.coach_id = giving.coach_id
                where m.role <> 'client'),
            (select coalesce(json_agg(json_build_array(k.id, k.offering_id, k.slug, k.title, k.description, k.status,
                    k.is_hidden, k.sessions, k.price, k.currency, k.valid_days, k.rolls_over)
                    order by k.sessions, k.created_at, k.id), '[]')
                from packages k where k.practice_id = p.id and k.status = 'open' and not k.is_hidden),
            (select coalesce(json_agg(json_build_array(
                    json_build_array(o.id, o.slug, o.title, o.description, o.status, o.is_hidden, o.is_intro,
                        o.minutes, o.price, o.currency, o.place_kind, o.place, o.buffer_before, o.buffer_after,
                        o.notice_minutes, o.horizon_days, o.step_minutes, o.daily_limit, o.free_until_minutes,
                        o.late_percent, o.move_until_minutes, o.coach_choice, o.position),
                    offer_between(p.id, o.id, null, null, since, until, since_day, until_day))
                    order by o.position, o.created_at, o.id), '[]')
                from listed o),
            (select coalesce(json_agg(json_build_array(b.coach_id, extract(epoch from b.starts_at), b.offering_id)),
                    '[]')
                from giving join bookings b on b.practice_id = p.id and b.coach_id = giving.coach_id
                where b.starts_at between counted_from and counted_until and b.status = any (counted)))
        from practices p left join practice_pages page on page.practice_id = p.id
        where p.id = visited_practice.practice_id
    );
end
$$
"""
_MEETUP = """json_build_array(m.id, m.friend_id, coalesce(f.name, ''), m.starts_at, m.minutes, m.place, m.status,
                m.sequence, m.shared, m.agreed_at, m.ended_at, l.minutes, l.feeling, coalesce(l.learned, ''),
                (select count(*) from meetup_moves v where v.practice_id = m.practice_id and v.meetup_id = m.id),
                m.invitation_id, m.cancelled_by)"""
_OF_MEETUP = """meetups m
                    left join friends f on f.practice_id = m.practice_id and f.id = m.friend_id
                    left join logs l on l.practice_id = m.practice_id and l.meetup_id = m.id"""
_REPLY = """
create function reply_read(practice uuid, client uuid, invitation uuid) returns json
language plpgsql stable {how} as $$
begin
    return (
        select json_build_array(
            json_build_array(i.friend_id, i.place, i.answer, i.version, i.sent_at, i.proposed_times, i.counter_times,
                c.name, friend.time_zone),
            (select {meetup} from {of_meetup}
                where m.practice_id = practice and m.client_id = client and m.invitation_id = i.id
                order by m.status = 'cancelled', m.agreed_at desc, m.id desc limit 1),
            (select coalesce(json_agg(json_build_array(m.id, m.starts_at)), '[]') from meetups m
                where m.practice_id = practice and m.client_id = client and m.status = 'scheduled'))
        from invitations i
            join clients c on c.practice_id = i.practice_id and c.id = i.client_id
            join friends friend on friend.practice_id = i.practice_id and friend.id = i.friend_id
        where i.practice_id = practice and i.client_id = client and i.id = invitation and i.withdrawn_at is null
    );
end
$$
"""
_FOLLOWED = """
create function reply_followed(practice uuid, invitation uuid) returns table (
    practice_id uuid, user_id uuid, client_id uuid, time_zone text, half_life_days integer, answer json)
language plpgsql volatile {how} as $$
declare
    whose record;
begin
    select r.client_id, r.user_id into whose from lookup.reply_link(practice, invitation) r;
    perform set_config('app.practice_id', case when whose.client_id is null then '' else practice::text end, true),
        set_config('app.user_id', coalesce(whose.user_id::text, ''), true);
    return query
        select p.id, c.user_id, c.id, c.time_zone, p.half_life_days, reply_read(p.id, c.id, invitation)
        from clients c join practices p on p.id = c.practice_id
        where c.practice_id = practice and c.id = whose.client_id and c.user_id is not null;
    if not found then
        perform set_config('app.practice_id', '', true), set_config('app.user_id', '', true);
    end if;
end
$$
"""
_FRIEND = """json_build_array(f.id, f.name, f.company, f.kind, f.liking, f.known_from, f.known_until,
                f.last_contact_on, f.email, f.phone, f.city, f.notes, f.not_before, f.never_suggest, f.shared,
                f.number, f.title, f.profile, f.time_zone, f.import_id, f.created_at)"""
_SENT = """(select json_build_array(i.id, i.friend_id, i.sent_at, i.answer, i.proposed_times, i.place, i.ask,
                i.followed_up_at)
            from invitations i
            where i.practice_id = practice and i.client_id = client
                and greatest(i.sent_at, i.followed_up_at) >= {since} {whom}
            order by i.sent_at desc limit 1)"""
_MONTH = """
create function month_read(practice uuid, client uuid, month date, waiting timestamptz, heard timestamptz,
    offered timestamptz, thanked timestamptz, most_promises integer) returns json
language plpgsql stable {how} as $$
declare
    choices_of_month json := (
        select json_agg(json_build_array(x.month, x.friend_id, x.chosen_at, x.dropped_at,
            case when x.dropped_at is null then exists (
                select from meetups m where m.practice_id = practice and m.client_id = client
                    and m.friend_id = x.friend_id and m.status = 'held' and m.ended_at >= x.chosen_at) end,
            case when x.dropped_at is null then {sent_since} end,
            case when x.dropped_at is null then (select {friend} from friends f
                where f.practice_id = practice and f.client_id = client and f.id = x.friend_id) end)
            order by x.chosen_at desc)
        from choices x
        where x.practice_id = practice and x.client_id = client and x.month >= month_read.month);
begin
    return (
        select json_build_array(
            json_build_array(c.user_id, c.time_zone, p.half_life_days, c.rests_since),
            (select json_agg(json_build_array(a.id, a.habit_id, a.from_month, a.ended_from, a.target, a.minutes,
                    (select array_agg(z.month) from assignment_pauses z
                        where z.practice_id = practice and z.assignment_id = a.id),
                    (select h.steps from habits h where h.practice_id = practice and h.id = a.habit_id),
                    (select json_agg(json_build_array(y.month, y.held, y.minutes, y.moved_out, y.last_held_at,
                            case when y.month >= month_read.month then
                                json_build_array(y.committed_at, y.chosen_at, y.invited_at, y.agreed_at) end))
                        from cycles y where y.practice_id = practice and y.assignment_id = a.id))
                    order by a.from_month)
                from assignments a
                where a.practice_id = practice and a.client_id = client
                    and (a.ended_from is null or a.ended_from > a.from_month)),
            (select {meetup} from {of_meetup}
                where m.practice_id = practice and m.client_id = client and m.status = 'scheduled'
                order by m.starts_at, m.id limit 1),
            choices_of_month,
            (select json_build_array(w.sent,
                    exists (select from meetups m where m.practice_id = practice and m.client_id = client
                        and m.friend_id = (w.sent->>1)::uuid
                        and (m.status = 'held' and m.ended_at >= (w.sent->>2)::timestamptz
                            or m.agreed_at >= (w.sent->>2)::timestamptz)),
                    (select {friend} from friends f
                        where f.practice_id = practice and f.client_id = client and f.id = (w.sent->>1)::uuid))
                from (select {sent_lately} as sent) w
                where w.sent is not null),
            (select json_agg(json_build_array(n.month, n.at, n.doing, n.place) order by n.created_at desc)
                from plans n where n.practice_id = practice and n.client_id = client and n.month >= month_read.month),
            exists (select from friends f where f.practice_id = practice and f.client_id = client),
            exists (select from meetups m where m.practice_id = practice and m.client_id = client)
                or exists (select from invitations i where i.practice_id = practice and i.client_id = client
                    and i.sent_at is not null),
            exists (select from invitations i where i.practice_id = practice and i.client_id = client
                and i.answer = 'other' and i.withdrawn_at is null and i.answered_at >= offered),
            exists (select from invitations i where i.practice_id = practice and i.client_id = client
                and i.answered_by = 'friend' and i.answered_at >= heard and i.answer in ('yes', 'no')),
            (select json_build_array(l.meetup_id, f.name, l.thanked_at)
                from logs l join friends f on f.practice_id = l.practice_id and f.id = l.friend_id
                where l.practice_id = practice and l.client_id = client and l.held_at > thanked
                order by l.held_at desc limit 1),
            (select json_agg(k) from (
                select json_build_array(l.meetup_id, f.name, l.follow_up, l.follow_up_on) as k
                from logs l join friends f on f.practice_id = l.practice_id and f.id = l.friend_id
                where l.practice_id = practice and l.client_id = client and l.follow_up <> ''
                    and l.follow_up_done_at is null
                order by l.follow_up_on nulls last, l.held_at desc, l.id limit most_promises) promised))
        from clients c join practices p on p.id = c.practice_id
        where c.practice_id = practice and c.id = client and c.user_id is not null
    );
end
$$
"""
_ACTIONS = """
create function actions_open(practice uuid, client uuid) returns json language plpgsql stable {how} as $$
begin
    return (
        select json_agg(json_build_array(a.id, a.client_id, c.name, c.time_zone, a.session_id, a.owner, a.coach_id,
            u.name, a.text, a.due_on, a.created_at, a.done_at, a.done_by, a.dropped_at)
            order by a.due_on nulls last, a.created_at, a.id)
        from actions a
            join clients c on c.practice_id = a.practice_id and c.id = a.client_id
            join users u on u.id = a.coach_id
        where a.practice_id = practice and a.client_id = client and a.done_at is null and a.dropped_at is null
    );
end
$$
"""
_PARTS = {
    "how": _KEEPS_ITS_PLAN,
    "meetup": _MEETUP,
    "of_meetup": _OF_MEETUP,
    "friend": _FRIEND,
    "sent_since": _SENT.format(since="x.chosen_at", whom="and i.friend_id = x.friend_id"),
    "sent_lately": _SENT.format(since="waiting", whom=""),
}
_WEB = "coachhub_web"
_CALLERS = {
    "visited_practice(text, timestamptz, timestamptz, date, date, timestamptz, timestamptz, text[])": _WEB,
    "reply_read(uuid, uuid, uuid)": rls.APPLICATION,
    "reply_followed(uuid, uuid)": _WEB,
    "month_read(uuid, uuid, date, timestamptz, timestamptz, timestamptz, timestamptz, integer)": _WEB,
    "actions_open(uuid, uuid)": rls.APPLICATION,
}


def upgrade() -> None:
    """Make them, for the application alone."""
    for text in (_PRACTICE_PAGE, _REPLY, _FOLLOWED, _MONTH, _ACTIONS):
        op.execute(text.format(**_PARTS))
    for signature, callers in _CALLERS.items():
        op.execute(f"revoke all on function {signature} from public")
        op.execute(f"grant execute on function {signature} to {callers}")
