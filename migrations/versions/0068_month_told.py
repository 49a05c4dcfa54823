"""The client's month, read in fewer steps, with what they agreed on with their coach.

As `month_read` of migration 0058, which the version before still asks. A policy of a person's table costs five small
looks for each time that the table is named, whether or not it is looked into: so each is named once where that will do,
and what is seldom needed is a statement of its own. A month's choices are found by the assignment, along an index;
by client alone the whole practice's would be looked through.
"""

from alembic import op

revision = "0068"
down_revision = "0066"
branch_labels = None
depends_on = None

_KEEPS_ITS_PLAN = "security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"
_FRIEND = """json_build_array(f.id, f.name, f.company, f.kind, f.liking, f.known_from, f.known_until,
                f.last_contact_on, f.email, f.phone, f.city, f.notes, f.not_before, f.never_suggest, f.shared,
                f.number, f.title, f.profile, f.time_zone, f.import_id, f.created_at)"""
_SENT = """json_build_array(i.id, i.friend_id, i.sent_at, i.answer, i.proposed_times, i.place, i.ask,
                i.followed_up_at)"""
_MONTH = """
create function month_told(practice uuid, client uuid, oldest date, newest date, waiting timestamptz,
    heard timestamptz, offered timestamptz, thanked timestamptz, most_promises integer) returns json
language plpgsql stable {how} as $$
declare
    whose record;
    chosen record;
    sent record;
    written record;
    meetup json;
    on_its_way json;
    has_friends boolean := true;
    was_active boolean := true;
begin
    select c.user_id, c.name, c.time_zone, c.rests_since, p.half_life_days into whose
    from clients c join practices p on p.id = c.practice_id
    where c.practice_id = practice and c.id = client and c.user_id is not null;
    if not found then
        return null;
    end if;
    select json_agg(json_build_array(x.month, x.friend_id, x.chosen_at, x.dropped_at,
            case when x.dropped_at is null then exists (
                select from meetups m where m.practice_id = practice and m.client_id = client
                    and m.friend_id = x.friend_id and m.status = 'held' and m.ended_at >= x.chosen_at) end,
            case when x.dropped_at is null then (
                select {sent} from invitations i
                where i.practice_id = practice and i.client_id = client and i.friend_id = x.friend_id
                    and greatest(i.sent_at, i.followed_up_at) >= x.chosen_at
                order by i.sent_at desc limit 1) end,
            case when x.dropped_at is null then (select {friend} from friends f
                where f.practice_id = practice and f.client_id = client and f.id = x.friend_id) end)
            order by x.chosen_at desc) as told,
        coalesce(bool_or(x.dropped_at is null), false) as is_somebody
    into chosen
    from assignments a
        join choices x on x.practice_id = practice and x.assignment_id = a.id and x.month >= oldest
    where a.practice_id = practice and a.client_id = client and x.client_id = client;
    if oldest < newest or not chosen.is_somebody then
        select i.friend_id, i.sent_at, {sent} as told into sent
        from invitations i
        where i.practice_id = practice and i.client_id = client
            and greatest(i.sent_at, i.followed_up_at) >= waiting
        order by i.sent_at desc limit 1;
        if found then
            on_its_way := json_build_array(sent.told,
                exists (select from meetups m where m.practice_id = practice and m.client_id = client
                    and m.friend_id = sent.friend_id
                    and (m.status = 'held' and m.ended_at >= sent.sent_at or m.agreed_at >= sent.sent_at)),
                (select {friend} from friends f
                    where f.practice_id = practice and f.client_id = client and f.id = sent.friend_id));
        end if;
    end if;
    meetup := (
        select json_build_array(m.id, m.friend_id, coalesce(f.name, ''), m.starts_at, m.minutes, m.place, m.status,
            m.sequence, m.shared, m.agreed_at, m.ended_at, l.minutes, l.feeling, coalesce(l.learned, ''),
            (select count(*) from meetup_moves v where v.practice_id = practice and v.meetup_id = m.id),
            m.invitation_id, m.cancelled_by)
        from meetups m
            left join friends f on f.practice_id = m.practice_id and f.id = m.friend_id
            left join logs l on l.practice_id = m.practice_id and l.meetup_id = m.id
        where m.practice_id = practice and m.client_id = client and m.status = 'scheduled'
        order by m.starts_at, m.id limit 1);
    select coalesce(bool_or(i.sent_at is not null), false) as anything,
        coalesce(bool_or(i.answer = 'other' and i.withdrawn_at is null and i.answered_at >= offered), false) as offer,
        coalesce(bool_or(i.answered_by = 'friend' and i.answered_at >= heard and i.answer in ('yes', 'no')), false)
            as word
    into written
    from invitations i where i.practice_id = practice and i.client_id = client;
    if chosen.told is null and meetup is null then
        has_friends := exists (select from friends f where f.practice_id = practice and f.client_id = client);
    end if;
    if not written.anything and meetup is null then
        was_active := exists (select from meetups m where m.practice_id = practice and m.client_id = client);
    end if;
    return json_build_array(
        json_build_array(whose.user_id, whose.time_zone, whose.half_life_days, whose.rests_since),
        (select json_agg(json_build_array(a.id, a.habit_id, a.from_month, a.ended_from, a.target, a.minutes,
                (select array_agg(z.month) from assignment_pauses z
                    where z.practice_id = practice and z.assignment_id = a.id),
                (select h.steps from habits h where h.practice_id = practice and h.id = a.habit_id),
                (select json_agg(json_build_array(y.month, y.held, y.minutes, y.moved_out, y.last_held_at,
                        case when y.month >= oldest then
                            json_build_array(y.committed_at, y.chosen_at, y.invited_at, y.agreed_at) end))
                    from cycles y where y.practice_id = practice and y.assignment_id = a.id))
                order by a.from_month)
            from assignments a
            where a.practice_id = practice and a.client_id = client
                and (a.ended_from is null or a.ended_from > a.from_month)),
        meetup, chosen.told, on_its_way,
        (select json_agg(json_build_array(n.month, n.at, n.doing, n.place) order by n.created_at desc)
            from plans n where n.practice_id = practice and n.client_id = client and n.month >= oldest),
        has_friends, was_active, written.offer, written.word,
        (select json_build_array(l.meetup_id, f.name, l.thanked_at)
            from logs l join friends f on f.practice_id = l.practice_id and f.id = l.friend_id
            where l.practice_id = practice and l.client_id = client and l.held_at > thanked
            order by l.held_at desc limit 1),
        (select json_agg(k) from (
            select json_build_array(l.meetup_id, f.name, l.follow_up, l.follow_up_on) as k
            from logs l join friends f on f.practice_id = l.practice_id and f.id = l.friend_id
            where l.practice_id = practice and l.client_id = client and l.follow_up <> ''
                and l.follow_up_done_at is null
            order by l.follow_up_on nulls last, l.held_at desc, l.id limit most_promises) promised),
        (select json_agg(json_build_array(a.id, a.client_id, whose.name, whose.time_zone, a.session_id, a.owner,
                a.coach_id, u.name, a.text, a.due_on, a.created_at, a.done_at, a.done_by, a.dropped_at)
                order by a.due_on nulls last, a.created_at, a.id)
            from actions a join users u on u.id = a.coach_id
            where a.practice_id = practice and a.client_id = client and a.done_at is null and a.dropped_at is null));
end
$$
"""
_SIGNATURE = "month_told(uuid, uuid, date, date, timestamptz, timestamptz, timestamptz, timestamptz, integer)"


def upgrade() -> None:
    """Make it, for the web role alone."""
    op.execute(_MONTH.format(how=_KEEPS_ITS_PLAN, friend=_FRIEND, sent=_SENT))
    op.execute(f"revoke all on function {_SIGNATURE} from public")
    op.execute(f"grant execute on function {_SIGNATURE} to coachhub_web")
