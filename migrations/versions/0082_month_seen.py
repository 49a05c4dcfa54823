"""The client's month, told with its assignments as one run of text, and without what only a friend's warmth asks for.

As `month_shown` of migration 0076, which the version before still asks. What the months came to is judged once for each
such text, so whoever has met it before need not take it apart. How fast a practice has friendships cool is not read
where a date is ahead and nobody turns to another question: the policy of practices looks at memberships, too, and to
name that table took a fifteenth of what the function takes. The few logs and plans that there may be come in no order:
to set up a sort takes longer than to read them.
"""

from alembic import op

revision = "0082"
down_revision = "0080"
branch_labels = None
depends_on = None

_KEEPS_ITS_PLAN = "security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"
_FRIEND = """json_build_array(f.id, f.name, f.company, f.kind, f.liking, f.known_from, f.known_until,
                f.last_contact_on, f.email, f.phone, f.city, f.notes, f.not_before, f.never_suggest, f.shared,
                f.number, f.title, f.profile, f.time_zone, f.import_id, f.created_at)"""
_SENT = """json_build_array(i.id, i.friend_id, i.sent_at, i.answer, i.proposed_times, i.place, i.ask,
                i.followed_up_at)"""
_MONTH = """
create function month_seen(practice uuid, client uuid, now_is timestamptz, is_asked boolean, waiting interval,
    heard interval, offered interval, thanked interval) returns json
language plpgsql stable {how} as $$
declare
    oldest constant date := date_trunc('month', now_is at time zone 'UTC' - interval '1 day')::date;
    newest date;
    half_life_days integer;
    whose record;
    ahead record;
    written record;
    logged record;
    sent record;
    is_somebody boolean := false;
    has_friends boolean := true;
    was_active boolean := true;
    moves bigint := 0;
    names json;
    choices json;
    on_its_way json;
    agreed_on json;
begin
    select c.user_id, c.time_zone, c.rests_since into whose
    from clients c
    where c.practice_id = practice and c.id = client and c.user_id is not null;
    if not found then
        return null;
    end if;
    select m.* into ahead from meetups m
    where m.practice_id = practice and m.client_id = client and m.status = 'scheduled'
    order by m.starts_at, m.id limit 1;
    if ahead.sequence > 0 then
        moves := (select count(*) from meetup_moves v where v.practice_id = practice and v.meetup_id = ahead.id);
    end if;
    select coalesce(bool_or(i.sent_at is not null), false) as anything,
        coalesce(bool_or(i.answer = 'other' and i.withdrawn_at is null and i.answered_at >= now_is - offered), false)
            as offer,
        coalesce(bool_or(i.answered_by = 'friend' and i.answered_at >= now_is - heard and i.answer in ('yes', 'no')),
            false) as word
    into written
    from invitations i where i.practice_id = practice and i.client_id = client;
    select array_agg(l.friend_id) as friends,
        json_agg(json_build_array(l.meetup_id, l.friend_id, l.held_at, l.held_at > now_is - thanked,
            l.thanked_at is not null, case when l.follow_up_done_at is null then l.follow_up else '' end,
            l.follow_up_on, l.id)) as told
    into logged
    from logs l
    where l.practice_id = practice and l.client_id = client
        and (l.held_at > now_is - thanked or l.follow_up <> '' and l.follow_up_done_at is null);
    if logged.friends is not null or ahead.id is not null then
        names := (select json_object_agg(f.id, f.name) from friends f
            where f.practice_id = practice and f.client_id = client
                and f.id = any(logged.friends || ahead.friend_id));
    end if;
    if is_asked or ahead.id is null or ahead.starts_at <= now_is or written.offer then
        half_life_days := (select p.half_life_days from practices p where p.id = practice);
    end if;
    if is_asked or ahead.id is null or written.offer then
        newest := date_trunc('month', now_is at time zone 'UTC' + interval '1 day')::date;
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
                order by x.chosen_at desc),
            coalesce(bool_or(x.dropped_at is null), false)
        into choices, is_somebody
        from assignments a
            join choices x on x.practice_id = practice and x.assignment_id = a.id and x.month >= oldest
        where a.practice_id = practice and a.client_id = client and x.client_id = client;
        if oldest < newest or not is_somebody then
            select i.friend_id, i.sent_at, {sent} as told into sent
            from invitations i
            where i.practice_id = practice and i.client_id = client
                and greatest(i.sent_at, i.followed_up_at) >= now_is - waiting
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
        if choices is null and ahead.id is null then
            has_friends := exists (select from friends f where f.practice_id = practice and f.client_id = client);
        end if;
        if not written.anything and ahead.id is null then
            was_active := exists (select from meetups m where m.practice_id = practice and m.client_id = client);
        end if;
    end if;
    if exists (select from actions a where a.practice_id = practice and a.client_id = client
            and a.done_at is null and a.dropped_at is null) then
        agreed_on := actions_open(practice, client);
    end if;
    return json_build_array(
        json_build_array(whose.user_id, whose.time_zone, half_life_days, whose.rests_since),
        (select json_agg(json_build_array(a.id, a.habit_id, a.from_month, a.ended_from, a.target, a.minutes,
                (select array_agg(z.month) from assignment_pauses z
                    where z.practice_id = practice and z.assignment_id = a.id),
                (select h.steps from habits h where h.practice_id = practice and h.id = a.habit_id),
                (select json_build_array(max(y.last_held_at),
                        json_agg(json_build_array(y.month, y.held, y.minutes, y.moved_out)),
                        json_agg(json_build_array(y.month, y.committed_at, y.chosen_at, y.invited_at, y.agreed_at))
                            filter (where y.month >= oldest))
                    from cycles y where y.practice_id = practice and y.assignment_id = a.id))
                order by a.from_month)::text
            from assignments a
            where a.practice_id = practice and a.client_id = client
                and (a.ended_from is null or a.ended_from > a.from_month)),
        case when ahead.id is not null then json_build_array(ahead.id, ahead.friend_id, '', ahead.starts_at,
            ahead.minutes, ahead.place, ahead.status, ahead.sequence, ahead.shared, ahead.agreed_at, ahead.ended_at,
            null, null, '', moves, ahead.invitation_id, ahead.cancelled_by) end,
        choices, on_its_way,
        (select json_agg(json_build_array(n.month, n.at, n.doing, n.place, n.created_at))
            from plans n where n.practice_id = practice and n.client_id = client and n.month >= oldest),
        has_friends, was_active, written.offer, written.word, logged.told, names, agreed_on);
end
$$
"""
_SIGNATURE = "month_seen(uuid, uuid, timestamptz, boolean, interval, interval, interval, interval)"


def upgrade() -> None:
    """Make it, for the web role alone."""
    op.execute(_MONTH.format(how=_KEEPS_ITS_PLAN, friend=_FRIEND, sent=_SENT))
    op.execute(f"revoke all on function {_SIGNATURE} from public")
    op.execute(f"grant execute on function {_SIGNATURE} to coachhub_web")
